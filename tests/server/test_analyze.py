"""Analyze: caches, coalescing, policies, deadlines, isolation."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import grpc
import pytest
from structra.v1 import analysis_pb2 as pb
from structra.v1.analysis_service_pb2 import AnalyzeRequest, GetAnalysisRequest
from structra.v1.project_service_pb2 import CreateProjectRequest, Project

from tests.server.calls import analyze, design_by_digest, failure_of, read_failure
from tests.server.conftest import Api, RunningServer
from tests.server.pictures import png
from tests.server.worker import TestWorker, result_named


async def send(api: Api, request: AnalyzeRequest, **more: object) -> pb.Analysis:
    return await api.analyses.Analyze(request, metadata=api.metadata, **more)


async def solve(server: RunningServer, api: Api, request: AnalyzeRequest) -> pb.Analysis:
    """Sends a request that has to be computed, and computes it."""
    worker = server.worker()
    call = asyncio.create_task(send(api, request))
    await worker.complete(await worker.claim())
    return await call


async def test_a_new_image_is_computed_and_asked_again_is_answered_from_memory(
    server: RunningServer, api: Api
) -> None:
    first = await solve(server, api, analyze(png()))
    assert first.state == pb.ANALYSIS_STATE_SUCCEEDED
    assert first.result.schema.meta.title == "made by the test"
    assert first.cache.kind == pb.CACHE_KIND_MISS
    assert not first.cache.HasField("age")
    again = await send(api, analyze(png()))
    assert (again.id, again.cache.kind) == (first.id, pb.CACHE_KIND_EXACT)
    assert again.result == first.result
    assert again.cache.HasField("age")
    for _ in range(3):
        hit = await send(api, AnalyzeRequest(input=design_by_digest(png())))
        assert (hit.id, hit.cache.kind) == (first.id, pb.CACHE_KIND_EXACT)
    assert server.metric("structra_cache_lookups_total", layer="l1") == 4
    rows = await server.database.fetchval("SELECT count(*) FROM analyses")
    assert rows == 1


async def test_what_the_worker_gets(server: RunningServer, api: Api) -> None:
    worker = server.worker()
    request = analyze(png(), png(1))
    request.input.text = "a page"
    call = asyncio.create_task(send(api, request))
    started = await worker.claim()
    (spec,) = worker.specs
    assert spec.tenant_id == str(api.account.user_id)
    assert [image.WhichOneof("source") for image in spec.input.images] == ["sha256", "sha256"]
    assert spec.input.text == "a page"
    assert spec.exact_key == started.exact_key
    await worker.complete(started)
    await call


async def test_an_unknown_digest_has_to_be_uploaded(api: Api) -> None:
    request = AnalyzeRequest(input=design_by_digest(png()))
    failure = await failure_of(send(api, request))
    assert failure.code is grpc.StatusCode.NOT_FOUND
    assert failure.reason == "IMAGE_NOT_UPLOADED"
    assert failure.metadata["sha256"] == request.input.images[0].sha256
    assert "UploadImage" in failure.message


async def test_a_digest_tells_strangers_nothing(server: RunningServer, api: Api) -> None:
    await solve(server, api, analyze(png()))
    stranger = await server.api()
    for policy in (pb.CACHE_POLICY_DEFAULT, pb.CACHE_POLICY_BYPASS):
        request = AnalyzeRequest(input=design_by_digest(png()), cache_policy=policy)
        failure = await failure_of(send(stranger, request))
        assert failure.reason == "IMAGE_NOT_UPLOADED"
    cached = AnalyzeRequest(
        input=design_by_digest(png()), cache_policy=pb.CACHE_POLICY_ONLY_IF_CACHED
    )
    assert (await failure_of(send(stranger, cached))).reason == "NOT_CACHED"
    # The same bytes from a stranger are computed for the stranger.
    own = await solve(server, stranger, analyze(png()))
    assert own.cache.kind == pb.CACHE_KIND_MISS


async def test_the_same_pixels_in_other_bytes_are_answered_at_once(
    server: RunningServer, api: Api
) -> None:
    first = await solve(server, api, analyze(png(level=1)))
    assert png(level=1) != png(level=9)
    twin = await send(api, analyze(png(level=9)))
    assert twin.cache.kind == pb.CACHE_KIND_PIXEL
    assert twin.id != first.id
    assert twin.result == first.result


async def test_fifty_callers_make_one_computation(server: RunningServer, api: Api) -> None:
    calls = [asyncio.create_task(send(api, analyze(png()))) for _ in range(50)]
    worker = server.worker()
    started = await worker.claim()
    await server.until_analyses(50)
    await worker.complete(started)
    answers = await asyncio.gather(*calls)
    assert {answer.result.schema.meta.title for answer in answers} == {"made by the test"}
    kinds = [answer.cache.kind for answer in answers]
    assert kinds.count(pb.CACHE_KIND_MISS) == 1
    assert kinds.count(pb.CACHE_KIND_COALESCED) == 49
    assert await server.database.fetchval("SELECT count(*) FROM computations") == 1


async def test_an_answer_survives_the_loss_of_both_caches(server: RunningServer, api: Api) -> None:
    first = await solve(server, api, analyze(png()))
    server.forget_answers()
    await server.flush_redis()
    again = await send(api, analyze(png()))
    assert (again.id, again.cache.kind) == (first.id, pb.CACHE_KIND_EXACT)
    assert server.metric("structra_cache_lookups_total", layer="postgres") == 1


async def test_redis_answers_what_memory_forgot(server: RunningServer, api: Api) -> None:
    first = await solve(server, api, analyze(png()))
    await server.until_in_redis()
    server.forget_answers()
    again = await send(api, analyze(png()))
    assert again.id == first.id
    assert server.metric("structra_cache_lookups_total", layer="redis") == 1
    assert server.metric("structra_cache_lookups_total", layer="postgres") == 0


async def test_only_if_cached_computes_nothing(server: RunningServer, api: Api) -> None:
    request = analyze(png(), cache_policy=pb.CACHE_POLICY_ONLY_IF_CACHED)
    failure = await failure_of(send(api, request))
    assert (failure.code, failure.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_CACHED")
    assert await server.database.fetchval("SELECT count(*) FROM computations") == 0
    first = await solve(server, api, analyze(png()))
    assert (await send(api, request)).id == first.id


async def test_bypass_computes_anew_and_refreshes(server: RunningServer, api: Api) -> None:
    first = await solve(server, api, analyze(png()))
    second = await solve(server, api, analyze(png(), cache_policy=pb.CACHE_POLICY_BYPASS))
    assert second.id != first.id
    assert second.cache.kind == pb.CACHE_KIND_MISS
    assert (await send(api, analyze(png()))).id == second.id


async def test_a_degraded_result_is_not_cached(server: RunningServer, api: Api) -> None:
    worker = server.worker()
    call = asyncio.create_task(send(api, analyze(png())))
    await worker.complete(await worker.claim(), degraded=True)
    degraded = await call
    better = await solve(server, api, analyze(png()))
    assert better.id != degraded.id
    assert better.cache.kind == pb.CACHE_KIND_MISS


async def test_a_failed_computation_is_told_and_not_cached(server: RunningServer, api: Api) -> None:
    worker = server.worker()
    call = asyncio.create_task(send(api, analyze(png())))
    await worker.fail(await worker.claim(), "AI_SERVICE_ERROR", "Gemini did not answer.")
    failure = await failure_of(call)
    assert failure.code is grpc.StatusCode.UNAVAILABLE
    assert (failure.reason, failure.message) == ("AI_SERVICE_ERROR", "Gemini did not answer.")
    stored = await api.analyses.GetAnalysis(
        GetAnalysisRequest(id=failure.metadata["analysis_id"]), metadata=api.metadata
    )
    assert stored.state == pb.ANALYSIS_STATE_FAILED
    assert stored.error.message == "Gemini did not answer."
    assert (await solve(server, api, analyze(png()))).cache.kind == pb.CACHE_KIND_MISS


async def test_the_analysis_outlives_the_deadline(server: RunningServer, api: Api) -> None:
    failure = await failure_of(send(api, analyze(png()), timeout=3))
    assert (failure.code, failure.reason) == (
        grpc.StatusCode.DEADLINE_EXCEEDED,
        "DEADLINE_EXCEEDED",
    )
    worker = server.worker()
    await worker.complete(await worker.claim())
    analysis = await api.analyses.GetAnalysis(
        GetAnalysisRequest(id=failure.metadata["analysis_id"]), metadata=api.metadata
    )
    assert analysis.state == pb.ANALYSIS_STATE_SUCCEEDED


async def test_a_caller_that_leaves_takes_nobody_with_it(server: RunningServer, api: Api) -> None:
    leaving = api.analyses.Analyze(analyze(png()), metadata=api.metadata)
    staying = asyncio.create_task(send(api, analyze(png())))
    worker = server.worker()
    started = await worker.claim()
    await server.until_analyses(2)
    leaving.cancel()
    await worker.complete(started)
    assert (await staying).state == pb.ANALYSIS_STATE_SUCCEEDED


async def test_a_request_id_answers_once(server: RunningServer, api: Api) -> None:
    request_id = str(uuid4())
    first = await solve(server, api, analyze(png(), request_id=request_id))
    server.forget_answers()
    await server.flush_redis()
    assert (await send(api, analyze(png(), request_id=request_id))).id == first.id
    failure = await failure_of(send(api, analyze(png(1), request_id=request_id)))
    assert failure.code is grpc.StatusCode.ALREADY_EXISTS
    assert failure.reason == "REQUEST_ID_REUSED"
    # Another account's ids are its own.
    stranger = await server.api()
    other = await solve(server, stranger, analyze(png(2), request_id=request_id))
    assert other.id != first.id


async def test_a_project_gets_an_analysis_of_its_own(server: RunningServer, api: Api) -> None:
    first = await solve(server, api, analyze(png()))
    project = await api.projects.CreateProject(
        CreateProjectRequest(project=Project(display_name="Shop")), metadata=api.metadata
    )
    filed = await send(api, analyze(png(), project_id=project.id))
    assert filed.id != first.id
    assert (filed.project_id, filed.cache.kind) == (project.id, pb.CACHE_KIND_EXACT)
    assert (await send(api, analyze(png(), project_id=project.id))).id == filed.id
    stranger = await server.api()
    failure = await failure_of(send(stranger, analyze(png(), project_id=project.id)))
    assert failure.reason == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"targets": ["cobol"]}, "UNSUPPORTED_TARGET", "input.targets[0]"),
        ({"targets": ["html-css", "html-css"]}, "INVALID_REQUEST", "input.targets"),
        ({"text": "x" * 20_001}, "INVALID_REQUEST", "input.text"),
        (
            {"options": pb.AnalysisOptions(providers=["gemini"])},
            "INPUT_NOT_SUPPORTED",
            "input.options.providers",
        ),
        (
            {"options": pb.AnalysisOptions(providers=["skynet"])},
            "INVALID_REQUEST",
            "input.options.providers[0]",
        ),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    api: Api, change: dict[str, object], reason: str, field: str
) -> None:
    request = AnalyzeRequest(
        input=pb.AnalysisInput(images=[pb.ImageInput(content=png())], **change)
    )
    failure = await failure_of(send(api, request))
    assert failure.reason == reason
    assert field in failure.fields


async def test_bytes_that_are_no_request(server: RunningServer, api: Api) -> None:
    call = server.channel.unary_unary("/structra.v1.AnalysisService/Analyze")
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call(b"\xff\xff\xff", metadata=api.metadata)
    assert read_failure(caught.value).reason == "INVALID_REQUEST"


async def test_large_results_pass(server: RunningServer, api: Api) -> None:
    worker = server.worker()
    call = asyncio.create_task(send(api, analyze(png())))
    await worker.complete(await worker.claim(), result_named("x" * 6_000_000))
    assert len((await call).result.schema.meta.title) == 6_000_000


async def test_a_lost_event_costs_time_only(server: RunningServer, api: Api) -> None:
    silent = TestWorker(server.database)
    call = asyncio.create_task(send(api, analyze(png())))
    await silent.complete(await silent.claim())
    assert (await call).state == pb.ANALYSIS_STATE_SUCCEEDED
