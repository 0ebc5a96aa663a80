"""WatchAnalysis and CancelAnalysis."""

from __future__ import annotations

import asyncio

import grpc
import pytest
from structra.v1 import analysis_pb2 as pb
from structra.v1.analysis_service_pb2 import (
    CancelAnalysisRequest,
    GetAnalysisRequest,
    WatchAnalysisRequest,
)

from tests.server.calls import analyze, create, failure_of, read_failure
from tests.server.conftest import Api, RunningServer
from tests.server.pictures import png


async def file_analysis(api: Api, content: bytes) -> pb.Analysis:
    analysis: pb.Analysis = await api.analyses.CreateAnalysis(
        create(content), metadata=api.metadata
    )
    return analysis


async def test_the_stream_tells_the_present_then_every_stage_then_the_result(
    server: RunningServer, api: Api
) -> None:
    filed = await file_analysis(api, png())
    assert filed.state == pb.ANALYSIS_STATE_QUEUED
    assert filed.progress.stage == pb.ANALYSIS_STAGE_QUEUE
    stream = api.analyses.WatchAnalysis(WatchAnalysisRequest(id=filed.id), metadata=api.metadata)
    messages = aiter(stream)
    first = (await anext(messages)).analysis
    assert (first.id, first.state) == (filed.id, pb.ANALYSIS_STATE_QUEUED)
    worker = server.worker()
    started = await worker.claim()
    await worker.progress(started, "READ", 30)
    seen = []
    while True:
        analysis = (await anext(messages)).analysis
        seen.append((analysis.progress.stage, analysis.progress.percent))
        assert not analysis.HasField("result")
        if seen[-1][1] == 30:
            break
    assert seen[-1] == (pb.ANALYSIS_STAGE_READ, 30)
    await worker.complete(started)
    last = [message.analysis async for message in messages][-1]
    assert last.state == pb.ANALYSIS_STATE_SUCCEEDED
    assert last.result.schema.meta.title == "made by the test"
    assert not last.HasField("progress")


async def test_a_finished_analysis_is_told_in_one_message(server: RunningServer, api: Api) -> None:
    filed = await file_analysis(api, png())
    worker = server.worker()
    await worker.complete(await worker.claim())
    stream = api.analyses.WatchAnalysis(WatchAnalysisRequest(id=filed.id), metadata=api.metadata)
    (only,) = [message.analysis async for message in stream]
    assert only.state == pb.ANALYSIS_STATE_SUCCEEDED
    assert dict(await stream.initial_metadata())["x-ratelimit-limit"] == "10000"


async def test_strangers_watch_nothing(server: RunningServer, api: Api) -> None:
    filed = await file_analysis(api, png())
    stranger = await server.api()
    stream = stranger.analyses.WatchAnalysis(
        WatchAnalysisRequest(id=filed.id), metadata=stranger.metadata
    )
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await stream.read()
    assert read_failure(caught.value).reason == "RESOURCE_NOT_FOUND"
    for method, request in (
        (stranger.analyses.GetAnalysis, GetAnalysisRequest(id=filed.id)),
        (stranger.analyses.CancelAnalysis, CancelAnalysisRequest(id=filed.id)),
    ):
        failure = await failure_of(method(request, metadata=stranger.metadata))
        assert failure.reason == "RESOURCE_NOT_FOUND"


async def test_cancelling_ends_the_computation_and_who_waits_is_told(
    server: RunningServer, api: Api
) -> None:
    waiting = asyncio.create_task(
        failure_of(api.analyses.Analyze(analyze(png()), metadata=api.metadata))
    )
    worker = server.worker()
    started = await worker.claim()
    analysis_id = await server.database.fetchval("SELECT id FROM analyses")
    cancelled = await api.analyses.CancelAnalysis(
        CancelAnalysisRequest(id=str(analysis_id)), metadata=api.metadata
    )
    assert cancelled.state == pb.ANALYSIS_STATE_CANCELLED
    failure = await waiting
    assert (failure.code, failure.reason) == (
        grpc.StatusCode.CANCELLED,
        "ANALYSIS_CANCELLED",
    )
    assert failure.metadata["analysis_id"] == str(analysis_id)
    state = await server.database.fetchval(
        "SELECT state FROM computations WHERE id = $1", started.id
    )
    assert state == "CANCELLED"


async def test_cancelling_one_of_two_leaves_the_other(server: RunningServer, api: Api) -> None:
    one, other = await file_analysis(api, png()), await file_analysis(api, png())
    assert other.cache.kind == pb.CACHE_KIND_COALESCED
    stream = api.analyses.WatchAnalysis(WatchAnalysisRequest(id=one.id), metadata=api.metadata)
    messages = aiter(stream)
    await anext(messages)
    await api.analyses.CancelAnalysis(CancelAnalysisRequest(id=one.id), metadata=api.metadata)
    last = [message.analysis async for message in messages][-1]
    assert last.state == pb.ANALYSIS_STATE_CANCELLED
    worker = server.worker()
    await worker.complete(await worker.claim())
    answer = await api.analyses.GetAnalysis(GetAnalysisRequest(id=other.id), metadata=api.metadata)
    assert answer.state == pb.ANALYSIS_STATE_SUCCEEDED


async def test_a_finished_analysis_stays_as_it_is(server: RunningServer, api: Api) -> None:
    filed = await file_analysis(api, png())
    worker = server.worker()
    await worker.complete(await worker.claim())
    answer = await api.analyses.CancelAnalysis(
        CancelAnalysisRequest(id=filed.id), metadata=api.metadata
    )
    assert answer.state == pb.ANALYSIS_STATE_SUCCEEDED
    repeated = await file_analysis(api, png())
    assert repeated.state == pb.ANALYSIS_STATE_SUCCEEDED
    assert repeated.cache.kind == pb.CACHE_KIND_EXACT
    assert repeated.result.schema.meta.title == "made by the test"
