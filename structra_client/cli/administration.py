"""`structra keys` and `structra db`: an operator's commands, which work on the database itself."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import orjson
import typer
from rich.table import Table

from structra_client.cli.connection import state_folder
from structra_client.cli.output import console, errors, friendly_errors
from structra_client.errors import StructraError

if TYPE_CHECKING:
    from stores.postgres.database import Database
    from stores.postgres.users import User

keys = typer.Typer(
    help="Creates, lists and revokes API keys. Needs DATABASE_URL and API_KEY_SECRET.",
    no_args_is_help=True,
)
db = typer.Typer(help="Cares for the database. Needs DATABASE_URL.", no_args_is_help=True)

Email = Annotated[str, typer.Option("--email", help="The account's e-mail address.")]


@keys.command("create")
def create(
    email: Email,
    name: Annotated[str, typer.Option(help="The key's name, to tell it from others.")] = "cli",
    plan: Annotated[
        str, typer.Option(help="Plan of a new account: free, pro, enterprise.")
    ] = "free",
) -> None:
    """Creates a key, and the account when there is none, and prints the key once.

    Example:
      structra keys create --email dev@app.host --name laptop
    """

    async def run() -> str:
        async with _database() as database:
            return await make_key(database, _secret(), email=email, name=name, plan=plan)

    with _explained():
        # Nothing else goes to standard output, so that scripts can take the key from there.
        print(asyncio.run(run()))
    errors.print("Keep the key: it cannot be shown again.", style="dim")


@keys.command("list")
def list_(email: Email) -> None:
    """Lists an account's keys.

    Example:
      structra keys list --email dev@app.host
    """
    from stores.postgres.api_keys import ApiKeys

    async def run() -> None:
        async with _database() as database:
            user = await _user(database, email)
            page = await ApiKeys(database, secret=_secret()).list(user.id, size=100)
        table = Table("id", "name", "begins with", "created", "last used", "state")
        for key in page.items:
            last = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
            state = "revoked" if key.revoked_at else "valid"
            created = f"{key.created_at:%Y-%m-%d %H:%M}"
            table.add_row(str(key.id), key.display_name, key.prefix, created, last, state)
        console.print(table)

    with _explained():
        asyncio.run(run())


@keys.command("revoke")
def revoke(
    key_id: Annotated[UUID, typer.Argument(help="The key's id, as `structra keys list` shows it.")],
    email: Email,
) -> None:
    """Revokes a key. It stops working within 30 seconds on every replica.

    Example:
      structra keys revoke 01998f7e-0000-7000-8000-000000000000 --email dev@app.host
    """
    from stores.postgres.api_keys import ApiKeys

    async def run() -> None:
        async with _database() as database:
            user = await _user(database, email)
            await ApiKeys(database, secret=_secret()).revoke(user.id, key_id)
        console.print(f"Revoked {key_id}")

    with _explained():
        asyncio.run(run())


@keys.command("rotation")
def rotation() -> None:
    """Tells how many keys hang on an earlier API_KEY_SECRET; exits with 1 while some do.

    A key moves to the present secret when it is used. Those that are listed stop working when
    the earlier secret is taken out of API_KEY_OLD_SECRETS: wait, or revoke them.

    Example:
      structra keys rotation
    """
    from stores.postgres.api_keys import ApiKeys, Rotation

    async def run() -> Rotation:
        async with _database() as database:
            return await ApiKeys(database, secret=_secret()).rotation()

    with _explained():
        state = asyncio.run(run())
        console.print(f"under API_KEY_SECRET    {state.current}")
        console.print(f"under an earlier one    {state.remaining}")
        if state.behind:
            table = Table("id", "name", "begins with", "account", "last used")
            for key in state.behind:
                last = f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never"
                owner = str(key.user_id)
                table.add_row(str(key.id), key.display_name, key.prefix, owner, last)
            console.print(table)
    raise typer.Exit(1 if state.remaining else 0)


@db.command("migrate")
def migrate_() -> None:
    """Applies pending migrations. Safe to run twice, and beside running servers.

    Example:
      DATABASE_URL=postgresql://owner:...@db/structra structra db migrate
    """
    from stores.postgres.migrate import migrate

    async def run() -> None:
        async with _database() as database:
            applied = await migrate(database)
        for migration in applied:
            console.print(f"applied {migration.version:04}_{migration.name}")
        console.print("The database is up to date.")

    with _explained():
        asyncio.run(run())


@db.command("status")
def status_() -> None:
    """Lists applied and pending migrations; exits with 1 when some are pending.

    Example:
      structra db status
    """
    from stores.postgres.migrate import status

    async def run() -> bool:
        async with _database() as database:
            found = await status(database)
        for migration in found.applied:
            console.print(f"[green]applied[/]  {migration.version:04}_{migration.name}")
        for migration in found.pending:
            console.print(f"[yellow]pending[/]  {migration.version:04}_{migration.name}")
        return not found.pending

    with _explained():
        is_current = asyncio.run(run())
    raise typer.Exit(0 if is_current else 1)


async def make_key(
    database: Database, secret: str, *, email: str, name: str, plan: str = "free"
) -> str:
    """Returns a new API key of the account with `email`, which is made when there is none.

    Args:
        database: An open database.
        secret: The value of API_KEY_SECRET.
        email: The account's address.
        name: The key's name.
        plan: A new account's plan: "free", "pro" or "enterprise".
    """
    from stores.errors import NotFoundError
    from stores.postgres.api_keys import ApiKeys
    from stores.postgres.states import Plan
    from stores.postgres.users import Users

    users = Users(database)
    try:
        user = await users.get_by_email(email)
    except NotFoundError:
        user = await users.create(email=email, plan=Plan(plan.upper()))
    _, key = await ApiKeys(database, secret=secret).create(user.id, display_name=name)
    return key


@asynccontextmanager
async def _database() -> AsyncIterator[Database]:
    from stores.postgres.database import Database, DatabaseOptions

    url = _setting("DATABASE_URL")
    database = Database(DatabaseOptions(url=url, pool_size=2))
    await database.open(wait=5.0)
    try:
        yield database
    finally:
        await database.close()


async def _user(database: Database, email: str) -> User:
    from stores.postgres.users import Users

    return await Users(database).get_by_email(email)


def _secret() -> str:
    return _setting("API_KEY_SECRET")


def _setting(name: str) -> str:
    """Returns a setting: from the environment, a file it names, or the stack running here.

    Raises:
        ValueError: Saying how to give it.
    """
    value = os.environ.get(name)
    if not value and os.environ.get(f"{name}_FILE"):
        value = Path(os.environ[f"{name}_FILE"]).read_text("utf-8").strip()
    if not value:
        state = state_folder() / "state.json"
        if state.exists():
            value = orjson.loads(state.read_bytes())["environment"].get(name)
    if not value:
        raise ValueError(
            f"{name} is not set: set it as for the server, or start the embedded stack with"
            " `structra up`."
        )
    return value


@contextmanager
def _explained() -> Iterator[None]:
    """Shows the stores' errors as the service's are shown."""
    from stores.errors import StoreError

    with friendly_errors():
        try:
            yield
        except StoreError as error:
            raise StructraError("FAILED_PRECONDITION", str(error)) from error
