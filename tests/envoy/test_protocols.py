"""The same service by gRPC, gRPC-web and JSON, through the real Envoy."""

from __future__ import annotations

import asyncio
import json

import grpc
import pytest
from google.rpc.status_pb2 import Status
from structra.v1 import analysis_pb2
from structra.v1 import analysis_service_pb2 as service
from structra.v1.analysis_service_pb2_grpc import AnalysisServiceStub

from tests.envoy import grpc_web
from tests.envoy.gateway import ORIGIN

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("envoy")]

GET = "structra.v1.AnalysisService/GetAnalysis"


async def test_the_same_answer_by_every_protocol(channel, http):
    by_grpc = await AnalysisServiceStub(channel).GetAnalysis(service.GetAnalysisRequest(id="a"))
    assert by_grpc.id == "a"

    by_json = (await http.get("/v1/analyses/a")).json()
    assert by_json["id"] == "a"
    assert by_json["projectId"] in ("one", "two")

    by_web = await grpc_web.call(http, GET, service.GetAnalysisRequest(id="a"))
    assert by_web.status == 0
    assert analysis_pb2.Analysis.FromString(by_web.messages[0]).id == "a"


async def test_json_has_json_names_and_enums_by_name(http):
    body = {"input": {"images": [{"content": "aGVsbG8=", "viewportWidth": 800}]}}
    answer = await http.post("/v1/analyze", json=body)
    assert answer.status_code == 200
    assert answer.json()["state"] == "ANALYSIS_STATE_SUCCEEDED"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-ratelimit-remaining"] == "7"


async def test_both_published_paths_of_a_method_work(http):
    body = {"input": {"images": [{"content": "aGVsbG8="}]}}
    answers = [await http.post(path, json=body) for path in ("/v1/analyze", "/v1/analyses:analyze")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["id"] == answers[1].json()["id"]


async def test_an_error_keeps_its_details_as_json(http):
    answer = await http.get("/v1/analyses/missing")
    assert answer.status_code == 404
    assert answer.json() == {
        "code": 5,
        "message": "There is none.",
        "details": [
            {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "RESOURCE_NOT_FOUND",
                "domain": "structra.dev",
                "metadata": {"by": "replica"},
            }
        ],
    }


async def test_an_error_keeps_its_details_in_grpc_and_grpc_web(channel, http):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await AnalysisServiceStub(channel).GetAnalysis(service.GetAnalysisRequest(id="missing"))
    metadata = dict(caught.value.trailing_metadata())
    assert Status.FromString(metadata["grpc-status-details-bin"]).code == 5

    by_web = await grpc_web.call(http, GET, service.GetAnalysisRequest(id="missing"))
    assert by_web.status == 5
    assert "grpc-status-details-bin" in by_web.headers | by_web.trailers


async def test_a_stream_arrives_piece_by_piece_in_every_protocol(channel, http):
    request = service.WatchAnalysisRequest(id="a")
    stream = AnalysisServiceStub(channel).WatchAnalysis(request)
    assert [message.analysis.progress.percent async for message in stream] == [10, 50, 90]

    by_web = await grpc_web.call(http, "structra.v1.AnalysisService/WatchAnalysis", request)
    assert by_web.status == 0
    assert len(by_web.messages) == 3

    async with http.stream("GET", "/v1/analyses/a:watch") as answer:
        assert answer.status_code == 200
        messages = [json.loads(line) async for line in answer.aiter_lines()]
    assert [message["analysis"]["progress"]["percent"] for message in messages] == [10, 50, 90]


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status", "reason"),
    [
        ("GET", "/v1/nothing", {}, 404, "RESOURCE_NOT_FOUND"),
        ("GET", "/", {}, 404, "RESOURCE_NOT_FOUND"),
        ("POST", "/v1/analyze", {"content": b"{not json"}, 400, "INVALID_REQUEST"),
        ("GET", "/v1/analyses/a?unknown=1", {}, 400, "INVALID_REQUEST"),
    ],
)
async def test_what_envoy_refuses_itself_is_told_as_the_service_does(
    http, method, path, kwargs, status, reason
):
    headers = {"content-type": "application/json"} if "content" in kwargs else {}
    answer = await http.request(method, path, headers=headers, **kwargs)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    error = answer.json()
    assert error["details"][0]["reason"] == reason
    assert error["details"][0]["domain"] == "structra.dev"
    assert error["details"][0]["metadata"]["request_id"]
    assert error["message"]


async def test_a_browser_of_a_named_origin_may_call(http):
    preflight = await http.options(
        f"/{GET}",
        headers={
            "origin": ORIGIN,
            "access-control-request-method": "POST",
            "access-control-request-headers": "authorization,content-type,x-grpc-web",
        },
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "POST" in preflight.headers["access-control-allow-methods"]
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in preflight.headers

    called = await http.get("/v1/analyses/a", headers={"origin": ORIGIN})
    assert called.headers["access-control-allow-origin"] == ORIGIN
    assert "grpc-status-details-bin" in called.headers["access-control-expose-headers"]


async def test_a_browser_may_preflight_json_paths(http):
    preflight = await http.options(
        "/v1/analyze", headers={"origin": ORIGIN, "access-control-request-method": "POST"}
    )
    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("origin", ["https://evil.example.com", f"{ORIGIN}.evil.com", "null"])
async def test_a_browser_of_another_origin_is_not_let_in(http, origin):
    answer = await http.options(
        f"/{GET}", headers={"origin": origin, "access-control-request-method": "POST"}
    )
    assert "access-control-allow-origin" not in answer.headers


async def test_request_ids_are_kept_made_and_logged(gateway, http):
    kept = await http.get("/v1/analyses/x-request-id", headers={"x-request-id": "mine-1"})
    assert kept.headers["x-request-id"] == "mine-1"
    assert kept.json()["id"] == "mine-1"
    made = await http.get("/v1/analyses/a")
    assert len(made.headers["x-request-id"]) == 36

    async with asyncio.timeout(15):  # Envoy writes its access log every ten seconds.
        while '"mine-1"' not in gateway.access_log.read_text():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.1)
    entries = map(json.loads, gateway.access_log.read_text().splitlines())
    entry = next(entry for entry in entries if entry["request_id"] == "mine-1")
    assert entry["path"] == "/v1/analyses/x-request-id"
    assert entry["grpc_method"] == f"/{GET}"
    assert entry["status"] == 200
    assert entry["upstream"]


async def test_a_deadline_ends_the_call(channel):
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await AnalysisServiceStub(channel).GetAnalysis(
            service.GetAnalysisRequest(id="slow"), timeout=0.3
        )
    assert caught.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED


async def test_the_server_learns_the_deadline_of_a_caller_without_grpc(http):
    answer = await http.get("/v1/analyses/x-envoy-expected-rq-timeout-ms")
    assert answer.json()["id"] == "30000"


async def test_health_says_which_part_is_down(gateway, http):
    answer = await http.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"checks": {"database": True, "redis": True}}

    parts = [gateway.runner(name).part for name in ("one", "two")]
    for part in parts:
        part.degraded.touch()
    try:
        answer = await http.get("/health")
    finally:
        for part in parts:
            part.degraded.unlink()
    assert answer.status_code == 503
    assert answer.json() == {"checks": {"database": True, "redis": False}}


async def test_metrics_and_admin_are_not_public(http):
    for path in ("/metrics", "/livez", "/stats", "/config_dump", "/quitquitquit"):
        assert (await http.get(path)).status_code == 404
