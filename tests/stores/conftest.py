"""Fixtures of the stores' tests."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from uuid import UUID

import pytest

from deploy.embedded import EmbeddedStack, StackOptions
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.submissions import Submission
from stores.postgres.users import Users


@pytest.fixture
async def database(postgres_url: str) -> AsyncIterator[Database]:
    """An open, migrated database."""
    opened = Database(DatabaseOptions(postgres_url, pool_size=10))
    await opened.open()
    await migrate(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def tenant(database: Database) -> UUID:
    """The id of an account."""
    return (await Users(database).create(email="ada@example.org")).id


@pytest.fixture
def submission() -> Callable[..., Submission]:
    """Makes requests that are unlike all others, except for what is given."""

    def make(**changes: object) -> Submission:
        values: dict[str, object] = {
            "fingerprint": os.urandom(32),
            "exact_key": os.urandom(32),
            "spec": b"spec",
        }
        return Submission(**{**values, **changes})

    return make


@pytest.fixture
def private_stack(
    stack_folder: Path,
) -> Callable[[str], AbstractAsyncContextManager[EmbeddedStack]]:
    """Runs one real server that a test may stop and start again."""

    def run(part: str) -> AbstractAsyncContextManager[EmbeddedStack]:
        folder = stack_folder / part
        return EmbeddedStack(
            StackOptions(parts=[part], state_dir=folder, standard_ports=False, durable=False)
        )

    return run
