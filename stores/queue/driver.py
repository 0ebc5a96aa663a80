"""PgQueuer's port to the database, made to outlive the database's outages."""

import asyncio
import contextlib
from typing import Any, Self

import structlog
from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import Driver, NotifyCallback

from stores.errors import StoreUnavailableError
from stores.postgres.database import Database
from stores.postgres.failures import DRIVER_ERRORS

_log = structlog.get_logger(__name__)

_FIRST_PAUSE = 0.2
_LONGEST_PAUSE = 2.0
# How often a silent LISTEN connection is asked whether it is still there, in seconds.
_LISTENER_CHECK = 15.0


class RecoveringDriver(Driver):
    """Runs PgQueuer's statements on the pool, again and again while the database is away.

    Every statement that a consumer runs may be repeated: a claim whose answer was lost goes
    stale and is taken over, and heartbeats, results and retries have the same effect twice.
    Notifications come over a connection of their own, which is opened anew when it breaks;
    what is missed meanwhile the consumer's polling finds.

    Setting `shutdown` ends the patience: statements then raise StoreUnavailableError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shutdown = asyncio.Event()
        self._tasks = TaskManager()
        self._listeners: set[asyncio.Task[None]] = set()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Returns all rows; waits out an outage."""
        rows: list[Any] = await self._patiently(self._database.fetch, query, *args)
        return [dict(row) for row in rows]

    async def execute(self, query: str, *args: object) -> str:
        """Runs a statement; waits out an outage."""
        tag: str = await self._patiently(self._database.execute, query, *args)
        return tag

    async def notify(self, channel: str, payload: str) -> None:
        """Sends a notification."""
        await self._database.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Calls `callback` with each notification's payload until the driver is left.

        Does nothing behind PgBouncer: there, polling has to do.
        """
        if self._database.listens:
            self._listeners.add(asyncio.create_task(self._listen(channel, callback)))

    @property
    def shutdown(self) -> asyncio.Event:
        """Ends the patience when set."""
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        """Is unused; the port asks for it."""
        return self._tasks

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._listeners:
            task.cancel()
        await asyncio.gather(*self._listeners, return_exceptions=True)
        self._listeners.clear()

    async def _patiently(self, call: Any, *args: object) -> Any:
        pause = _FIRST_PAUSE
        while True:
            try:
                return await call(*args)
            except StoreUnavailableError as error:
                if self._shutdown.is_set():
                    raise
                _log.warning("queue_waits_for_database", detail=error.detail, retry_in=pause)
                await self._pause(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _listen(self, channel: str, callback: NotifyCallback) -> None:
        pause = _FIRST_PAUSE
        # Once shutting down nothing pauses any more, so a database that is away must end this.
        while not self._shutdown.is_set():
            try:
                await self._listen_once(channel, callback)
            except StoreUnavailableError as error:
                _log.warning("queue_listener_lost", detail=error.detail, retry_in=pause)
                await self._pause(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                pause = _FIRST_PAUSE

    async def _listen_once(self, channel: str, callback: NotifyCallback) -> None:
        """Listens until the connection breaks."""
        lost = asyncio.Event()
        raw = await self._database.connect()
        try:
            raw.add_termination_listener(lambda _: lost.set())
            await raw.add_listener(channel, lambda *event: callback(event[-1]))
            while not lost.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(lost.wait(), _LISTENER_CHECK)
                    continue
                await raw.execute("SELECT 1", timeout=_LISTENER_CHECK)
        except DRIVER_ERRORS as error:
            raise StoreUnavailableError("postgres", str(error)) from error
        finally:
            raw.terminate()

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._shutdown.wait(), seconds)
