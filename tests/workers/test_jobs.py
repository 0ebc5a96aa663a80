"""Jobs against real stores, with analyzers that are quick, slow or have a fault."""

import asyncio
import hashlib
import itertools
from contextlib import asynccontextmanager

from runtime.circuit import Circuit
from runtime.telemetry.metrics import Metrics
from runtime.telemetry.tracing import Tracing
from stores.cache.progress import ProgressBus
from stores.cache.redis import RedisOptions, RedisStore
from stores.objects.client import ObjectOptions
from stores.objects.s3 import ImageObjects
from stores.postgres.analyses import Analyses
from stores.postgres.computations import Computations
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.recovery import Recovery
from stores.postgres.states import State
from stores.queue.consumer import Consumer, ConsumerOptions
from stores.vectors.qdrant import VectorIndex, VectorOptions
from tests.waiting import until
from tests.workers import analyzers
from tests.workers.ai.designs import reading
from tests.workers.ai.servers import gemini_error, gemini_text
from tests.workers.gate import gate_to
from tests.workers.pictures import picture
from workers.ai.ladder import Ladder, Rung
from workers.ai.local import LocalProvider
from workers.cpu.executor import CpuExecutor
from workers.job_handler import JobHandler
from workers.pipeline import Pipeline
from workers.pool import WorkerPool
from workers.saving import ResultSaver
from workers.verification import NoVerifier


def rung(provider):
    return Rung(provider, Circuit(), asyncio.Semaphore(4))


@asynccontextmanager
async def working(shop, analyzer, *arguments, providers=(), seconds=60.0, **urls):
    """Runs a worker in this process, with `analyzer` in its CPU processes."""
    settings = {**shop.settings, **urls}
    database = Database(DatabaseOptions(settings["database_url"], pool_size=8))
    redis = RedisStore(RedisOptions(settings["redis_url"]))
    vectors = VectorIndex(VectorOptions(settings["qdrant_url"]))
    options = ObjectOptions(
        settings["s3_endpoint"],
        settings["s3_access_key"],
        settings["s3_secret_key"],
        settings["s3_bucket"],
        attempts=1,
    )
    await database.open()
    try:
        async with ImageObjects(options) as objects, CpuExecutor(1, analyzer, *arguments) as cpu:
            computations = Computations(database)
            ladder = Ladder([*map(rung, providers), rung(LocalProvider())])
            handler = JobHandler(
                worker="test",
                computations=computations,
                bus=ProgressBus(redis),
                pipeline=Pipeline(objects, cpu, ladder, NoVerifier("There is no browser.")),
                saver=ResultSaver(computations, vectors),
                tracing=Tracing(),
                metrics=Metrics(),
                timeout=seconds,
                max_attempts=3,
            )
            consumer = Consumer(
                database,
                handler.handle,
                on_dead=handler.give_up,
                options=ConsumerOptions(
                    heartbeat_timeout=2.0,
                    poll_interval=0.2,
                    max_attempts=3,
                    retry_delay=0.1,
                    drain_timeout=5.0,
                ),
            )
            stop = asyncio.Event()
            task = asyncio.create_task(WorkerPool(consumer, ()).run(stop))
            try:
                yield
            finally:
                stop.set()
                await task
    finally:
        await vectors.close()
        await redis.close()
        await database.close()


async def failure(shop, submitted):
    end = await shop.finished(submitted)
    assert end.state is State.FAILED
    return end.error_reason, end.error_message


async def test_a_design_that_crashes_every_process_ends_as_a_dead_letter(shop):
    async with working(shop, analyzers.CrashingAnalyzer):
        poison = await shop.submit(picture("Poison", width=500))
        fine = await shop.submit(picture("Fine"))
        reason, message = await failure(shop, poison)
        assert reason == "ANALYSIS_FAILED"
        assert "3 times" in message
        assert (await shop.finished(fine)).state is State.SUCCEEDED
        assert await shop.attempts(poison) == 3
    assert (await shop.analysis(poison)).state is State.FAILED
    dead = await Recovery(shop.database).list_dead()
    assert [d.id for d in dead.items] == [poison.analysis.computation_id]
    assert await shop.jobs() == 0


async def test_a_dead_letter_can_be_replayed(shop):
    async with working(shop, analyzers.CrashingAnalyzer):
        poison = await shop.submit(picture("Poison", width=500))
        await failure(shop, poison)
    await Recovery(shop.database).replay(poison.analysis.computation_id)
    async with working(shop, analyzers.QuickAnalyzer):
        assert (await shop.finished(poison)).state is State.SUCCEEDED
    assert (await shop.analysis(poison)).state is State.SUCCEEDED


