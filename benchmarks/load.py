"""Load on one endpoint: callers that each send the next call when the last is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

Call = Callable[[], Awaitable[object]]


async def measure_rate(call: Call, *, callers: int, seconds: float, warm_up: float = 0.5) -> float:
    """Returns the calls per second that `callers` get answered.

    Args:
        call: Sends one call and awaits its answer; raises when it fails.
        callers: How many calls are under way at once.
        seconds: How long is measured.
        warm_up: How long is called before, unmeasured, in seconds.
    """
    answered = 0
    counting = False
    end = asyncio.Event()

    async def caller() -> None:
        nonlocal answered
        while not end.is_set():
            await call()
            if counting:
                answered += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(caller())
        await asyncio.sleep(warm_up)
        started = time.perf_counter()
        counting = True
        await asyncio.sleep(seconds)
        counting = False
        elapsed = time.perf_counter() - started
        end.set()
    return answered / elapsed
