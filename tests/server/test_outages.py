"""What works while Redis or S3 is away, and afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import grpc
from structra.v1 import analysis_pb2 as pb
from structra.v1.analysis_service_pb2 import AnalyzeRequest, WatchAnalysisRequest

from runtime.settings import Settings
from stores.postgres.database import Database
from tests.server.calls import analyze, create, design_by_digest, failure_of
from tests.server.conftest import Api, RunningServer, run_server
from tests.server.cuttable import CuttableProxy
from tests.server.pictures import png
from tests.server.worker import TestWorker
from tests.waiting import until


@asynccontextmanager
async def behind_proxy(url: str) -> AsyncIterator[tuple[CuttableProxy, str]]:
    parts = urlsplit(url)
    async with CuttableProxy(parts.hostname or "", parts.port or 0) as proxy:
        credentials, at, _ = parts.netloc.rpartition("@")
        netloc = f"{credentials}{at}127.0.0.1:{proxy.port}"
        yield proxy, parts._replace(netloc=netloc).geturl()


async def solve(server: RunningServer, api: Api, content: bytes) -> pb.Analysis:
    # Nobody publishes: the worker is cut off too.
    worker = TestWorker(server.database)
    call = asyncio.ensure_future(api.analyses.Analyze(analyze(content), metadata=api.metadata))
    await worker.complete(await worker.claim())
    answer: pb.Analysis = await call
    return answer


async def checks(server: RunningServer) -> dict[str, bool]:
    server.application.health._found_at = float("-inf")
    return dict(await server.application.health.check())


async def test_redis_away_and_back(settings: Settings, database: Database) -> None:
    async with behind_proxy(settings.redis_url_with_password) as (proxy, url):
        cut_off = settings.model_copy(update={"redis_url": type(settings.redis_url)(url)})
        async with run_server(cut_off, database) as server:
            api = await server.api()
            first = await solve(server, api, png(0))
            assert (await checks(server))["redis"] is True
            await proxy.cut()
            second = await solve(server, api, png(1))
            assert second.state == pb.ANALYSIS_STATE_SUCCEEDED
            for content, analysis in ((png(0), first), (png(1), second)):
                hit = await api.analyses.Analyze(
                    AnalyzeRequest(input=design_by_digest(content)), metadata=api.metadata
                )
                assert (hit.id, hit.cache.kind) == (analysis.id, pb.CACHE_KIND_EXACT)
            server.forget_answers()
            hit = await api.analyses.Analyze(analyze(png(0)), metadata=api.metadata)
            assert hit.id == first.id
            # The stream goes on from the database.
            filed = await api.analyses.CreateAnalysis(create(png(2)), metadata=api.metadata)
            stream = api.analyses.WatchAnalysis(
                WatchAnalysisRequest(id=filed.id), metadata=api.metadata
            )
            worker = TestWorker(database)
            messages = aiter(stream)
            await anext(messages)
            await worker.complete(await worker.claim())
            last = [message.analysis async for message in messages][-1]
            assert last.state == pb.ANALYSIS_STATE_SUCCEEDED
            found = await checks(server)
            assert found == {
                "database": True, "redis": False, "s3": True, "vectors": True, "ai": True,
            }  # fmt: skip
            await proxy.restore()

            async def recovered() -> bool:
                return (await checks(server))["redis"] and server.application.feed._bus.connected

            await until(recovered)
            await solve(server, api, png(3))
            await server.until_in_redis()


async def test_s3_away_and_back(settings: Settings, database: Database) -> None:
    async with behind_proxy(settings.s3_endpoint) as (proxy, url):
        cut_off = settings.model_copy(update={"s3_endpoint": url})
        async with run_server(cut_off, database) as server:
            api = await server.api()
            await until(lambda: _s3_up(server))
            known = await solve(server, api, png(0))
            await proxy.cut()
            failure = await failure_of(api.analyses.Analyze(analyze(png(1)), metadata=api.metadata))
            assert failure.code is grpc.StatusCode.UNAVAILABLE
            assert failure.reason == "DEPENDENCY_UNAVAILABLE"
            assert failure.metadata["part"] == "s3"
            assert failure.retry_seconds
            # What needs no bytes stored still works, even a computation of a known image.
            server.forget_answers()
            hit = await api.analyses.Analyze(analyze(png(0)), metadata=api.metadata)
            assert hit.id == known.id
            anew = analyze(png(0), cache_policy=pb.CACHE_POLICY_BYPASS)
            worker = TestWorker(database)
            call = asyncio.ensure_future(api.analyses.Analyze(anew, metadata=api.metadata))
            await worker.complete(await worker.claim())
            assert (await call).state == pb.ANALYSIS_STATE_SUCCEEDED
            assert (await checks(server))["s3"] is False
            await proxy.restore()
            assert (await solve(server, api, png(1))).state == pb.ANALYSIS_STATE_SUCCEEDED


async def _s3_up(server: RunningServer) -> bool:
    return (await checks(server))["s3"]


async def test_a_start_without_redis_s3_and_qdrant(settings: Settings, database: Database) -> None:
    nowhere = "127.0.0.1:9"
    alone = settings.model_copy(
        update={
            "redis_url": type(settings.redis_url)(f"redis://{nowhere}/0"),
            "s3_endpoint": f"http://{nowhere}",
            "qdrant_url": f"http://{nowhere}",
        }
    )
    async with run_server(alone, database) as server:
        api = await server.api()
        failure = await failure_of(api.analyses.Analyze(analyze(png()), metadata=api.metadata))
        assert failure.metadata["part"] == "s3"
        assert await checks(server) == {
            "database": True, "redis": False, "s3": False, "vectors": False, "ai": True,
        }  # fmt: skip
