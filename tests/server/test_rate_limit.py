"""Limits, and the headers that tell of them."""

from __future__ import annotations

import asyncio

import grpc
from structra.v1.analysis_service_pb2 import AnalyzeRequest, ListAnalysesRequest

from runtime.settings import Settings
from stores.postgres.database import Database
from stores.postgres.states import Plan
from tests.server.calls import analyze, design_by_digest, failure_of
from tests.server.conftest import run_server
from tests.server.pictures import png


async def test_every_answer_tells_and_the_last_is_refused(
    settings: Settings, database: Database
) -> None:
    limited = settings.model_copy(update={"rate_limit_free": 5})
    async with run_server(limited, database) as server:
        api = await server.api(Plan.FREE)
        remaining = []
        for _ in range(5):
            call = api.analyses.ListAnalyses(ListAnalysesRequest(), metadata=api.metadata)
            await call
            headers = dict(await call.trailing_metadata())
            assert headers["x-ratelimit-limit"] == "5"
            assert 0 < int(headers["x-ratelimit-reset"]) <= 3600
            assert headers["x-request-id"]
            remaining.append(int(headers["x-ratelimit-remaining"]))
        assert remaining == [4, 3, 2, 1, 0]
        failure = await failure_of(
            api.analyses.ListAnalyses(ListAnalysesRequest(), metadata=api.metadata)
        )
        assert failure.code is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert failure.reason == "RATE_LIMIT_EXCEEDED"
        assert failure.retry_seconds is not None
        assert 0 < failure.retry_seconds <= 3600
        assert int(failure.trailing["retry-after"]) == failure.retry_seconds
        assert failure.trailing["x-ratelimit-remaining"] == "0"
        # Cached answers count too, and the limit is the account's, not the key's.
        failure = await failure_of(
            api.analyses.Analyze(
                AnalyzeRequest(input=design_by_digest(png())), metadata=api.metadata
            )
        )
        assert failure.reason == "RATE_LIMIT_EXCEEDED"
        other = await server.api(Plan.FREE)
        await other.analyses.ListAnalyses(ListAnalysesRequest(), metadata=other.metadata)


async def test_hits_from_memory_count(settings: Settings, database: Database) -> None:
    limited = settings.model_copy(update={"rate_limit_pro": 10})
    async with run_server(limited, database) as server:
        api = await server.api(Plan.PRO)
        worker = server.worker()
        first = asyncio.create_task(_analyze(api, analyze(png())))
        await worker.complete(await worker.claim())
        await first
        for _ in range(9):
            await _analyze(api, analyze(png()))
        failure = await failure_of(_analyze(api, analyze(png())))
        assert failure.reason == "RATE_LIMIT_EXCEEDED"


async def test_callers_over_http_get_headers(settings: Settings, database: Database) -> None:
    async with run_server(settings, database) as server:
        api = await server.api()
        metadata = (
            *api.metadata,
            ("x-envoy-original-path", "/v1/analyses"),
            ("x-request-id", "from-envoy"),
        )
        call = api.analyses.ListAnalyses(ListAnalysesRequest(), metadata=metadata)
        await call
        headers = dict(await call.initial_metadata())
        assert headers["x-ratelimit-limit"] == "10000"
        assert headers["x-request-id"] == "from-envoy"


async def _analyze(api, request: AnalyzeRequest) -> object:
    return await api.analyses.Analyze(request, metadata=api.metadata)
