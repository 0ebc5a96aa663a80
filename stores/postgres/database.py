"""PostgreSQL: a primary, optionally a read replica, and recovery from the loss of both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import structlog

from stores.errors import StoreUnavailableError
from stores.postgres.connection import Connection, Observer, Row
from stores.postgres.failures import DRIVER_ERRORS, translate
from stores.postgres.options import DatabaseOptions
from stores.postgres.pool import Pool, PoolStats
from stores.postgres.replica import Replica
from stores.postgres.url import writable_url

__all__ = ["Database", "DatabaseOptions", "PoolStats"]

_log = structlog.get_logger(__name__)


class Database:
    """Runs statements and transactions on PostgreSQL.

    Connections that die are replaced on the next use, so a restarted server needs no
    restart of this process. Every method raises the errors of `stores.errors`.
    """

    def __init__(self, options: DatabaseOptions, *, observer: Observer | None = None) -> None:
        self._options = options
        self._primary = Pool(writable_url(options.url), options, observer=observer)
        self._direct = (
            Pool(writable_url(options.direct_url), options) if options.direct_url else self._primary
        )
        self._replica_pool: Pool | None = None
        self._watch_pool: Pool | None = None
        self._replica: Replica | None = None
        if options.read_url:
            self._replica_pool = Pool(
                options.read_url, options, observer=observer, command_timeout=options.read_timeout
            )
            # A pool that is exhausted must not make the replica look stale.
            watching = replace(
                options, pool_size=1, application_name=f"{options.application_name}-lag"
            )
            self._watch_pool = Pool(writable_url(options.url), watching)
            self._replica = Replica(
                self._replica_pool, self._watch_pool, max_lag=options.read_max_lag
            )

    async def open(self, *, wait: float = 30.0) -> None:
        """Connects; tries again for up to `wait` seconds while the server is not reachable.

        Raises StoreUnavailableError when it stays so. A wrong password or a missing
        database raises the driver's error at once, because waiting does not help.
        """
        deadline = monotonic() + wait
        delay = 0.1
        while True:
            try:
                await self._primary.open(min_size=self._options.pool_min_size)
                break
            except (*DRIVER_ERRORS, TimeoutError) as error:
                translated = translate(error)
                if not isinstance(translated, StoreUnavailableError) or monotonic() > deadline:
                    raise translated from error
                _log.info("postgres_not_ready", detail=str(error), retry_in=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 2.0)
        # No connection yet: a replica that is down must not hold up the start.
        for pool in filter(None, (self._replica_pool, self._watch_pool)):
            await pool.open(min_size=0)
        if self._replica is not None:
            self._replica.start()

    async def close(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - of the drain only
        """Waits up to `timeout` seconds for borrowed connections, then drops them."""
        if self._replica is not None:
            await self._replica.close()
        owned = (self._primary, self._replica_pool, self._watch_pool)
        for pool in [driver for each in owned if each is not None and (driver := each.take())]:
            try:
                await asyncio.wait_for(pool.close(), timeout)
            except (TimeoutError, *DRIVER_ERRORS):
                pool.terminate()

    async def ping(self) -> None:
        """Raises StoreUnavailableError unless the primary answers within two seconds."""
        try:
            async with asyncio.timeout(2.0):
                await self.fetchval("SELECT 1")
        except TimeoutError as error:
            raise translate(error) from error

    def stats(self) -> PoolStats:
        """Returns how full the primary's pool is; zeros before `open`."""
        return self._primary.stats()

    @property
    def replica_lag(self) -> float | None:
        """How far the read replica may be behind, in seconds; None when none is configured.

        Infinity while it cannot be reached. Reads leave it above `read_max_lag`.
        """
        return None if self._replica is None else self._replica.lag

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """Lends a connection to the primary."""
        async with self._primary.lend() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """Lends a connection to the primary with a READ COMMITTED transaction open."""
        async with self.acquire() as connection, connection.transaction():
            yield connection

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Returns all rows of a statement on the primary."""
        async with self.acquire() as connection:
            return await connection.fetch(query, *args)

    async def fetchrow(self, query: str, *args: object) -> Row | None:
        """Returns the first row of a statement on the primary, or None."""
        async with self.acquire() as connection:
            return await connection.fetchrow(query, *args)

    async def fetchval(self, query: str, *args: object) -> Any:
        """Returns the first value of a statement on the primary, or None."""
        async with self.acquire() as connection:
            return await connection.fetchval(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """Runs a statement on the primary; returns its command tag."""
        async with self.acquire() as connection:
            return await connection.execute(query, *args)

    async def fetch_stale(self, query: str, *args: object) -> list[Row]:
        """Returns all rows of a read that may lag behind by `read_max_lag` seconds.

        It goes to the replica when there is one that is known to be no further behind, and to
        the primary while there is none. Never use it for what a caller has just written.
        """
        if self._replica is not None and self._replica.usable:
            try:
                return await self._replica.fetch(query, *args)
            except StoreUnavailableError as error:
                _log.info("postgres_read_falls_back", detail=error.detail)
        return await self.fetch(query, *args)

    @property
    def listens(self) -> bool:
        """False behind PgBouncer, whose server connections belong to nobody for long."""
        return not self._direct.bounced

    async def connect(self) -> Any:
        """Opens a driver connection outside the pool, for LISTEN. The caller closes it."""
        return await self._direct.connect()
