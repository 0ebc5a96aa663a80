"""The life of one part: started, probed until it serves, restarted when it crashes, stopped."""

import asyncio
import os
import time
from collections.abc import Callable
from enum import StrEnum

import structlog

from deploy.embedded.errors import NotReadyError, PartFailedError, StackError
from deploy.embedded.part import Part
from deploy.embedded.process import GuardedProcess, Reaper
from deploy.embedded.site import REPOSITORY

PROBE_INTERVAL = 0.05
PROBE_TIMEOUT = 5.0
FIRST_BACKOFF = 0.2
LONGEST_BACKOFF = 5.0
# A part that ran this long before it crashed is restarted at once again.
SETTLED_SECONDS = 30.0


class PartState(StrEnum):
    """Where a part stands."""

    WAITING = "waiting"
    STARTING = "starting"
    READY = "ready"
    DONE = "done"
    CRASHED = "crashed"
    FAILED = "failed"
    STOPPING = "stopping"
    STOPPED = "stopped"


class PartRunner:
    """Runs one part and keeps it running.

    Attributes:
        part: What it runs.
        state: Where it stands.
        seconds_to_ready: How long the last start took; None before the first.
        restarts: How often it was restarted after a crash.
    """

    def __init__(
        self, part: Part, reaper: Reaper, on_change: Callable[["PartRunner"], None]
    ) -> None:
        self.part = part
        self.state = PartState.WAITING
        self.seconds_to_ready: float | None = None
        self.restarts = 0
        self._reaper = reaper
        self._on_change = on_change
        self._last_seen = "no answer yet"
        self._process: GuardedProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._log = structlog.get_logger("deploy.embedded").bind(part=part.name)

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self._process is not None else None

    async def start(self) -> None:
        """Starts the part and returns when it serves; from then on it is restarted on a crash.

        Raises:
            PartFailedError: It ended, or did not serve in time.
            MissingProgramError: Its program is not installed.
        """
        if self._process is not None or self._keeper is not None:
            return
        try:
            process = await self._start_once()
        except (StackError, OSError):
            self._set(PartState.FAILED)
            raise
        if self.part.one_shot:
            self._set(PartState.DONE)
            return
        self._set(PartState.READY)
        self._keeper = asyncio.create_task(self._keep(process), name=f"keep {self.part.name}")
        self._keeper.add_done_callback(self._tell_failure)

    async def stop(self) -> None:
        """Stops the part for good: asked first, killed when its grace is over."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        if self._process is not None:
            self._set(PartState.STOPPING)
            await self._drain()
            await self._end(self._process)
        self._set(PartState.STOPPED)

    def kill(self) -> None:
        """Kills the part without warning, as a crash would; it is restarted."""
        if self._process is not None:
            self._process.kill()

    async def _keep(self, process: GuardedProcess) -> None:
        backoff = FIRST_BACKOFF
        while True:
            ready_at = time.monotonic()
            code = await process.wait()
            self.part.clean()
            self._process = None
            if time.monotonic() - ready_at > SETTLED_SECONDS:
                backoff = FIRST_BACKOFF
            self._log.warning("part crashed", exit_code=code, restart_in_seconds=backoff)
            process, backoff = await self._restart(backoff)
            self.restarts += 1
            self._set(PartState.READY)

    def _tell_failure(self, keeper: asyncio.Task[None]) -> None:
        if not keeper.cancelled() and keeper.exception() is not None:
            self._log.error("part is no longer watched", exc_info=keeper.exception())
            self._set(PartState.FAILED)

    async def _restart(self, backoff: float) -> tuple[GuardedProcess, float]:
        while True:
            self._set(PartState.CRASHED)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF)
            try:
                return await self._start_once(), backoff
            except (StackError, OSError) as error:
                self._log.warning("part did not restart", why=str(error))

    async def _start_once(self) -> GuardedProcess:
        part = self.part
        self._set(PartState.STARTING)
        started = time.monotonic()
        await part.prepare()
        process = await GuardedProcess.start(
            part.command(),
            reaper=self._reaper,
            log=part.site.log(part.name),
            environment={**os.environ, **part.environment()},
            folder=REPOSITORY,
            stop_signal=part.stop_signal,
            grace=part.grace,
            user=part.user,
        )
        self._process = process
        try:
            await self._until_ready(process)
        except BaseException:
            await asyncio.shield(self._end(process))
            raise
        self.seconds_to_ready = time.monotonic() - started
        return process

    async def _until_ready(self, process: GuardedProcess) -> None:
        part = self.part
        ended = asyncio.create_task(process.wait(), name=f"wait for {part.name}")
        probing = asyncio.create_task(self._probe_until_ready(), name=f"probe {part.name}")
        waiting = {ended} if part.one_shot else {ended, probing}
        try:
            done, _ = await asyncio.wait(
                waiting, timeout=part.start_timeout, return_when=asyncio.FIRST_COMPLETED
            )
            if not done:
                raise self._failed(f"not ready after {part.start_timeout:g} s ({self._last_seen})")
            if ended in done:
                self._process = None
                if not part.one_shot or ended.result() != 0:
                    raise self._failed(f"it ended with exit code {ended.result()}")
            else:
                probing.result()
        finally:
            for task in (ended, probing):
                task.cancel()
            await asyncio.gather(ended, probing, return_exceptions=True)

    async def _probe_until_ready(self) -> None:
        self._last_seen = "no answer yet"
        while True:
            try:
                async with asyncio.timeout(PROBE_TIMEOUT):
                    await self.part.probe()
            except NotReadyError as error:
                self._last_seen = str(error)
            except (OSError, TimeoutError) as error:
                self._last_seen = f"{type(error).__name__}: {error}"
            else:
                return
            await asyncio.sleep(PROBE_INTERVAL)

    async def _drain(self) -> None:
        try:
            async with asyncio.timeout(self.part.grace):
                await self.part.drain()
        except (OSError, TimeoutError) as error:
            self._log.warning("part did not drain", why=str(error))

    async def _end(self, process: GuardedProcess) -> None:
        await process.stop(self.part.stop_signal, self.part.grace)
        self.part.clean()
        self._process = None

    def _failed(self, why: str) -> PartFailedError:
        return PartFailedError(self.part.name, why, self.part.site.log(self.part.name))

    def _set(self, state: PartState) -> None:
        self.state = state
        self._on_change(self)
