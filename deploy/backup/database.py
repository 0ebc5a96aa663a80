"""The databases that backups are made of and restored into."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import asyncpg

from deploy.backup.contents import list_tables
from deploy.backup.errors import NotPermittedError, ServerTooOldError
from stores.postgres.servers import split_hosts
from stores.postgres.url import parse_url

# libpq's names for what else a URL may say.
_VARIABLES = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
}
# Databases to be in while others are created, renamed and dropped.
_MAINTENANCE = ("postgres", "template1")


def libpq_environment(url: str) -> dict[str, str]:
    """Returns a connection URL as the variables that PostgreSQL's programs read."""
    plain = parse_url(url).url
    servers = [urlsplit(each) for each in split_hosts(plain)]
    parts = servers[0]
    ports = [str(each.port or "") for each in servers]
    values = {
        "PGHOST": ",".join(each.hostname or "" for each in servers),
        "PGPORT": ",".join(ports) if any(ports) else None,
        "PGUSER": unquote(parts.username) if parts.username else None,
        "PGPASSWORD": unquote(parts.password) if parts.password else None,
        "PGDATABASE": name_of(url),
        "PGAPPNAME": "structra-backup",
    }
    for name, value in parse_qsl(parts.query):
        if name in _VARIABLES:
            values[_VARIABLES[name]] = value
    return {name: value for name, value in values.items() if value}


def name_of(url: str) -> str:
    """Returns the database's name."""
    return unquote(urlsplit(url).path.lstrip("/"))


def at(url: str, name: str) -> str:
    """Returns the URL of another database of the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Any]:
    """Opens a driver connection that also works through PgBouncer."""
    connection = await asyncpg.connect(parse_url(url).url, statement_cache_size=0, timeout=10)
    try:
        yield connection
    finally:
        await connection.close(timeout=10)


async def server_version(connection: Any) -> int:
    """Returns PostgreSQL's number, for example 180006."""
    return int(await connection.fetchval("SHOW server_version_num"))


async def exists(url: str) -> bool:
    """Returns whether the database is there."""
    try:
        async with connected(url):
            return True
    except asyncpg.InvalidCatalogNameError:
        return False


async def count_tables(url: str) -> int:
    """Returns how many tables the database holds."""
    async with connected(url) as connection:
        return len(await list_tables(connection))


async def require_version(url: str, least: int) -> None:
    """Raises ServerTooOldError when the server's major version is below that of `least`."""
    async with maintaining(url) as connection:
        version = await server_version(connection)
    if version // 10000 < least // 10000:
        raise ServerTooOldError(version // 10000, least // 10000)


@asynccontextmanager
async def maintaining(url: str) -> AsyncIterator[Any]:
    """Opens a connection to another database of the server, from where to create and drop."""
    async with AsyncExitStack() as stack:
        for name in _MAINTENANCE:
            try:
                connection = await stack.enter_async_context(connected(at(url, name)))
            except (asyncpg.InvalidCatalogNameError, asyncpg.InsufficientPrivilegeError):
                if name == _MAINTENANCE[-1]:
                    raise
            else:
                yield connection
                return


async def create(url: str) -> None:
    """Creates the database, empty. Raises NotPermittedError."""
    async with maintaining(url) as connection:
        try:
            # Not template1: what somebody put there would be in the way.
            await connection.execute(
                f"CREATE DATABASE {quoted(name_of(url))} TEMPLATE template0 ENCODING 'UTF8'"
            )
        except asyncpg.InsufficientPrivilegeError as error:
            raise NotPermittedError("create a database", str(error)) from error


async def drop(url: str) -> None:
    """Drops the database with whoever is connected, if it is there."""
    async with maintaining(url) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {quoted(name_of(url))} WITH (FORCE)")


@asynccontextmanager
async def scratch(url: str, suffix: str) -> AsyncIterator[str]:
    """Lends the URL of an empty database beside the named one, which is dropped afterwards."""
    made = at(url, f"structra_verify_{suffix}")
    await drop(made)
    await create(made)
    try:
        yield made
    finally:
        await drop(made)


async def swap(fresh: str, target: str, *, kept_as: str) -> None:
    """Gives `fresh` the name of `target`, and `target` the name `kept_as`, both or neither."""
    async with maintaining(target) as connection:
        names = [name_of(fresh), name_of(target)]
        # Nobody may come back between being sent away and the new name.
        await connection.execute(f"ALTER DATABASE {quoted(names[1])} ALLOW_CONNECTIONS false")
        try:
            await connection.fetch(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
                "WHERE datname = ANY($1) AND pid <> pg_backend_pid()",
                names,
            )
            async with connection.transaction():
                await connection.execute(
                    f"ALTER DATABASE {quoted(names[1])} RENAME TO {quoted(kept_as)}"
                )
                await connection.execute(
                    f"ALTER DATABASE {quoted(names[0])} RENAME TO {quoted(names[1])}"
                )
        finally:
            old = kept_as if await _is_there(connection, kept_as) else names[1]
            await connection.execute(f"ALTER DATABASE {quoted(old)} ALLOW_CONNECTIONS true")


async def _is_there(connection: Any, name: str) -> bool:
    found = await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name)
    return found is not None


def quoted(name: str) -> str:
    """Returns a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
