"""Traces: OpenTelemetry, exported by OTLP over HTTP when OTEL_EXPORTER_OTLP_ENDPOINT is set.

A trace comes in as W3C Trace Context (`traceparent`) and goes on with a job's headers, so
that it spans Envoy, a server and a worker. Who begins it decides whether it is sampled; where
nobody has, OTEL_TRACES_SAMPLER_ARG is the share that is. Spans carry names, ids, sizes and
states: no keys, prompts or images, and no texts of errors, which could quote them.

Ended spans wait in a bounded queue for a thread that exports them; a receiver that is slow or
away costs spans and never a call.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import structlog
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Span, SpanKind, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from runtime.settings import Settings
from runtime.version import VERSION

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SpanExporter

Attributes = Mapping[str, str | int | float | bool]

_PATH = "/v1/traces"
# How long the end of a process waits for its last spans to be taken, in seconds.
_PATIENCE = 3.0
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*")
_PROPAGATOR = TraceContextTextMapPropagator()

_log = structlog.get_logger(__name__)


class Tracing:
    """Makes spans. Without a receiver they cost nothing and go nowhere."""

    def __init__(
        self, provider: TracerProvider | None = None, exporter: SpanExporter | None = None
    ) -> None:
        self._provider = provider
        self._exporter = exporter
        self._tracer: Tracer = (
            provider.get_tracer("structra", VERSION) if provider else trace.NoOpTracer()
        )

    @property
    def on(self) -> bool:
        """Whether spans are exported."""
        return self._provider is not None

    def begin(self, name: str, *, kind: SpanKind, traceparent: str, attributes: Attributes) -> Span:
        """Begins a span that continues the trace of a `traceparent`; "" begins a trace."""
        context = _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else Context()
        return self._tracer.start_span(
            name,
            context=context,
            kind=kind,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        )

    def begin_within(self, parent: Span, name: str) -> Span:
        """Begins a span that is a part of `parent`."""
        return self._tracer.start_span(name, context=trace.set_span_in_context(parent, Context()))

    async def close(self) -> None:
        """Sends what is left, in a few seconds at most."""
        if self._provider is None or self._exporter is None:
            return
        provider, loop, sent = self._provider, asyncio.get_running_loop(), asyncio.Event()

        def send() -> None:
            provider.shutdown()
            with suppress(RuntimeError):  # The loop has ended, since this took too long.
                loop.call_soon_threadsafe(sent.set)

        # Not a thread of the loop's pool, which the end of the process would wait for.
        Thread(target=send, name="send traces", daemon=True).start()
        try:
            async with asyncio.timeout(_PATIENCE):
                await sent.wait()
        except TimeoutError:
            self._exporter.shutdown()
            _log.warning("traces lost", reason="the receiver did not take them in time")


def open_tracing(settings: Settings, *, role: str) -> Tracing:
    """Returns what makes the spans of a process; without an endpoint they go nowhere.

    Further settings are those of OpenTelemetry's SDK: OTEL_EXPORTER_OTLP_TIMEOUT,
    OTEL_EXPORTER_OTLP_CERTIFICATE, OTEL_EXPORTER_OTLP_COMPRESSION, OTEL_RESOURCE_ATTRIBUTES,
    OTEL_BSP_*.

    Args:
        settings: `OTEL_*`.
        role: "server" or "worker".
    """
    endpoint = settings.otel_exporter_otlp_endpoint
    if not endpoint:
        return Tracing()
    # A quarter of a second that processes without traces need not wait for.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
        OTLPSpanExporter,
    )
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415
    from opentelemetry.util.re import parse_env_headers  # noqa: PLC0415

    headers = parse_env_headers(
        settings.otel_exporter_otlp_headers.get_secret_value(), liberal=True
    )
    exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + _PATH, headers=headers or None)
    provider = TracerProvider(
        sampler=ParentBasedTraceIdRatio(settings.otel_traces_sampler_arg),
        resource=Resource.create(
            {
                "service.name": settings.otel_service_name or f"structra-{role}",
                "service.version": VERSION,
                "deployment.environment.name": settings.app_env,
            }
        ),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return Tracing(provider, exporter)


def traceparent_of(span: Span) -> str:
    """Returns the `traceparent` that makes others continue the trace from this span."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, trace.set_span_in_context(span, Context()))
    return carrier.get("traceparent", "")


def trace_id_of(traceparent: str) -> str:
    """Returns the trace's id, 32 hexadecimal digits; "" when there is none."""
    found = _TRACEPARENT.fullmatch(traceparent)
    return found[1] if found else ""
