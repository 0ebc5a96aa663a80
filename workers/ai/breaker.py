"""A circuit breaker: stops asking a service that keeps failing."""

from __future__ import annotations

import time
from collections.abc import Callable


class CircuitBreaker:
    """Opens after failures in a row, and lets one probe through when it has rested.

    Closed: every call passes. Open: none does. Half open, after `rest_seconds`:
    one call passes; its success closes the circuit, its failure opens it again.
    """

    def __init__(
        self,
        *,
        failures_to_open: int = 5,
        rest_seconds: float = 30.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures_to_open = failures_to_open
        self._rest_seconds = rest_seconds
        self._clock = clock
        self._failures = 0
        self._opened_at: float | None = None
        self._probing = False

    def try_enter(self) -> bool:
        """Returns whether a call may be made now.

        Who gets True must report how the call ended.
        """
        if self._opened_at is None:
            return True
        if self._probing or self._clock() - self._opened_at < self._rest_seconds:
            return False
        self._probing = True
        return True

    @property
    def seconds_to_rest(self) -> float:
        """Returns how long the circuit stays open, 0 when it is not."""
        if self._opened_at is None:
            return 0.0
        return max(self._opened_at + self._rest_seconds - self._clock(), 0.0)

    def succeeded(self) -> None:
        """Reports that the service answered."""
        self._failures = 0
        self._opened_at = None
        self._probing = False

    def failed(self) -> None:
        """Reports that the service did not answer."""
        self._failures += 1
        if self._probing or self._failures >= self._failures_to_open:
            self._opened_at = self._clock()
        self._probing = False

    def abandoned(self) -> None:
        """Reports that the call ended without telling anything about the service."""
        self._probing = False
