"""One CPU process, replaced when it dies or has to be stopped."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import structlog

from workers.cpu.errors import CpuProcessDiedError
from workers.cpu.process import Report, run_work, start_process

_log = structlog.get_logger(__name__)


class CpuSlot:
    """A pool of exactly one process, so that its end breaks no work but its own."""

    def __init__(self, make_tools: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._make_tools = make_tools
        self._arguments = arguments
        self._pool: ProcessPoolExecutor | None = None
        self._pid = 0
        self._progress: Connection | None = None
        self._report: Report | None = None

    async def start(self) -> None:
        """Starts the process and waits until its tools are ready.

        Raises:
            CpuProcessDiedError: It ended while it made its tools.
        """
        context = multiprocessing.get_context("spawn")
        reader, writer = context.Pipe(duplex=False)
        self._pool = ProcessPoolExecutor(
            max_workers=1,
            mp_context=context,
            initializer=start_process,
            initargs=(writer, self._make_tools, self._arguments),
        )
        self._progress = reader
        try:
            self._pid = await asyncio.wrap_future(self._pool.submit(os.getpid))
        except BaseException as error:
            self._discard()
            if isinstance(error, BrokenProcessPool):
                raise CpuProcessDiedError from error
            raise
        finally:
            # The process has its own copy; with this one open its end would go unnoticed.
            writer.close()
        asyncio.get_running_loop().add_reader(reader.fileno(), self._on_progress)

    async def run(
        self, work: Callable[..., Any], arguments: tuple[Any, ...], report: Report | None
    ) -> Any:
        """Runs `work(tools, report, *arguments)` in the process; see `CpuExecutor.run`."""
        if self._pool is None:
            await self.start()
        assert self._pool is not None  # noqa: S101 - start() has set it
        self._report = report
        future: Future[Any] | None = None
        try:
            future = self._pool.submit(run_work, work, report is not None, arguments)
            return await asyncio.wrap_future(future)
        except BrokenProcessPool as error:
            _log.warning("cpu process died", pid=self._pid, work=work.__name__)
            self._discard()
            raise CpuProcessDiedError from error
        except asyncio.CancelledError:
            # Native code cannot be interrupted, and nobody waits for its outcome any more.
            self._kill()
            self._discard()
            raise
        finally:
            self._report = None

    async def close(self) -> None:
        """Ends the process."""
        pool = self._pool
        if pool is None:
            return
        self._kill()
        self._discard()
        await asyncio.to_thread(pool.shutdown, wait=True)

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)

    def _discard(self) -> None:
        if self._progress is not None:
            asyncio.get_running_loop().remove_reader(self._progress.fileno())
            self._progress.close()
            self._progress = None
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _on_progress(self) -> None:
        connection = self._progress
        if connection is None:
            return
        try:
            while connection.poll():
                stage, share = connection.recv()
                if self._report is not None:
                    self._report(stage, share)
        except (EOFError, OSError):
            # The process has ended; the pool tells whoever waits for its work.
            asyncio.get_running_loop().remove_reader(connection.fileno())
