"""Worker processes against real stores: killed, drained, and competing for the same work."""

import asyncio
import json
import os
import signal
from collections import Counter

import httpx
import pytest
from structra.v1 import analysis_pb2

from engine.schema import errors, validate
from stores.postgres.states import State
from stores.vectors.qdrant import VectorIndex, VectorOptions
from stores.vectors.text_embedding import embed_query
from tests.processes import children_of, is_running
from tests.waiting import until
from tests.workers.pictures import page, picture

pytestmark = pytest.mark.slow


async def test_a_screenshot_becomes_schema_code_and_assessment(shop, start_worker):
    submitted = await shop.submit(picture("Ferrous"), targets=["html-css", "tailwind"])
    async with shop.events(submitted) as events:
        start_worker()
        end = await shop.finished(submitted)
        assert end.state is State.SUCCEEDED
        await until(lambda: _is(lambda: events and events[-1].state == 3))
    result = await shop.result(submitted)
    assert not errors(validate(result.schema))
    assert "Ferrous" in result.schema.SerializeToString().decode("utf-8", "ignore")
    assert [bundle.target for bundle in result.code] == ["html-css", "tailwind"]
    assert all(bundle.files for bundle in result.code)
    assert result.HasField("assessment")
    provenance = result.provenance
    assert [(r.role, r.provider) for r in provenance.roles] == [
        ("analyzer", "local"),
        ("layout-engineer", "local"),
        ("code-generator", "local"),
    ]
    assert not provenance.degraded
    stages = [timing.stage for timing in provenance.stages]
    assert stages == sorted(stages)
    assert {
        analysis_pb2.ANALYSIS_STAGE_LOAD,
        analysis_pb2.ANALYSIS_STAGE_READ,
        analysis_pb2.ANALYSIS_STAGE_LAYOUT,
        analysis_pb2.ANALYSIS_STAGE_GENERATE,
    } <= set(stages)
    percents = [event.progress.percent for event in events]
    assert percents == sorted(percents)
    assert events[-1].state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED
    assert percents[-1] == 100
    assert await shop.attempts(submitted) == 1
    assert [p for p in validate(result.schema) if p.severity != 2] == list(result.warnings)


async def test_a_result_can_be_found_by_its_words(shop, start_worker):
    worker = start_worker()
    await worker.ready()
    submitted = await shop.submit(picture("Zanzibar"))
    await shop.finished(submitted)
    index = VectorIndex(VectorOptions(shop.environment["QDRANT_URL"]))
    try:

        async def is_found():
            if not await index.ensure_collection():
                found = await index.search_text(shop.tenant, embed_query("zanzibar"))
                return [n.computation_id for n in found] == [submitted.analysis.computation_id]
            return False

        await until(is_found)
    finally:
        await index.close()


async def test_the_job_of_a_killed_worker_is_taken_over_and_finished_once(shop, start_worker):
    first = start_worker(WORKER_HEARTBEAT_SECONDS="3")
    await first.ready()
    submitted = await shop.submit(page("Takeover"))
    await shop.running(submitted)
    processes = children_of(first.pid)
    first.kill()
    second = start_worker(WORKER_HEARTBEAT_SECONDS="3")
    end = await shop.finished(submitted)
    assert end.state is State.SUCCEEDED
    assert await shop.attempts(submitted) >= 2
    assert '"analysis succeeded"' not in first.log.read_text()
    await until(lambda: _is(lambda: second.log.read_text().count('"analysis succeeded"') == 1))
    assert await _rows(shop) == {"computations": 1, "analyses": 1}
    await until(lambda: _is(lambda: not any(map(is_running, processes))))
    await until(lambda: _no_jobs(shop))


async def test_a_crashed_cpu_process_fails_over(shop, start_worker):
    worker = start_worker(WORKER_CONCURRENCY="1")
    await worker.ready()
    submitted = await shop.submit(page("Failover"))
    await shop.running(submitted)
    for pid in children_of(worker.pid):
        os.kill(pid, signal.SIGKILL)
    end = await shop.finished(submitted)
    assert end.state is State.SUCCEEDED
    assert await shop.attempts(submitted) == 2
    assert "cpu process died" in worker.log.read_text()


