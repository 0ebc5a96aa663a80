"""Fixtures of the stores' tests."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
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
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], AbstractAsyncContextManager[EmbeddedStack]]:
    """Runs one real server that a test may stop and start again."""

    @asynccontextmanager
    async def run(part: str) -> AsyncIterator[EmbeddedStack]:
        folder: Path = tmp_path_factory.mktemp(part)
        # PostgreSQL runs as another user when the tests run as root.
        for parent in (folder, *folder.parents[:3]):
            if parent.stat().st_uid == os.getuid():
                parent.chmod(0o755)
        options = StackOptions(parts=[part], state_dir=folder, standard_ports=False, durable=False)
        async with EmbeddedStack(options) as stack:
            yield stack

    return run
