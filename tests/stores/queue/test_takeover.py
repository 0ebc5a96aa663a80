"""Jobs survive their workers: real processes, really killed."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stores.postgres.submissions import Submissions
from tests.waiting import until

PROGRAM = Path(__file__).with_name("worker_program.py")
HEARTBEAT = 2.0


@pytest.fixture
async def spawn(postgres_url, database):
    await database.execute("CREATE TABLE finishes (id uuid, counted boolean)")
    started: list[subprocess.Popen] = []

    def run(*, seconds: float) -> subprocess.Popen:
        process = subprocess.Popen(
            [sys.executable, PROGRAM, postgres_url, str(seconds), str(HEARTBEAT)]
        )
        started.append(process)
        return process

    yield run
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        process.wait()


def finished(database, total):
    async def check():
        done = await database.fetchval(
            "SELECT count(*) FROM computations WHERE state = 'SUCCEEDED'"
        )
        return done == total

    return check


def running(database, total=1):
    async def check():
        return (
            await database.fetchval("SELECT count(*) FROM computations WHERE state = 'RUNNING'")
            >= total
        )

    return check


async def test_the_job_of_a_killed_worker_is_taken_over(spawn, database, tenant, submission):
    answer = await Submissions(database).submit(tenant, submission(spec=b"kept"))
    first = spawn(seconds=3600)
    await until(running(database))
    first.kill()
    spawn(seconds=0.01)
    await until(finished(database, 1))
    row = await database.fetchrow("SELECT attempts, result FROM computations")
    assert (row["attempts"], row["result"]) == (2, b"kept")
    assert answer.analysis.computation_id == await database.fetchval("SELECT id FROM finishes")


async def test_nothing_is_lost_or_done_twice_while_workers_are_killed(
    spawn, database, tenant, submission
):
    total, seconds = 100, 0.4
    specs = {bytes([n]): submission(spec=bytes([n])) for n in range(total)}
    await Submissions(database).submit_many(tenant, list(specs.values()))
    workers = [spawn(seconds=seconds) for _ in range(2)]
    done = finished(database, total)

    def at_work_or_done(worker):
        async def check():
            at_work = await database.fetchval(
                "SELECT EXISTS (SELECT 1 FROM computations "
                "WHERE state = 'RUNNING' AND worker = $1)",
                str(worker.pid),
            )
            return at_work or await done()

        return check

    kills = 0
    for turn in range(4):
        victim = workers[turn % 2]
        await until(at_work_or_done(victim))
        if await done():
            break
        victim.kill()
        kills += 1
        workers[turn % 2] = spawn(seconds=seconds)
    await until(done, seconds=90)
    counted = await database.fetchval("SELECT count(*) FROM finishes WHERE counted")
    twice = await database.fetchval(
        "SELECT count(*) FROM (SELECT id FROM finishes WHERE counted GROUP BY id "
        "HAVING count(*) > 1) t"
    )
    assert kills >= 2
    assert await database.fetchval("SELECT max(attempts) FROM computations") > 1
    # A worker may be killed between completing and noting it down here, never the other way.
    assert total - 4 * kills <= counted <= total
    assert twice == 0
    wrong = await database.fetchval("SELECT count(*) FROM computations WHERE result <> spec")
    assert wrong == 0

    async def empty():
        return await database.fetchval("SELECT count(*) FROM pgqueuer") == 0

    await until(empty)


async def test_a_worker_that_is_told_to_stop_finishes_its_jobs_and_takes_no_more(
    spawn, database, tenant, submission
):
    await Submissions(database).submit_many(tenant, [submission() for _ in range(20)])
    worker = spawn(seconds=1.0)
    await until(running(database, 4))
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 20) == 0
    states = dict(await database.fetch("SELECT state, count(*) FROM computations GROUP BY state"))
    assert states["SUCCEEDED"] >= 4
    assert states["QUEUED"] == 20 - states["SUCCEEDED"]
    assert await database.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'picked'") == 0


async def test_jobs_that_do_not_end_in_time_are_put_back_at_once(
    spawn, database, tenant, submission
):
    await Submissions(database).submit(tenant, submission())
    worker = spawn(seconds=3600)
    await until(running(database))
    worker.terminate()
    assert await asyncio.to_thread(worker.wait, 20) == 0
    job = await database.fetchrow("SELECT status FROM pgqueuer")
    assert job["status"] == "queued"
    assert await database.fetchval("SELECT attempts FROM computations") == 0
    spawn(seconds=0.01)
    await until(finished(database, 1))
