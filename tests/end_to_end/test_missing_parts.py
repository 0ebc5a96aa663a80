"""A part that is away takes down what depends on it, and nothing else; then all recovers."""

import asyncio

import pytest
from structra.v1 import analysis_pb2

from benchmarks.pictures import encode_png, page_picture

# One process and one event loop, beside the stack that these tests share.
pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.xdist_group("end_to_end"),
]


async def health(http):
    async with http.get("/health") as answer:
        return answer.status, (await answer.json())["checks"]


async def until_health(http, part, *, up):
    """Waits until `/health` says so; both replicas answer in turn, so it must say so often."""
    async with asyncio.timeout(60):
        agreeing = 0
        while agreeing < 6:
            status, checks = await health(http)
            agreeing = agreeing + 1 if checks[part] is up else 0
            assert status == (200 if all(checks.values()) else 503)
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(("part", "check"), [("redis", "redis"), ("qdrant", "vectors")])
async def test_analyses_go_on_without(service, http, part, check):
    await until_health(http, check, up=True)
    await service.stack.stop_part(part)
    try:
        await until_health(http, check, up=False)
        async with service.client() as client:
            seed = 900_000 + len(part)
            analysis = await client.analyze([encode_png(page_picture(seed))], targets=["html-css"])
            assert analysis.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED
            again = await client.analyze([encode_png(page_picture(seed))], targets=["html-css"])
            assert again.result.schema == analysis.result.schema
    finally:
        await service.stack.start_part(part)
    await until_health(http, check, up=True)
    async with service.client() as client:
        analysis = await client.analyze([encode_png(page_picture(800_000 + len(part)))])
        assert analysis.state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED


async def test_a_killed_server_is_not_noticed(service, new_picture):
    async with service.client() as client:
        first = await client.analyze([new_picture])
        service.stack.kill_part("server-1")
        for _ in range(20):
            assert (await client.get(first.id)).id == first.id


async def test_a_killed_worker_loses_nothing(service):
    async with service.client() as client:
        pictures = [encode_png(page_picture(700_000 + n)) for n in range(6)]
        running = [asyncio.ensure_future(client.analyze([p])) for p in pictures]
        await asyncio.sleep(1)
        service.stack.kill_part("worker-1")
        service.stack.kill_part("worker-2")
        answers = await asyncio.gather(*running)
    assert len({a.id for a in answers}) == len(pictures)
