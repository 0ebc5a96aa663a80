"""Counts, times, traces and logs the calls of one method."""

from __future__ import annotations

from time import perf_counter

import structlog
from google.protobuf.descriptor import MethodDescriptor
from opentelemetry.trace import Span, SpanKind, StatusCode
from prometheus_client import Counter

from runtime.telemetry.metrics import Metrics
from runtime.telemetry.tracing import Tracing, trace_id_of, traceparent_of
from server.call import Call

# Successful calls slower than this are logged, in seconds. The proxy's access log has all.
_SLOW = 5.0
# Statuses that are the service's fault and not the caller's (OpenTelemetry's conventions for gRPC).
_FAULTS = {"UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"}

_log = structlog.get_logger(__name__)


class InFlight:
    """Counts the calls under way; the metrics read it when they are scraped."""

    def __init__(self, metrics: Metrics) -> None:
        self.number = 0
        metrics.requests_in_flight.set_function(lambda: self.number)


class CallRecord:
    """Keeps one method's metrics at hand, so that a call pays for no look-up of labels."""

    def __init__(
        self, metrics: Metrics, in_flight: InFlight, method: MethodDescriptor, tracing: Tracing
    ) -> None:
        self._method = method.name
        self._path = f"{method.containing_service.full_name}/{method.name}"
        self._requests = metrics.requests
        self._seconds = metrics.request_seconds.labels(method.name)
        self._in_flight = in_flight
        self._tracing = tracing if tracing.on else None
        self._by_code: dict[str, Counter] = {}

    def begin(self, call: Call) -> Span | None:
        """Counts a call that has arrived, and begins its span, if calls are traced.

        What the call causes continues the trace from there.
        """
        self._in_flight.number += 1
        if self._tracing is None:
            return None
        span = self._tracing.begin(
            self._path,
            kind=SpanKind.SERVER,
            traceparent=call.traceparent,
            attributes={
                "rpc.system.name": "grpc",
                "rpc.method": self._path,
                "structra.request_id": call.request_id,
            },
        )
        call.traceparent = traceparent_of(span)
        return span

    def end(self, call: Call, code: str, span: Span | None) -> None:
        """Counts the call's end under its status, and logs it when it failed or was slow."""
        seconds = perf_counter() - call.started
        self._in_flight.number -= 1
        self._seconds.observe(seconds)
        counter = self._by_code.get(code)
        if counter is None:
            counter = self._by_code[code] = self._requests.labels(self._method, code)
        counter.inc()
        if span is not None:
            span.set_attribute("rpc.response.status_code", code)
            if code in _FAULTS:
                span.set_status(StatusCode.ERROR)
            span.end()
        if code != "OK" or seconds > _SLOW:
            _log.info(
                "call ended",
                method=self._method,
                code=code,
                milliseconds=round(seconds * 1000, 1),
                request_id=call.request_id,
                user_id=call.user_id,
                trace_id=trace_id_of(call.traceparent),
            )
