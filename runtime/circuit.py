"""Stops calling a service that does not answer, so that its absence costs next to nothing."""

from collections.abc import Callable
from time import monotonic


class Circuit:
    """Closed: calls pass. Open, after `threshold` failures in a row: calls are refused.

    After `pause` seconds one call may pass as a probe; its success closes the circuit, its
    failure opens it again. A probe that says nothing within a pause makes room for another.
    `clock` returns seconds.
    """

    def __init__(
        self, *, threshold: int = 3, pause: float = 1.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._threshold = threshold
        self._pause = pause
        self._clock = clock
        self._failures = 0
        self._retry_at = 0.0

    @property
    def closed(self) -> bool:
        """True while calls pass freely."""
        return self._failures < self._threshold

    def admits(self) -> bool:
        """Says whether a call may be made now; an admitted probe holds off the next one."""
        if self._failures < self._threshold:
            return True
        now = self._clock()
        if now < self._retry_at:
            return False
        self._retry_at = now + self._pause
        return True

    @property
    def seconds_to_probe(self) -> float:
        """How long calls are still refused, 0 when they are not."""
        return 0.0 if self.closed else max(self._retry_at - self._clock(), 0.0)

    def succeeded(self) -> None:
        """Takes note of an answer."""
        self._failures = 0

    def failed(self) -> None:
        """Takes note of a failure to answer."""
        self._failures += 1
        if self._failures >= self._threshold:
            self._retry_at = self._clock() + self._pause
