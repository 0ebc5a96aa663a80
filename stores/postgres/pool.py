"""A pool of connections to what one URL names."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import asyncpg
import orjson
import structlog

from stores.errors import StoreUnavailableError
from stores.postgres.connection import Connection, Observer
from stores.postgres.failures import DRIVER_ERRORS, translate
from stores.postgres.options import DatabaseOptions
from stores.postgres.servers import Servers
from stores.postgres.url import parse_url

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PoolStats:
    """How full a pool is, in connections."""

    size: int
    idle: int
    limit: int


class Pool:
    """Lends connections, and replaces those that died. Raises the errors of `stores.errors`."""

    def __init__(
        self,
        url: str,
        options: DatabaseOptions,
        *,
        observer: Observer | None = None,
        command_timeout: float | None = None,
    ) -> None:
        self._target = parse_url(url)
        self._options = options
        self._observer = observer
        self._command_timeout = command_timeout or options.command_timeout
        self._servers = Servers(self._target.url, connect_timeout=options.connect_timeout)
        self._pool: Any = None

    @property
    def bounced(self) -> bool:
        """Whether a transaction-mode PgBouncer stands before the server."""
        return self._options.pgbouncer or self._target.pgbouncer

    @property
    def wants_standby(self) -> bool:
        """Whether the URL asks for a replica and nothing else."""
        return "target_session_attrs=standby" in self._target.url

    async def open(self, *, min_size: int) -> None:
        """Opens `min_size` connections. Raises the driver's error when that fails."""
        size = self._target.pool_size or self._options.pool_size
        self._pool = await asyncpg.create_pool(
            connect=self._servers.connect,
            min_size=min(min_size, size),
            max_size=size,
            max_inactive_connection_lifetime=self._options.idle_connection_lifetime,
            init=_set_codecs,
            reset=_reset,
            **self._arguments(),
        )

    def take(self) -> Any:
        """Takes the driver's pool out of use and returns it, for closing; None when not open."""
        pool, self._pool = self._pool, None
        return pool

    async def connect(self) -> Any:
        """Opens a driver connection outside the pool. The caller closes it."""
        try:
            return await self._servers.connect(**self._arguments())
        except (*DRIVER_ERRORS, TimeoutError) as error:
            raise translate(error) from error

    async def renew(self) -> None:
        """Has every connection replaced at its next use, as its server may be another now."""
        if self._pool is not None:
            await self._pool.expire_connections()

    def stats(self) -> PoolStats:
        """Returns how full the pool is; zeros while it is not open."""
        if self._pool is None:
            return PoolStats(0, 0, 0)
        return PoolStats(
            self._pool.get_size(), self._pool.get_idle_size(), self._pool.get_max_size()
        )

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """Lends a connection."""
        # `take` may empty the attribute while the connection is out.
        pool = self._pool
        if pool is None:
            raise StoreUnavailableError("postgres", "the pool is not open")
        started = perf_counter()
        limit = self._target.acquire_timeout or self._options.acquire_timeout
        try:
            raw = await pool.acquire(timeout=limit)
        except DRIVER_ERRORS as error:
            raise translate(error) from error
        if self._observer is not None:
            self._observer.acquired(perf_counter() - started)
        try:
            yield Connection(raw, self._observer, self._local_settings())
        finally:
            try:
                await pool.release(raw)
            except DRIVER_ERRORS as error:
                # The connection died; the pool has dropped it and will open another.
                _log.info("postgres_connection_lost", detail=str(error))

    def _timeouts(self) -> dict[str, str]:
        options = self._options
        return {
            "statement_timeout": str(round(options.statement_timeout * 1000)),
            "lock_timeout": str(round(options.lock_timeout * 1000)),
            "idle_in_transaction_session_timeout": str(
                round(options.idle_in_transaction_timeout * 1000)
            ),
        }

    def _local_settings(self) -> str:
        if not self.bounced:
            return ""
        return "; ".join(f"SET LOCAL {name} = {value}" for name, value in self._timeouts().items())

    def _arguments(self) -> dict[str, Any]:
        # Short statements never gain from JIT, and the driver's own catalogue queries lose by it.
        settings = {} if self.bounced else {**self._timeouts(), "jit": "off"}
        return {
            "command_timeout": self._command_timeout,
            "statement_cache_size": 0 if self.bounced else 256,
            "server_settings": {"application_name": self._options.application_name, **settings},
        }


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
