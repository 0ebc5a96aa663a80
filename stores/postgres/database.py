"""The PostgreSQL pool: a primary, optionally a read replica, and recovery from both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic, perf_counter
from typing import Any

import asyncpg
import orjson
import structlog

from stores.errors import StoreUnavailableError
from stores.postgres.connection import Connection, Observer, Row
from stores.postgres.failures import DRIVER_ERRORS, translate
from stores.postgres.url import ConnectionUrl, parse_url

_log = structlog.get_logger(__name__)

# How long reads go to the primary after the replica failed, in seconds.
_REPLICA_PAUSE = 5.0


@dataclass(frozen=True, slots=True)
class DatabaseOptions:
    """How to connect. Times are in seconds.

    `pgbouncer` switches off what a transaction-mode PgBouncer cannot carry: named
    prepared statements and session settings (timeouts are then set in each
    transaction). A `connection_limit`, `pool_timeout` or `pgbouncer` in the URL wins.
    """

    url: str
    read_url: str | None = None
    pool_size: int = 10
    pool_min_size: int = 1
    acquire_timeout: float = 5.0
    connect_timeout: float = 5.0
    command_timeout: float = 30.0
    statement_timeout: float = 20.0
    lock_timeout: float = 5.0
    idle_in_transaction_timeout: float = 30.0
    idle_connection_lifetime: float = 300.0
    pgbouncer: bool = False
    application_name: str = "structra"


@dataclass(frozen=True, slots=True)
class PoolStats:
    """How full a pool is, in connections."""

    size: int
    idle: int
    limit: int


class Database:
    """Runs statements and transactions on PostgreSQL.

    Connections that die are replaced on the next use, so a restarted server needs no
    restart of this process. Every method raises the errors of `stores.errors`.
    """

    def __init__(self, options: DatabaseOptions, *, observer: Observer | None = None) -> None:
        self._options = options
        self._primary = parse_url(options.url)
        self._replica = parse_url(options.read_url) if options.read_url else None
        self._observer = observer
        self._pool: Any = None
        self._read_pool: Any = None
        self._replica_paused_until = 0.0

    async def open(self, *, wait: float = 30.0) -> None:
        """Connects; tries again for up to `wait` seconds while the server is not reachable.

        Raises StoreUnavailableError when it stays so. A wrong password or a missing
        database raises the driver's error at once, because waiting does not help.
        """
        deadline = monotonic() + wait
        delay = 0.1
        while True:
            try:
                self._pool = await self._create_pool(
                    self._primary, min_size=self._options.pool_min_size
                )
                break
            except DRIVER_ERRORS as error:
                translated = translate(error)
                if not isinstance(translated, StoreUnavailableError) or monotonic() > deadline:
                    raise translated from error
                _log.info("postgres_not_ready", detail=str(error), retry_in=delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, 2.0)
        if self._replica is not None:
            # No connection yet: a replica that is down must not hold up the start.
            self._read_pool = await self._create_pool(self._replica, min_size=0)

    async def close(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - of the drain only
        """Waits up to `timeout` seconds for borrowed connections, then drops them."""
        pools = [pool for pool in (self._pool, self._read_pool) if pool is not None]
        self._pool = self._read_pool = None
        for pool in pools:
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
        if self._pool is None:
            return PoolStats(0, 0, 0)
        return PoolStats(
            self._pool.get_size(), self._pool.get_idle_size(), self._pool.get_max_size()
        )

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Connection]:
        """Lends a connection to the primary."""
        async with self._lend(self._pool, self._primary) as connection:
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
        """Returns all rows of a read that may lag behind: from the replica when there is one.

        Falls back to the primary while the replica is unreachable.
        """
        if (
            self._replica is not None
            and self._read_pool is not None
            and monotonic() >= self._replica_paused_until
        ):
            try:
                async with self._lend(self._read_pool, self._replica) as connection:
                    return await connection.fetch(query, *args)
            except StoreUnavailableError as error:
                self._replica_paused_until = monotonic() + _REPLICA_PAUSE
                _log.warning("postgres_replica_unavailable", detail=error.detail)
        return await self.fetch(query, *args)

    @property
    def listens(self) -> bool:
        """False behind PgBouncer, whose server connections belong to nobody for long."""
        return not self._bounced(self._primary)

    async def connect(self) -> Any:
        """Opens a driver connection outside the pool, for LISTEN. The caller closes it."""
        try:
            return await asyncpg.connect(self._primary.url, **self._arguments(self._primary))
        except DRIVER_ERRORS as error:
            raise translate(error) from error

    @asynccontextmanager
    async def _lend(self, pool: Any, target: ConnectionUrl) -> AsyncIterator[Connection]:
        if pool is None:
            raise StoreUnavailableError("postgres", "the pool is not open")
        started = perf_counter()
        limit = target.acquire_timeout or self._options.acquire_timeout
        try:
            raw = await pool.acquire(timeout=limit)
        except DRIVER_ERRORS as error:
            raise translate(error) from error
        if self._observer is not None:
            self._observer.acquired(perf_counter() - started)
        try:
            yield Connection(raw, self._observer, self._local_settings(target))
        finally:
            try:
                await pool.release(raw)
            except DRIVER_ERRORS as error:
                # The connection died; the pool has dropped it and will open another.
                _log.info("postgres_connection_lost", detail=str(error))

    def _bounced(self, target: ConnectionUrl) -> bool:
        return self._options.pgbouncer or target.pgbouncer

    def _timeouts(self) -> dict[str, str]:
        options = self._options
        return {
            "statement_timeout": str(round(options.statement_timeout * 1000)),
            "lock_timeout": str(round(options.lock_timeout * 1000)),
            "idle_in_transaction_session_timeout": str(
                round(options.idle_in_transaction_timeout * 1000)
            ),
        }

    def _local_settings(self, target: ConnectionUrl) -> tuple[str, ...]:
        if not self._bounced(target):
            return ()
        return tuple(f"SET LOCAL {name} = {value}" for name, value in self._timeouts().items())

    def _arguments(self, target: ConnectionUrl) -> dict[str, Any]:
        bounced = self._bounced(target)
        # Short statements never gain from JIT, and the driver's own catalogue queries lose by it.
        settings = {} if bounced else {**self._timeouts(), "jit": "off"}
        return {
            "timeout": self._options.connect_timeout,
            "command_timeout": self._options.command_timeout,
            "statement_cache_size": 0 if bounced else 256,
            "server_settings": {"application_name": self._options.application_name, **settings},
        }

    async def _create_pool(self, target: ConnectionUrl, *, min_size: int) -> Any:
        size = target.pool_size or self._options.pool_size
        return await asyncpg.create_pool(
            target.url,
            min_size=min(min_size, size),
            max_size=size,
            max_inactive_connection_lifetime=self._options.idle_connection_lifetime,
            init=_set_codecs,
            reset=_reset,
            **self._arguments(target),
        )


async def _set_codecs(raw: Any) -> None:
    await raw.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=_encode_jsonb,
        decoder=orjson.loads,
        format="text",
    )


def _encode_jsonb(value: object) -> str:
    """Serializes `value`; a string is taken to be JSON already, as PgQueuer passes it."""
    return value if isinstance(value, str) else orjson.dumps(value).decode()


async def _reset(raw: Any) -> None:
    """Leaves the session as it is: nothing here changes session state.

    The driver's default sends four statements after every use, which doubles the
    round trips of a one-statement call. It still rolls back an open transaction.
    """