async def test_sigterm_lets_running_jobs_finish_and_takes_no_more(shop, start_worker):
    worker = start_worker(WORKER_CONCURRENCY="1")
    await worker.ready()
    running = await shop.submit(page("Finishes"))
    await shop.running(running)
    worker.terminate()
    await asyncio.sleep(0.2)
    late = await shop.submit(picture("Late"))
    assert await worker.ended() == 0
    assert (await shop.snapshot(running)).state is State.SUCCEEDED
    assert await shop.attempts(running) == 1
    assert (await shop.snapshot(late)).state is State.QUEUED


async def test_jobs_beyond_the_grace_are_handed_back(shop, start_worker):
    worker = start_worker(SHUTDOWN_GRACE_SECONDS="0.5")
    await worker.ready()
    submitted = await shop.submit(page("Handed back"))
    await shop.running(submitted)
    processes = children_of(worker.pid)
    worker.terminate()
    assert await worker.ended() == 0
    await until(lambda: _is(lambda: not any(map(is_running, processes))))
    assert not (await shop.snapshot(submitted)).state.finished
    waiting = await shop.database.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'queued'")
    assert waiting == 1
    start_worker()
    assert (await shop.finished(submitted)).state is State.SUCCEEDED


async def test_a_second_signal_ends_at_once(shop, start_worker):
    worker = start_worker()
    await worker.ready()
    submitted = await shop.submit(page("Twice"))
    await shop.running(submitted)
    worker.terminate()
    await asyncio.sleep(0.2)
    worker.terminate()
    assert await worker.ended() == -signal.SIGTERM


async def test_fifty_identical_requests_make_one_computation(shop, start_worker):
    workers = [start_worker(WORKER_CONCURRENCY="2") for _ in range(2)]
    for worker in workers:
        await worker.ready()
    image = picture("Single flight")
    submitted = await asyncio.gather(*(shop.submit(image) for _ in range(50)))
    assert len({s.analysis.computation_id for s in submitted}) == 1
    assert len({s.analysis.id for s in submitted}) == 50
    await shop.finished(submitted[0])
    states = Counter([(await shop.analysis(s)).state for s in submitted])
    assert states == {State.SUCCEEDED: 50}
    assert await shop.attempts(submitted[0]) == 1
    assert await _rows(shop) == {"computations": 1, "analyses": 50}
    again = await shop.submit(image)
    assert (await shop.analysis(again)).state is State.SUCCEEDED
    assert await _rows(shop) == {"computations": 1, "analyses": 51}


async def test_a_worker_says_what_is_missing(start_worker):
    worker = start_worker(DATABASE_URL="", API_KEY_SECRET="")
    assert await worker.ended() == 2
    said = worker.log.read_text()
    assert "DATABASE_URL" in said
    assert "API_KEY_SECRET" in said


async def test_health_and_metrics_are_served(shop, start_worker, free_port):
    port = free_port
    worker = start_worker(OPS_PORT=str(port))
    await worker.ready()
    await shop.finished(await shop.submit(picture("Measured")))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        health = await client.get("/health")
        assert (health.status_code, health.json()) == (
            200,
            {"checks": {"database": True, "redis": True, "s3": True, "vectors": True}},
        )

        async def is_counted():
            text = (await client.get("/metrics")).text
            return (
                'structra_analyses_total{outcome="succeeded"} 1.0' in text
                and 'structra_stage_seconds_count{stage="read"} 1.0' in text
            )

        await until(is_counted)


async def test_logs_are_json_with_the_computation(shop, start_worker):
    worker = start_worker()
    await worker.ready()
    submitted = await shop.submit(picture("Logged"))
    await shop.finished(submitted)

    async def is_logged():
        lines = [json.loads(line) for line in worker.log.read_text().splitlines()]
        return any(
            line["event"] == "analysis succeeded"
            and line["computation_id"] == str(submitted.analysis.computation_id)
            and line["role"] == "worker"
            for line in lines
        )

    await until(is_logged)


async def _is(condition):
    return bool(condition())


async def _no_jobs(shop):
    return await shop.jobs() == 0


async def _rows(shop):
    row = await shop.database.fetchrow(
        "SELECT (SELECT count(*) FROM computations) AS computations, "
        "(SELECT count(*) FROM analyses) AS analyses"
    )
    return dict(row)