async def test_a_fault_of_ours_fails_at_once_and_can_be_replayed(shop):
    async with working(shop, analyzers.FailingAnalyzer):
        submitted = await shop.submit(picture("Fault"))
        reason, message = await failure(shop, submitted)
    assert reason == "ANALYSIS_FAILED"
    assert "ZeroDivisionError" not in message
    assert await shop.attempts(submitted) == 1
    assert len((await Recovery(shop.database).list_dead()).items) == 1


async def test_an_image_that_is_none_is_refused_for_good(shop):
    async with working(shop, analyzers.QuickAnalyzer):
        submitted = await shop.submit(b"\x89PNG\r\n\x1a\n and nothing more")
        reason, message = await failure(shop, submitted)
    assert reason == "INVALID_IMAGE"
    assert message
    assert (await Recovery(shop.database).list_dead()).items == []


async def test_an_image_that_is_gone_has_to_be_uploaded_again(shop):
    image = picture("Gone")
    submitted = await shop.submit(image)
    await shop.objects.delete(shop.tenant, hashlib.sha256(image).digest())
    async with working(shop, analyzers.QuickAnalyzer):
        assert (await failure(shop, submitted))[0] == "IMAGE_NOT_UPLOADED"


async def test_an_unknown_target_is_refused_for_good(shop):
    async with working(shop, analyzers.QuickAnalyzer):
        submitted = await shop.submit(picture("Cobol"), targets=["cobol"])
        reason, message = await failure(shop, submitted)
    assert reason == "UNSUPPORTED_TARGET"
    assert "html-css" in message


async def test_a_cancelled_analysis_stops_and_makes_room(shop):
    async with working(shop, analyzers.SlowAnalyzer, 600):
        slow = await shop.submit(picture("Slow"))
        await shop.running(slow)
        await Analyses(shop.database).cancel(shop.tenant, slow.analysis.id)
        await until(lambda: _no_jobs(shop))
        assert (await shop.snapshot(slow)).state is State.CANCELLED
        other = await shop.submit(picture("Other"))
        await shop.running(other)
        await Analyses(shop.database).cancel(shop.tenant, other.analysis.id)
    assert await shop.attempts(slow) == 1


async def test_one_of_two_cancelling_leaves_the_work_to_the_other(shop):
    async with working(shop, analyzers.SlowAnalyzer, 0.5):
        first = await shop.submit(picture("Shared"))
        second = await shop.submit(picture("Shared"))
        await Analyses(shop.database).cancel(shop.tenant, first.analysis.id)
        assert (await shop.finished(second)).state is State.SUCCEEDED
    assert (await shop.analysis(first)).state is State.CANCELLED
    assert (await shop.analysis(second)).state is State.SUCCEEDED


async def test_an_analysis_that_takes_too_long_is_ended(shop):
    async with working(shop, analyzers.SlowAnalyzer, 600, seconds=0.5):
        submitted = await shop.submit(picture("Endless"))
        reason, message = await failure(shop, submitted)
    assert reason == "ANALYSIS_FAILED"
    assert "longer" in message


async def test_redis_going_away_costs_progress_and_nothing_else(shop):
    async with (
        gate_to(shop.settings["redis_url"]) as (gate, url),
        working(shop, analyzers.SlowAnalyzer, 1.0, redis_url=url),
    ):
        submitted = await shop.submit(picture("No Redis"))
        await shop.running(submitted)
        await gate.shut()
        assert (await shop.finished(submitted)).state is State.SUCCEEDED
        await gate.open()
        # The worker notices by itself, some time after the gate has opened.
        titles = (f"Redis again {n}" for n in itertools.count())

        async def is_told_again():
            again = await shop.submit(picture(next(titles)))
            async with shop.events(again) as events:
                assert (await shop.finished(again)).state is State.SUCCEEDED
                return bool(events)

        await until(is_told_again, seconds=120)


async def test_the_index_being_away_costs_similar_designs_and_nothing_else(shop):
    async with gate_to(shop.settings["qdrant_url"]) as (gate, url):
        await gate.shut()
        async with working(shop, analyzers.QuickAnalyzer, qdrant_url=url):
            submitted = await shop.submit(picture("No Qdrant"))
            assert (await shop.finished(submitted)).state is State.SUCCEEDED
            await until(lambda: _no_jobs(shop))
    assert not (await shop.result(submitted)).provenance.degraded


