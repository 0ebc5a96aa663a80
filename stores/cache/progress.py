"""Progress of computations over Redis: one subscription a process, fanned out in memory."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from stores.cache.redis import RedisStore
from stores.errors import StoreUnavailableError

_log = structlog.get_logger(__name__)

CHANNEL = "structra:progress"
_ID_BYTES = 16
# Only the newest messages matter to a watcher that is slow.
_KEPT = 32
# A silent connection is asked after so many seconds whether it is still there.
_SILENCE = 5.0
_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 2.0


class Updates:
    """What one watcher has not read yet."""

    def __init__(self) -> None:
        self._messages: deque[bytes] = deque(maxlen=_KEPT)
        self._changed = asyncio.Event()

    async def next(self, timeout: float) -> bytes | None:  # noqa: ASYNC109 - None is an answer
        """Returns the next message; None after `timeout` seconds, or when the bus has lost Redis.

        After None the watcher reads the state from the database.
        """
        if not self._messages:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(timeout):
                    await self._changed.wait()
        self._changed.clear()
        return self._messages.popleft() if self._messages else None

    def push(self, message: bytes | None) -> None:
        """Adds a message, or, with None, wakes the watcher."""
        if message is not None:
            self._messages.append(message)
        self._changed.set()


class ProgressBus:
    """Publishes progress, and tells watchers of the computations that they watch.

    Messages may be lost: the database holds the truth. On the wire a message is the
    computation's id, 16 bytes, and what was published.
    """

    def __init__(self, redis: RedisStore) -> None:
        self._redis = redis
        self._watchers: dict[UUID, set[Updates]] = {}
        self._connected = False

    @property
    def connected(self) -> bool:
        """True while messages arrive; otherwise watchers should poll the database more often."""
        return self._connected

    async def publish(self, computation_id: UUID, message: bytes) -> bool:
        """Sends a serialized message to all processes; returns False when Redis is away."""
        try:
            await self._redis.execute("PUBLISH", CHANNEL, computation_id.bytes + message)
        except StoreUnavailableError:
            return False
        return True

    @asynccontextmanager
    async def watch(self, computation_id: UUID) -> AsyncIterator[Updates]:
        """Collects a computation's messages from now on.

        Read its state once *after* entering: what happened before is not told.
        """
        updates = Updates()
        watchers = self._watchers.setdefault(computation_id, set())
        watchers.add(updates)
        try:
            yield updates
        finally:
            watchers.discard(updates)
            if not watchers and self._watchers.get(computation_id) is watchers:
                del self._watchers[computation_id]

    async def run(self) -> None:
        """Receives messages for ever; connects again when Redis was away. To be run as a task."""
        pause = _FIRST_PAUSE
        told = False
        while True:
            try:
                await self._receive()
            except (RedisError, OSError) as error:
                if self._connected:
                    pause = _FIRST_PAUSE
                if self._connected or not told:
                    told = True
                    _log.warning("progress_bus_lost", detail=repr(error))
            self._lost()
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _receive(self) -> None:
        """Subscribes and passes messages on until the connection breaks."""
        subscription = self._redis.pubsub()
        try:
            async with asyncio.timeout(_SILENCE):
                await subscription.subscribe(CHANNEL)
            self._connected = True
            silent = False
            while True:
                event = await subscription.get_message(timeout=_SILENCE)
                if event is None:
                    if silent:
                        raise RedisError("no answer to a ping")
                    await subscription.ping()
                    silent = True
                    continue
                silent = False
                if event["type"] == "message":
                    self._pass_on(event["data"])
        finally:
            await subscription.aclose()

    def _pass_on(self, data: bytes) -> None:
        if len(data) < _ID_BYTES:
            _log.warning("progress_message_malformed", size=len(data))
            return
        for updates in self._watchers.get(UUID(bytes=data[:_ID_BYTES]), ()):
            updates.push(data[_ID_BYTES:])

    def _lost(self) -> None:
        self._connected = False
        for watchers in self._watchers.values():
            for updates in watchers:
                updates.push(None)
