"""Bounded retries of calls that may succeed later."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from workers.ai.errors import FailureReason, ProviderError
from workers.deadline import Deadline

_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long to wait; seconds.

    The wait before retry n is uniform in 0 to `base * 2**n`, at most `cap`
    ("full jitter", AWS Architecture Blog, "Exponential Backoff And Jitter"), or
    what the service asked for if that is longer.
    """

    attempts: int = 3
    base: float = 0.5
    cap: float = 8.0

    def wait(self, retry: int, asked: float | None) -> float:
        """Returns the seconds to wait before `retry`, counted from 0."""
        backoff = random.uniform(0, min(self.cap, self.base * 2**retry))  # noqa: S311 - jitter
        return max(backoff, asked or 0.0)


async def with_retries(
    call: Callable[[float], Awaitable[_Answer]],
    *,
    policy: RetryPolicy,
    deadline: Deadline,
    call_seconds: float,
) -> _Answer:
    """Calls until there is an answer, the attempts are used up, or waiting would be too long.

    Args:
        call: Gets the seconds it may take.
        policy: How often and how long to wait.
        deadline: When to give up; a wait that would pass it is not begun.
        call_seconds: The most time for one call.

    Raises:
        ProviderError: The last failure; or a timeout when the deadline has passed.
    """
    for retry in range(policy.attempts):
        allowed = min(call_seconds, deadline.remaining())
        if allowed <= 0:
            break
        try:
            return await call(allowed)
        except ProviderError as error:
            wait = policy.wait(retry, error.retry_after)
            last = retry + 1 == policy.attempts
            if last or not error.reason.transient or wait >= deadline.remaining():
                raise
        await asyncio.sleep(wait)
    raise ProviderError(FailureReason.TIMEOUT, "No time was left for another call.")
