"""Receivers of telemetry on this machine that speak the real protocols and keep all they get."""

from __future__ import annotations

import gzip
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1 import trace_pb2


@dataclass(frozen=True)
class ReceivedSpan:
    service: str
    name: str
    trace_id: str
    span_id: str
    parent_id: str
    kind: int
    status: int
    attributes: dict[str, Any]
    events: list[str]
    seconds: float


@dataclass
class TraceReceiver:
    """An OTLP/HTTP receiver of traces."""

    url: str = ""
    spans: list[ReceivedSpan] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def of(self, trace_id: str) -> list[ReceivedSpan]:
        return [span for span in self.spans if span.trace_id == trace_id]

    async def take(self, request: web.Request) -> web.Response:
        body = _plain(await request.read())
        self.bodies.append(body)
        self.headers.append(dict(request.headers))
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            service = _attributes(resource.resource.attributes)["service.name"]
            for scope in resource.scope_spans:
                self.spans += [_received(service, span) for span in scope.spans]
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(),
            content_type="application/x-protobuf",
        )


@dataclass
class ErrorReceiver:
    """What stands behind a Sentry DSN: takes envelopes."""

    dsn: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        body = _plain(await request.read())
        self.bodies.append(body)
        _, *lines = body.split(b"\n")
        # Each item is a line that describes it, then its content; ours have no line breaks.
        for header, content in zip(lines[::2], lines[1::2], strict=False):
            if json.loads(header)["type"] == "event":
                self.events.append(json.loads(content))
        return web.json_response({})


@asynccontextmanager
async def trace_receiver() -> AsyncIterator[TraceReceiver]:
    receiver = TraceReceiver()
    async with _serving("/v1/traces", receiver.take) as address:
        receiver.url = f"http://{address}"
        yield receiver


@asynccontextmanager
async def error_receiver() -> AsyncIterator[ErrorReceiver]:
    receiver = ErrorReceiver()
    async with _serving("/api/1/envelope/", receiver.take) as address:
        receiver.dsn = f"http://key@{address}/1"
        yield receiver


@asynccontextmanager
async def _serving(path: str, handler: Any) -> AsyncIterator[str]:
    application = web.Application(client_max_size=64 * 1024 * 1024)
    application.router.add_post(path, handler)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"{host}:{port}"
    finally:
        await runner.cleanup()


def _received(service: str, span: trace_pb2.Span) -> ReceivedSpan:
    return ReceivedSpan(
        service=service,
        name=span.name,
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=span.parent_span_id.hex(),
        kind=span.kind,
        status=span.status.code,
        attributes=_attributes(span.attributes),
        events=[event.name for event in span.events],
        seconds=(span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
    )


def _attributes(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


def _plain(body: bytes) -> bytes:
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
