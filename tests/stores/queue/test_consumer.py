import asyncio
from uuid import uuid4

import pytest

from stores.errors import StoreUnavailableError
from stores.postgres.analyses import Analyses
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.migrate import migrate
from stores.postgres.submissions import Submissions
from stores.postgres.users import Users
from stores.queue.consumer import Consumer, ConsumerOptions, PermanentJobError
from stores.queue.jobs import NewJob, enqueue
from stores.queue.stats import read_stats
from tests.waiting import until

QUICK = ConsumerOptions(
    concurrency=3,
    heartbeat_timeout=4.0,
    poll_interval=0.2,
    max_attempts=3,
    retry_delay=0.05,
    outage_delay=0.05,
    drain_timeout=5.0,
)


class Harness:
    """Runs a consumer whose handler is chosen per test, and records what happens."""

    def __init__(self, database):
        self.database = database
        self.seen = []
        self.dead = []
        self.changed = asyncio.Event()
        self.tasks = []

    def start(self, handler=None, options=QUICK, on_dead=None):
        async def handle(job):
            self.seen.append(job)
            self.changed.set()
            if handler is not None:
                await handler(job)

        async def dead(job, error):
            if on_dead is not None:
                await on_dead(job, error)
            self.dead.append((job, error))

        consumer = Consumer(self.database, handle, on_dead=dead, options=options)
        self.tasks.append((consumer, asyncio.create_task(consumer.run())))
        return consumer

    async def add(self, *priorities):
        keys = [uuid4() for _ in priorities]
        async with self.database.transaction() as connection:
            await enqueue(connection, [NewJob(k, p) for k, p in zip(keys, priorities, strict=True)])
        return keys

    async def empty(self):
        return await self.database.fetchval("SELECT count(*) FROM pgqueuer") == 0


@pytest.fixture
async def harness(database):
    made = Harness(database)
    yield made
    for consumer, task in made.tasks:
        consumer.stop()
        await asyncio.wait_for(task, 20)


async def test_jobs_run_in_order_of_priority(harness):
    keys = await harness.add(1, 5, 3)
    harness.start(options=ConsumerOptions(concurrency=1, poll_interval=0.2))
    await until(harness.empty)
    assert [job.key for job in harness.seen] == [keys[1], keys[2], keys[0]]
    assert [job.failures for job in harness.seen] == [0, 0, 0]


async def test_a_new_job_wakes_an_idle_worker_without_polling(harness):
    harness.start(options=ConsumerOptions(poll_interval=3600))
    await asyncio.sleep(1.0)
    await harness.add(0)
    await asyncio.wait_for(harness.changed.wait(), 10)


async def test_behind_pgbouncer_polling_finds_new_jobs(postgres_url, database):
    bounced = Database(DatabaseOptions(postgres_url + "?pgbouncer=true"))
    await bounced.open()
    harness = Harness(bounced)
    consumer = harness.start()
    await asyncio.sleep(0.5)
    listening = await database.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%' "
        "AND datname = current_database()"
    )
    assert listening == 0
    await harness.add(0, 0)
    await until(harness.empty)
    consumer.stop()
    await harness.tasks[0][1]
    await bounced.close()


async def test_no_more_jobs_run_at_once_than_allowed(harness):
    running = most = 0

    async def handle(_):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1

    await harness.add(*range(20))
    harness.start(handle)
    await until(harness.empty)
    assert most == 3
    assert len(harness.seen) == 20


async def test_a_failing_job_is_tried_again_and_then_dead(harness):
    async def handle(job):
        raise ValueError(f"attempt {job.failures + 1}")

    (key,) = await harness.add(0)
    harness.start(handle)
    await until(harness.empty)
    assert [job.failures for job in harness.seen] == [0, 1, 2]
    ((job, error),) = harness.dead
    assert (job.key, str(error)) == (key, "attempt 3")


async def test_a_job_that_fails_once_succeeds_later(harness):
    async def handle(job):
        if job.failures == 0:
            raise ConnectionError

    await harness.add(0, 0)
    harness.start(handle)
    await until(harness.empty)
    assert len(harness.seen) == 4
    assert harness.dead == []