async def test_the_object_store_being_away_puts_jobs_off(shop):
    async with (
        gate_to(shop.settings["s3_endpoint"]) as (gate, url),
        working(shop, analyzers.QuickAnalyzer, s3_endpoint=url),
    ):
        await gate.shut()
        submitted = await shop.submit(picture("No S3"))

        async def is_put_off():
            return await shop.database.fetchval(
                "SELECT execute_after > created FROM pgqueuer WHERE dedupe_key = $1",
                str(submitted.analysis.computation_id),
            )

        await until(is_put_off)
        await gate.open()
        assert (await shop.finished(submitted)).state is State.SUCCEEDED
    # The outage has used up none.
    assert await shop.attempts(submitted) == 1


async def test_a_result_waits_for_the_database(shop):
    async with (
        gate_to(shop.settings["database_url"]) as (gate, url),
        working(shop, analyzers.SlowAnalyzer, 0.5, database_url=url),
    ):
        submitted = await shop.submit(picture("No database"))
        await shop.running(submitted)
        await gate.shut()
        await asyncio.sleep(1.5)
        assert not (await shop.snapshot(submitted)).state.finished
        await gate.open()
        assert (await shop.finished(submitted)).state is State.SUCCEEDED
    assert await shop.attempts(submitted) == 1


async def test_a_finished_computation_is_acknowledged_without_work(shop):
    submitted = await shop.submit(picture("Done"))
    computation = submitted.analysis.computation_id
    computations = Computations(shop.database)
    await computations.start(computation, worker="another")
    await computations.complete(computation, b"")
    async with working(shop, analyzers.FailingAnalyzer):
        await until(lambda: _no_jobs(shop))
    assert (await shop.snapshot(submitted)).state is State.SUCCEEDED
    assert await shop.attempts(submitted) == 1


async def test_an_attempt_that_was_overtaken_leaves_the_result_to_its_successor(shop):
    async with working(shop, analyzers.SlowAnalyzer, 1.0):
        submitted = await shop.submit(picture("Overtaken"))
        await shop.running(submitted)
        computations = Computations(shop.database)
        successor = await computations.start(submitted.analysis.computation_id, worker="another")
        assert successor is not None
        await until(lambda: _no_jobs(shop))
        assert (await shop.snapshot(submitted)).state is State.RUNNING
        assert await computations.complete(submitted.analysis.computation_id, b"")


async def test_a_verification_without_a_browser_says_so(shop):
    async with working(shop, analyzers.QuickAnalyzer):
        submitted = await shop.submit(picture("Verify"), options={"verify": True})
        await shop.finished(submitted)
    verification = (await shop.result(submitted)).verification
    assert not verification.verified
    assert verification.reason == "There is no browser."


async def test_a_model_fills_its_roles_and_is_named(shop, gemini, gemini_service):
    gemini_service.script(gemini_text(reading()))
    async with working(shop, analyzers.QuickAnalyzer, providers=[gemini]):
        submitted = await shop.submit(picture("Gemini"))
        assert (await shop.finished(submitted)).state is State.SUCCEEDED
    result = await shop.result(submitted)
    analyzer, layout_engineer, code_generator = result.provenance.roles
    assert (analyzer.provider, analyzer.model) == ("gemini", "gemini-test")
    assert (analyzer.input_tokens, analyzer.output_tokens, analyzer.calls) == (1000, 50, 1)
    assert layout_engineer.provider == "gemini"
    assert code_generator.provider == "local"
    assert [s.id for s in result.schema.sections] == ["header", "hero", "plans"]
    part = gemini_service.requests[0]["contents"][0]["parts"][0]
    assert part["inlineData"]["mime_type"] in ("image/png", "image/jpeg")


async def test_a_fall_back_is_degraded_and_not_reused(shop, gemini, gemini_service):
    gemini_service.script(gemini_error(503, "UNAVAILABLE"))
    async with working(shop, analyzers.QuickAnalyzer, providers=[gemini]):
        submitted = await shop.submit(picture("Degraded"))
        end = await shop.finished(submitted)
        assert end.state is State.SUCCEEDED
        assert end.degraded
        provenance = (await shop.result(submitted)).provenance
        assert provenance.degraded
        assert [s.provider for s in provenance.skipped] == ["gemini"]
        again = await shop.submit(picture("Degraded"))
        assert again.analysis.computation_id != submitted.analysis.computation_id


async def test_without_an_allowed_fall_back_the_failure_is_told(shop, gemini, gemini_service):
    gemini_service.script(gemini_error(400, "INVALID_ARGUMENT"))
    async with working(shop, analyzers.QuickAnalyzer, providers=[gemini]):
        submitted = await shop.submit(picture("Only Gemini"), options={"providers": ["gemini"]})
        reason, message = await failure(shop, submitted)
    assert reason == "AI_SERVICE_ERROR"
    assert "gemini: refused" in message


async def _no_jobs(shop):
    return await shop.jobs() == 0


async def _is(condition):
    return bool(condition())
