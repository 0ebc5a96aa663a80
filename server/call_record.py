"""Counts, times and logs the calls of one method."""

from __future__ import annotations

from time import perf_counter

import structlog
from prometheus_client import Counter

from runtime.telemetry.metrics import Metrics
from server.call import Call

# Successful calls slower than this are logged, in seconds. The proxy's access log has all.
_SLOW = 5.0

_log = structlog.get_logger(__name__)


class InFlight:
    """Counts the calls under way; the metrics read it when they are scraped."""

    def __init__(self, metrics: Metrics) -> None:
        self.number = 0
        metrics.requests_in_flight.set_function(lambda: self.number)


class CallRecord:
    """Keeps one method's metrics at hand, so that a call pays for no look-up of labels."""

    def __init__(self, metrics: Metrics, in_flight: InFlight, method: str) -> None:
        self._method = method
        self._requests = metrics.requests
        self._seconds = metrics.request_seconds.labels(method)
        self._in_flight = in_flight
        self._by_code: dict[str, Counter] = {}

    def begin(self) -> None:
        """Counts a call that has arrived."""
        self._in_flight.number += 1

    def end(self, call: Call, code: str) -> None:
        """Counts the call's end under its status, and logs it when it failed or was slow."""
        seconds = perf_counter() - call.started
        self._in_flight.number -= 1
        self._seconds.observe(seconds)
        counter = self._by_code.get(code)
        if counter is None:
            counter = self._by_code[code] = self._requests.labels(self._method, code)
        counter.inc()
        if code != "OK" or seconds > _SLOW:
            _log.info(
                "call ended",
                method=self._method,
                code=code,
                milliseconds=round(seconds * 1000, 1),
                request_id=call.request_id,
                user_id=call.user_id,
            )
