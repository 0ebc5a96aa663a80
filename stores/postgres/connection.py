"""One borrowed connection: typed calls, translated errors, measured time."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from time import perf_counter
from typing import Any, Protocol, TypeAlias

from stores.postgres.failures import DRIVER_ERRORS, translate

# The driver takes no "none" when the pool has a limit.
_LONGEST = 86_400.0

# A row as the driver returns it: values by column name or position.
Row: TypeAlias = Any


class Observer(Protocol):
    """Receives measurements; implemented by the process's metrics."""

    def acquired(self, seconds: float) -> None:
        """Takes the time that a caller waited for a connection."""

    def queried(self, seconds: float, *, failed: bool) -> None:
        """Takes the time that one statement took."""


class Queryable(Protocol):
    """What can run statements: a connection, or the whole database in one-statement units."""

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Returns all rows."""
        ...

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """Returns the first row, or None."""
        ...

    async def fetchval(self, query: str, *args: object) -> Any:
        """Returns the first row's first value, or None."""
        ...

    async def execute(self, query: str, *args: object) -> str:
        """Runs a statement and returns its command tag, for example "UPDATE 1"."""
        ...


class Connection:
    """A borrowed connection. Its methods raise the errors of `stores.errors`.

    `local_settings` is a statement that sets limits in each transaction, for sessions that
    belong to somebody else afterwards, as behind a transaction-mode PgBouncer. Single statements
    there have the role's own limits (deploy/database/roles.sql) and the driver's time limit. The
    driver keeps a server connection from preparing a statement until it has run, so that other
    clients cannot get between.
    """

    def __init__(self, raw: Any, observer: Observer | None, local_settings: str = "") -> None:
        self._raw = raw
        self._observer = observer
        self._local_settings = local_settings

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Returns all rows."""
        rows: list[Row] = await self._run(self._raw.fetch, query, *args)
        return rows

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """Returns the first row, or None."""
        return await self._run(self._raw.fetchrow, query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:
        """Returns the first row's first value, or None."""
        return await self._run(self._raw.fetchval, query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """Runs a statement (several, when there are no arguments); returns the command tag."""
        tag: str = await self._run(self._raw.execute, query, *args)
        return tag

    async def execute_long(self, query: str) -> None:
        """Runs statements that may take hours, without the driver's time limit."""
        await self._run(partial(self._raw.execute, timeout=_LONGEST), query)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Runs the body in a transaction; inside another one, in a savepoint.

        Commits at the end, rolls back when the body raises.
        """
        outermost = not self._raw.is_in_transaction()
        transaction = self._raw.transaction()
        await self._run(transaction.start)
        try:
            if outermost and self._local_settings:
                await self.execute(self._local_settings)
            yield
        except BaseException:
            if not self._raw.is_closed():
                await self._run(transaction.rollback)
            raise
        await self._run(transaction.commit)

    async def _run(self, call: Any, *args: object) -> Any:
        started = perf_counter()
        failed = True
        try:
            result = await call(*args)
            failed = False
        except DRIVER_ERRORS as error:
            raise translate(error) from error
        finally:
            if self._observer is not None:
                self._observer.queried(perf_counter() - started, failed=failed)
        return result
