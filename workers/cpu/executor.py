"""Runs CPU work off the event loop, in processes that may crash.

Why processes and not threads: docs/decisions/0003-cpu-executor.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from workers.cpu.process import Report
from workers.cpu.slot import CpuSlot

_Arguments = ParamSpec("_Arguments")
_Outcome = TypeVar("_Outcome")


class CpuExecutor:
    """A fixed number of processes, each with tools that it made when it started.

    Args:
        size: The number of processes, at least 1.
        make_tools: A module-level function that runs in each new process; what it
            returns is the first argument of all work there.
        arguments: The arguments of `make_tools`.
    """

    def __init__(self, size: int, make_tools: Callable[..., Any], *arguments: Any) -> None:
        self._slots = [CpuSlot(make_tools, arguments) for _ in range(size)]
        self._free: asyncio.LifoQueue[CpuSlot] = asyncio.LifoQueue()

    async def __aenter__(self) -> Self:
        await asyncio.gather(*(slot.start() for slot in self._slots))
        for slot in self._slots:
            self._free.put_nowait(slot)
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(slot.close() for slot in self._slots))

    async def run(
        self,
        work: Callable[Concatenate[Any, Report, _Arguments], _Outcome],
        report: Report | None,
        *arguments: _Arguments.args,
        **_: _Arguments.kwargs,
    ) -> _Outcome:
        """Runs `work(tools, report, *arguments)` in the next free process.

        Arguments and outcome are pickled. When this call is cancelled, the process
        is killed and replaced: its work is really over.

        Args:
            work: A module-level function.
            report: Is called in this process whenever the work reports (stage, share);
                None drops reports.
            arguments: The arguments of `work` after the first two; positional only.

        Raises:
            CpuProcessDiedError: The process ended before the work did.
        """
        slot = await self._free.get()
        try:
            outcome: _Outcome = await slot.run(work, arguments, report)
            return outcome
        finally:
            self._free.put_nowait(slot)
