"""Waits for something that another process or task brings about."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable


async def until(
    condition: Callable[[], Awaitable[object] | bool], *, seconds: float = 30.0
) -> None:
    """Returns when the condition holds; fails with TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while True:
            answer = condition()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(0.02)
