"""`python -m benchmarks.cpu_executor`: analyses in threads against analyses in processes.

Prints, for each way of running the offline analyzer beside an event loop, pages
a minute, and how late the loop was (milliseconds; 99th percentile and worst).
Ways take turns, round after round, so that other load on the machine hits all alike;
medians and bests over rounds are shown. docs/decisions/0003-cpu-executor.md quotes it.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, Self

import uvloop

from benchmarks.pictures import encode_png, page_picture
from workers.cpu.executor import CpuExecutor
from workers.cpu.reading import Picture, ReadingJob, ReadingOutcome, make_analyzer, read_design

_TICK = 0.005


@dataclass(frozen=True, slots=True)
class Round:
    """One measurement: pages a minute, and the loop's lateness in milliseconds."""

    pages: float
    late: float
    worst: float


class Runner(Protocol):
    """Runs analyses off the loop."""

    async def read(self, job: ReadingJob) -> ReadingOutcome:
        """Returns what the analyzer makes of a job."""


class Processes(CpuExecutor):
    """What the workers use."""

    def __init__(self, size: int, threads: int) -> None:
        super().__init__(size, make_analyzer, threads)

    async def read(self, job: ReadingJob) -> ReadingOutcome:
        """See `Runner.read`."""
        return await self.run(read_design, None, job)


class Threads:
    """What they would use otherwise: each thread with an analyzer of its own."""

    def __init__(self, size: int, threads: int) -> None:
        self._pool = ThreadPoolExecutor(size)
        self._threads = threads
        self._own = threading.local()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pool.shutdown()

    async def read(self, job: ReadingJob) -> ReadingOutcome:
        """See `Runner.read`."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._read, job)

    def _read(self, job: ReadingJob) -> ReadingOutcome:
        if not hasattr(self._own, "analyzer"):
            self._own.analyzer = make_analyzer(self._threads)
        return read_design(self._own.analyzer, lambda *_: None, job)


_WAYS: dict[str, Callable[[], AbstractAsyncContextManager[Any]]] = {
    "1 thread, 2 for inference": lambda: Threads(1, 2),
    "2 threads, 1 for inference each": lambda: Threads(2, 1),
    "1 process, 2 for inference": lambda: Processes(1, 2),
    "2 processes, 1 for inference each": lambda: Processes(2, 1),
}


async def measure(runner: Runner, jobs: list[ReadingJob]) -> Round:
    """Runs all jobs at once and measures."""
    await asyncio.gather(*(runner.read(jobs[0]) for _ in range(2)))
    late: list[float] = []

    async def watch() -> None:
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(_TICK)
            late.append(1000 * (time.perf_counter() - begun - _TICK))

    watching = asyncio.create_task(watch())
    begun = time.perf_counter()
    work: list[Awaitable[ReadingOutcome]] = [runner.read(job) for job in jobs]
    await asyncio.gather(*work)
    seconds = time.perf_counter() - begun
    watching.cancel()
    late.sort()
    return Round(60 * len(jobs) / seconds, late[int(0.99 * len(late))], late[-1])


async def compare(rounds: int, pages: int) -> None:
    """Measures every way in turn and prints the figures."""
    jobs = [
        ReadingJob(
            (Picture(encode_png(page_picture(seed, width=1280, height=900)), None),),
            targets=(),
            for_models=False,
        )
        for seed in range(pages)
    ]
    found: dict[str, list[Round]] = {way: [] for way in _WAYS}
    for _ in range(rounds):
        for way, make in _WAYS.items():
            async with make() as runner:
                found[way].append(await measure(runner, jobs))
    print(f"{'':36}{'pages/min':>10}{'best':>8}{'late p99':>10}{'worst':>8}")
    for way, measured in found.items():
        print(
            f"{way:36}{statistics.median(r.pages for r in measured):10.1f}"
            f"{max(r.pages for r in measured):8.1f}"
            f"{statistics.median(r.late for r in measured):10.1f}"
            f"{statistics.median(r.worst for r in measured):8.1f}"
        )


def main() -> None:
    """Runs the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each way")
    parser.add_argument("--pages", type=int, default=12, help="pages in each measurement")
    options = parser.parse_args()
    uvloop.run(compare(options.rounds, options.pages))


if __name__ == "__main__":
    main()
