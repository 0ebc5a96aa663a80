"""What a process does with its spans, with a receiver and without."""

import asyncio
import socket

import pytest
from opentelemetry.trace import SpanKind

from runtime.settings import Settings
from runtime.telemetry.tracing import Tracing, open_tracing, trace_id_of, traceparent_of
from tests.receivers import trace_receiver

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"


def begin(tracing, traceparent=""):
    return tracing.begin("test", kind=SpanKind.SERVER, traceparent=traceparent, attributes={})


def test_without_an_endpoint_nothing_is_recorded():
    tracing = open_tracing(Settings(), role="server")
    assert not tracing.on
    assert not begin(tracing, f"00-{TRACE}-{CALLER}-01").is_recording()
    assert not begin(Tracing()).is_recording()


async def test_spans_arrive_with_the_headers_that_the_receiver_wants():
    async with trace_receiver() as receiver:
        settings = Settings(
            otel_exporter_otlp_endpoint=receiver.url,
            otel_exporter_otlp_headers="x-tenant=a%20b",
            otel_traces_sampler_arg=1.0,
            otel_service_name="named",
        )
        tracing = open_tracing(settings, role="server")
        begin(tracing).end()
        begin(tracing, f"00-{TRACE}-{CALLER}-00").end()
        await tracing.close()
        # The one whose caller does not sample it is not among them.
        (span,) = receiver.spans
        assert span.service == "named"
        assert receiver.headers[0]["x-tenant"] == "a b"


async def test_a_share_is_sampled_where_the_caller_says_nothing():
    async with trace_receiver() as receiver:
        settings = Settings(otel_exporter_otlp_endpoint=receiver.url, otel_traces_sampler_arg=0.0)
        tracing = open_tracing(settings, role="worker")
        assert not begin(tracing).is_recording()
        sampled = begin(tracing, f"00-{TRACE}-{CALLER}-01")
        assert sampled.is_recording()
        # What is not sampled is passed on so, that nobody further down decides anew.
        flags = traceparent_of(begin(tracing)).rpartition("-")[2]
        assert not int(flags, 16) & 1
        assert trace_id_of(traceparent_of(sampled)) == TRACE
        sampled.end()
        await tracing.close()
        assert [span.parent_id for span in receiver.spans] == [CALLER]


async def test_a_receiver_that_never_answers_holds_nobody_up():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        settings = Settings(otel_exporter_otlp_endpoint=endpoint, otel_traces_sampler_arg=1.0)
        tracing = open_tracing(settings, role="server")
        # More than its queue holds.
        for _ in range(5_000):
            begin(tracing).end()
        # The SDK by itself would wait for half a minute.
        async with asyncio.timeout(20):
            await tracing.close()


@pytest.mark.parametrize("text", ["", "nonsense", f"00-{TRACE}-{CALLER}", "00-xyz-1-01"])
def test_what_is_no_traceparent_names_no_trace(text):
    assert trace_id_of(text) == ""
