"""The connection to Redis: short timeouts, a circuit, scripts, typed errors."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    NoScriptError,
    ReadOnlyError,
    RedisError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from runtime.circuit import Circuit
from stores.errors import StoreTimeoutError, StoreUnavailableError

_UNAVAILABLE = (
    RedisConnectionError,
    AuthenticationError,
    BusyLoadingError,
    ReadOnlyError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class RedisOptions:
    """How to connect. Times are in seconds.

    `password` wins over one in the URL. At most `connections` calls are under way at once;
    others wait for their turn.
    """

    url: str
    password: str | None = None
    timeout: float = 0.25
    connect_timeout: float = 0.5
    connections: int = 32


class Script:
    """A Lua script, known to the server by its digest."""

    def __init__(self, source: str) -> None:
        self.source = source
        # Redis itself names scripts by SHA-1.
        self.digest = hashlib.sha1(source.encode()).hexdigest()  # noqa: S324


class RedisStore:
    """Runs commands. While Redis is away, they fail in microseconds with StoreUnavailableError.

    It recovers by itself: every second one call is let through to see.
    """

    def __init__(self, options: RedisOptions, *, circuit: Circuit | None = None) -> None:
        self._circuit = circuit or Circuit()
        self._turns = asyncio.Semaphore(options.connections)
        # A call may have to connect first.
        self._patience = options.timeout + options.connect_timeout
        self._client: Any = _client(options)
        self._subscriber = _client(options)

    @property
    def available(self) -> bool:
        """False while calls are refused because Redis does not answer."""
        return self._circuit.closed

    async def execute(self, *command: bytes | str | float) -> Any:
        """Runs a command and returns its answer, strings as bytes.

        Raises StoreUnavailableError or StoreTimeoutError; errors in the command as they are.
        """
        if not self._circuit.admits():
            raise StoreUnavailableError("redis", "it did not answer; trying again shortly")
        try:
            async with self._turns:
                answer = await self._call(*command)
        except (TimeoutError, RedisTimeoutError) as error:
            self._circuit.failed()
            raise StoreTimeoutError("redis", str(error)) from error
        except _UNAVAILABLE as error:
            self._circuit.failed()
            raise StoreUnavailableError("redis", str(error)) from error
        self._circuit.succeeded()
        return answer

    async def run(self, script: Script, keys: list[str], *arguments: bytes | str | float) -> Any:
        """Runs a script; sends its text only when the server does not know it."""
        try:
            return await self.execute("EVALSHA", script.digest, len(keys), *keys, *arguments)
        except NoScriptError:
            return await self.execute("EVAL", script.source, len(keys), *keys, *arguments)

    async def ping(self) -> None:
        """Raises StoreUnavailableError unless Redis answers; asks even while calls are refused."""
        try:
            await self._call("PING")
        except (RedisError, OSError) as error:
            self._circuit.failed()
            raise StoreUnavailableError("redis", str(error)) from error
        self._circuit.succeeded()

    async def _call(self, *command: bytes | str | float) -> Any:
        """Runs a command within the patience.

        The driver's own `socket_timeout` must stay off: it waits by `asyncio.wait_for`,
        which until Python 3.12 loses a cancellation that meets the end of what it waits for.
        """
        async with asyncio.timeout(self._patience):
            return await self._client.execute_command(*command)

    def pubsub(self) -> Any:
        """Returns a subscription on a connection of its own; the caller closes it."""
        return self._subscriber.pubsub()

    async def close(self) -> None:
        """Closes all connections."""
        await self._client.aclose()
        await self._subscriber.aclose()


def _client(options: RedisOptions) -> Redis:
    extra = {"password": options.password} if options.password else {}
    pool = ConnectionPool.from_url(
        options.url,
        # Turns keep the calls within `connections`; the rest is for pings.
        max_connections=options.connections + 8,
        socket_timeout=None,
        socket_connect_timeout=options.connect_timeout,
        # One more try, at once, for connections that went stale while they were idle.
        retry=Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
        protocol=2,
        **extra,
    )
    return Redis.from_pool(pool)
