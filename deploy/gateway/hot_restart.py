"""Runs Envoy, and replaces it by a newer one without closing a connection.

Envoy's hot restart: the new process takes the listening sockets over from the old one, which
drains and ends by itself. https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/operations/hot_restart
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class HotRestartOptions:
    """How Envoy is run.

    Attributes:
        program: Envoy's binary.
        concurrency: Worker threads; 0 is one for each core.
        drain_seconds: Over this time the old process asks clients to connect anew.
        parent_seconds: When the old process is ended, counted from the start of the new one.
            The default is above the longest call, an Analyze of 310 s.
        base_id: Tells several Envoys of one machine apart; None picks a free one.
    """

    program: str
    concurrency: int = 0
    drain_seconds: int = 30
    parent_seconds: int = 330
    base_id: int | None = None

    def __post_init__(self) -> None:
        if self.parent_seconds <= self.drain_seconds:
            raise ValueError("the old process must outlive its drain: raise parent_seconds")


class HotRestarter:
    """Runs generations of Envoy, each with an epoch one above the last."""

    def __init__(
        self, options: HotRestartOptions, configure: Callable[[], Path], folder: Path
    ) -> None:
        """Prepares; nothing runs yet.

        Args:
            options: How Envoy is run.
            configure: Writes the configuration anew and returns its path.
            folder: For the base id, and for nothing else.
        """
        self._options = options
        self._configure = configure
        self._base_id_path = folder / "envoy.base-id"
        self._generations: list[asyncio.subprocess.Process] = []
        self._epoch = 0

    @property
    def generations(self) -> Sequence[asyncio.subprocess.Process]:
        """The processes that run, the newest last."""
        return [process for process in self._generations if process.returncode is None]

    async def start(self) -> None:
        """Starts the next generation; with one running before, that one drains.

        Raises:
            ValueError: The environment describes no configuration; what runs goes on.
        """
        config = self._configure()
        process = await asyncio.create_subprocess_exec(*self._command(config))
        self._generations = [*self.generations, process]
        self._epoch += 1

    async def wait(self) -> int:
        """Waits for the newest generation to end; returns its exit code.

        A new generation that cannot start ends the service: the old one has not handed over
        its sockets by then, but Envoy cannot be asked to go on from an older epoch.
        """
        while True:
            newest = self._generations[-1]
            code = await newest.wait()
            if newest is self._generations[-1]:
                return code

    async def stop(self, grace: float) -> None:
        """Asks all generations to end, and kills those that have not when the grace is over."""
        running = self.generations
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        ended = asyncio.gather(*(process.wait() for process in running))
        try:
            await asyncio.wait_for(ended, grace)
        except TimeoutError:
            for process in self.generations:
                process.kill()
            await asyncio.gather(*(process.wait() for process in running))

    def _command(self, config: Path) -> list[str]:
        options = self._options
        command = [
            options.program,
            *("--config-path", str(config)),
            *("--restart-epoch", str(self._epoch)),
            *("--drain-time-s", str(options.drain_seconds)),
            *("--parent-shutdown-time-s", str(options.parent_seconds)),
            *("--log-level", "warning"),
        ]
        if options.concurrency:
            command += ["--concurrency", str(options.concurrency)]
        if options.base_id is not None:
            return [*command, "--base-id", str(options.base_id)]
        if self._epoch == 0:
            return [*command, "--use-dynamic-base-id", "--base-id-path", str(self._base_id_path)]
        return [*command, "--base-id", self._base_id_path.read_text(encoding="utf-8").strip()]


async def run(restarter: HotRestarter, *, grace: float) -> int:
    """Runs Envoy until SIGTERM or SIGINT; SIGHUP replaces it. Returns the exit code."""
    loop = asyncio.get_running_loop()
    stop, renew = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, renew.set)
    await restarter.start()
    ended = asyncio.create_task(restarter.wait())
    try:
        while not stop.is_set() and not ended.done():
            waiting = {asyncio.create_task(stop.wait()), asyncio.create_task(renew.wait())}
            await asyncio.wait({*waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
            for task in waiting:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
            if renew.is_set() and not stop.is_set():
                renew.clear()
                await _renew(restarter)
        return 0 if stop.is_set() else ended.result() or 1
    finally:
        await restarter.stop(grace)
        ended.cancel()
        await asyncio.gather(ended, return_exceptions=True)


async def _renew(restarter: HotRestarter) -> None:
    if len(restarter.generations) > 1:
        sys.stderr.write("the last restart is not over yet; send SIGHUP again when it is\n")
        return
    try:
        await restarter.start()
    except (ValueError, OSError) as error:
        sys.stderr.write(f"not restarted, because of the configuration: {error}\n")