async def test_an_outage_of_a_store_never_kills_a_job(harness):
    async def handle(_):
        if len(harness.seen) <= 6:
            raise StoreUnavailableError("s3", "away")

    await harness.add(0)
    harness.start(handle)
    await until(harness.empty)
    assert [job.failures for job in harness.seen] == [0] * 7
    assert harness.dead == []


async def test_a_permanent_error_is_not_tried_again(harness):
    async def handle(_):
        raise PermanentJobError("no use")

    await harness.add(0)
    harness.start(handle)
    await until(harness.empty)
    assert len(harness.seen) == 1
    assert len(harness.dead) == 1


async def test_a_death_that_cannot_be_recorded_keeps_the_job(harness):
    failures = iter([StoreUnavailableError("postgres", "away"), None])

    async def handle(_):
        raise PermanentJobError("no use")

    async def on_dead(*_):
        if error := next(failures):
            raise error

    await harness.add(0)
    harness.start(handle, on_dead=on_dead)
    await until(harness.empty)
    assert len(harness.seen) == 2
    assert len(harness.dead) == 1


async def test_cancelling_an_analysis_cancels_its_running_handler(harness, tenant, submission):
    ended = asyncio.Event()

    async def handle(_):
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            ended.set()
            raise

    answer = await Submissions(harness.database).submit(tenant, submission())
    consumer = harness.start(handle)
    await asyncio.wait_for(harness.changed.wait(), 10)
    assert consumer.running == 1
    cancelled = await Analyses(harness.database).cancel(tenant, answer.analysis.id)
    assert cancelled.computation_cancelled
    await asyncio.wait_for(ended.wait(), 10)
    assert await harness.empty()

    async def idle():
        return consumer.running == 0

    await until(idle)
    assert len(harness.seen) == 1
    assert harness.dead == []


async def test_cancelling_the_consumer_puts_its_jobs_back(harness, database):
    async def handle(_):
        await asyncio.sleep(3600)

    await harness.add(0)
    harness.start(handle)
    await asyncio.wait_for(harness.changed.wait(), 10)
    _, task = harness.tasks.pop()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    row = await database.fetchrow("SELECT status::text AS status, attempts FROM pgqueuer")
    assert (row["status"], row["attempts"]) == ("queued", 0)


async def test_a_key_has_one_job_at_a_time(database):
    key = uuid4()
    async with database.transaction() as connection:
        await enqueue(connection, [NewJob(key)])
        await enqueue(connection, [NewJob(key)])
    assert await database.fetchval("SELECT count(*) FROM pgqueuer") == 1


async def test_depth_and_age_are_measured(harness, database):
    assert (await read_stats(database)).oldest_seconds == 0
    await harness.add(0, 0, 0)
    await database.execute(
        "UPDATE pgqueuer SET execute_after = now() - interval '90 seconds' "
        "WHERE id = (SELECT min(id) FROM pgqueuer)"
    )
    await database.execute(
        "UPDATE pgqueuer SET execute_after = now() + interval '90 seconds' "
        "WHERE id = (SELECT max(id) FROM pgqueuer)"
    )
    stats = await read_stats(database)
    assert (stats.waiting, stats.delayed, stats.running) == (2, 1, 0)
    assert 90 <= stats.oldest_seconds < 120


async def test_the_consumer_waits_out_a_restart_of_the_database(private_stack):
    async with private_stack("postgres") as stack:
        database = Database(DatabaseOptions(stack.env()["DATABASE_URL"], pool_size=5))
        await database.open()
        await migrate(database)
        await Users(database).create()
        harness = Harness(database)
        release = asyncio.Event()

        async def handle(_):
            if len(harness.seen) == 1:
                await release.wait()

        await harness.add(0)
        consumer = harness.start(handle)
        await asyncio.wait_for(harness.changed.wait(), 10)
        await stack.stop_part("postgres")
        # The job ends while nobody can record that.
        release.set()
        await asyncio.sleep(1.0)
        await stack.start_part("postgres")
        await until(harness.empty)
        await harness.add(0)
        await until(harness.empty)
        assert len({job.key for job in harness.seen}) == 2
        consumer.stop()
        await asyncio.wait_for(harness.tasks[0][1], 20)
        await database.close()
