"""One trace from a caller through Envoy, a server and the queue to the stages of a worker."""

import secrets

import pytest
from structra.v1 import analysis_pb2, analysis_service_pb2, analysis_service_pb2_grpc

from tests.waiting import until

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]

SERVER, CONSUMER = 2, 5


async def analyze(service, channel, picture, traceparent):
    request = analysis_service_pb2.AnalyzeRequest()
    request.input.images.add(content=picture)
    request.input.text = "A page about zanzibarian clockworks"
    request.input.targets.append("html-css")
    stub = analysis_service_pb2_grpc.AnalysisServiceStub(channel)
    metadata = (("authorization", f"Bearer {service.api_key}"), ("traceparent", traceparent))
    answer = await stub.Analyze(request, metadata=metadata, timeout=120)
    assert answer.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED
    return answer


async def test_one_trace_spans_envoy_server_queue_and_worker(service, channel, new_picture):
    trace_id, caller = secrets.token_hex(16), secrets.token_hex(8)
    await analyze(service, channel, new_picture, f"00-{trace_id}-{caller}-01")

    async def arrived():
        spans = service.traces.of(trace_id)
        services = {span.service for span in spans}
        # The job ends after its stages, and may be exported after them.
        ended = any(span.name == "analyze job" for span in spans)
        return ended and services == {"structra-envoy", "structra-server", "structra-worker"}

    await until(arrived)
    spans = service.traces.of(trace_id)
    (envoy,) = [span for span in spans if span.service == "structra-envoy"]
    (server,) = [span for span in spans if span.service == "structra-server"]
    (job,) = [span for span in spans if span.name == "analyze job"]
    stages = [span for span in spans if span.service == "structra-worker" and span is not job]
    assert envoy.parent_id == caller
    assert (server.parent_id, server.kind) == (envoy.span_id, SERVER)
    assert server.name == "structra.v1.AnalysisService/Analyze"
    assert server.attributes["rpc.response.status_code"] == "OK"
    assert (job.parent_id, job.kind) == (server.span_id, CONSUMER)
    assert job.attributes["structra.outcome"] == "succeeded"
    assert {span.parent_id for span in stages} == {job.span_id}
    assert {"LOAD", "READ", "LAYOUT", "UNDERSTAND", "GENERATE", "SAVE"} <= {
        span.name for span in stages
    }
    assert sum(span.seconds for span in stages) <= job.seconds

    # Neither what the caller sent, nor any secret, is in anything that was exported.
    exported = b"".join(service.traces.bodies)
    for private in (*service.secrets().values(), "zanzibarian", "clockworks"):
        assert private.encode() not in exported
    assert new_picture[100:140] not in exported


async def test_a_trace_that_its_caller_does_not_sample_is_not_exported(
    service, channel, new_picture
):
    unsampled, sampled = secrets.token_hex(16), secrets.token_hex(16)
    await analyze(service, channel, new_picture, f"00-{unsampled}-{secrets.token_hex(8)}-00")
    await analyze(service, channel, new_picture, f"00-{sampled}-{secrets.token_hex(8)}-01")

    async def arrived():
        services = {span.service for span in service.traces.of(sampled)}
        return services == {"structra-envoy", "structra-server"}

    await until(arrived)
    assert not service.traces.of(unsampled)


async def test_calls_are_named_by_their_trace_in_the_logs(service, http):
    trace_id = secrets.token_hex(16)
    headers = {"traceparent": f"00-{trace_id}-{secrets.token_hex(8)}-00"}
    async with http.get("/v1/analyses/unknown", headers=headers) as answer:
        assert answer.status == 400

    async def is_logged():
        lines = [
            line
            for path in service.logs()
            for line in path.read_text(errors="replace").splitlines()
            if trace_id in line
        ]
        return len(lines) == 2

    # By the server, and in Envoy's access log.
    await until(is_logged)
