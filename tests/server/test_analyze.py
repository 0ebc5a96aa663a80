from __future__ import annotations

import asyncio
from hashlib import sha256

from structra.v1 import analysis_pb2 as pb
from structra.v1.analysis_service_pb2 import AnalyzeRequest

from tests.server.conftest import Api, RunningServer
from tests.server.pictures import png
from tests.server.worker import TestWorker


def request(content: bytes, **more: object) -> AnalyzeRequest:
    return AnalyzeRequest(input=pb.AnalysisInput(images=[pb.ImageInput(content=content)]), **more)


async def test_a_new_image_is_computed_and_asked_again_is_answered_from_memory(
    server: RunningServer, api: Api
) -> None:
    worker = TestWorker(server.database)
    call = asyncio.create_task(
        asyncio.wait_for(api.analyses.Analyze(request(png()), metadata=api.metadata), 30)
    )
    started = await worker.claim()
    await worker.complete(started)
    first = await call
    assert first.state == pb.ANALYSIS_STATE_SUCCEEDED
    assert first.result.schema.meta.title == "made by the test"
    assert first.cache.kind == pb.CACHE_KIND_MISS
    again = await api.analyses.Analyze(request(png()), metadata=api.metadata)
    assert again.cache.kind == pb.CACHE_KIND_EXACT
    assert again.id == first.id
    assert again.result == first.result
    by_digest = AnalyzeRequest(
        input=pb.AnalysisInput(images=[pb.ImageInput(sha256=sha256(png()).hexdigest())])
    )
    for _ in range(3):
        hit = await api.analyses.Analyze(by_digest, metadata=api.metadata)
        assert (hit.id, hit.cache.kind) == (first.id, pb.CACHE_KIND_EXACT)
    assert server.metric("structra_cache_lookups_total", layer="l1") == 4
