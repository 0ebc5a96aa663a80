import httpx

from runtime.ops_http import serve_ops
from runtime.telemetry.metrics import Metrics


async def test_health_follows_the_checks():
    state = {"database": True, "redis": True}

    async def checks():
        return dict(state)

    async with (
        serve_ops("127.0.0.1", 0, checks=checks, metrics=Metrics()) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        whole = await client.get("/health")
        assert (whole.status_code, whole.json()) == (200, {"checks": state})
        state["redis"] = False
        broken = await client.get("/health")
        assert (broken.status_code, broken.json()) == (503, {"checks": state})
        assert (await client.get("/livez")).status_code == 200


async def test_metrics_are_shown():
    async def checks():
        return {}

    metrics = Metrics()
    metrics.requests.labels("GetAnalysis", "OK").inc()
    async with (
        serve_ops("127.0.0.1", 0, checks=checks, metrics=metrics) as port,
        httpx.AsyncClient() as client,
    ):
        text = (await client.get(f"http://127.0.0.1:{port}/metrics")).text
    assert 'structra_requests_total{code="OK",method="GetAnalysis"} 1.0' in text
    assert "process_resident_memory_bytes" in text


async def test_the_container_probe_asks_the_process():
    import asyncio

    from runtime.probe import probe

    async def checks():
        return {"database": False}

    async with serve_ops("127.0.0.1", 0, checks=checks, metrics=Metrics()) as port:
        assert await asyncio.to_thread(probe, port)
    assert not await asyncio.to_thread(probe, port)
