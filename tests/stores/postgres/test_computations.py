import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from stores.errors import ConflictError, NotFoundError
from stores.postgres.analyses import Analyses
from stores.postgres.computations import Computations, ProgressWriter
from stores.postgres.recovery import Recovery
from stores.postgres.states import State
from stores.postgres.submissions import Outcome, Submissions


@pytest.fixture
def computations(database):
    return Computations(database)


@pytest.fixture
def submit(database, tenant, submission):
    async def run(**changes):
        return (await Submissions(database).submit(tenant, submission(**changes))).analysis

    return run


async def test_a_computation_runs_to_its_result(computations, database, tenant, submit):
    analysis = await submit(spec=b"the spec")
    started = await computations.start(analysis.computation_id, worker="w1")
    assert (started.attempt, started.spec, started.tenant_id) == (1, b"the spec", tenant)
    assert started.exact_key == analysis.exact_key
    analyses = Analyses(database)
    assert (await analyses.get(tenant, analysis.id)).state is State.RUNNING
    assert await computations.progress(started.id, attempt=1, stage="READ", percent=40)
    assert await computations.progress(started.id, attempt=1, stage="READ", percent=30)
    snapshot = (await computations.snapshots([started.id, uuid4()]))[started.id]
    assert (snapshot.state, snapshot.stage, snapshot.percent) == (State.RUNNING, "READ", 40)
    assert await computations.result(started.id) is None
    assert await computations.complete(started.id, b"result", degraded=True)
    row, result = await analyses.get_with_result(tenant, analysis.id)
    assert (row.state, row.degraded, row.percent, result) == (State.SUCCEEDED, True, 100, b"result")
    assert row.finished_at is not None
    assert not await computations.progress(started.id, attempt=1, stage="SAVE", percent=99)


async def test_workers_that_finish_the_same_computation_complete_it_once(computations, submit):
    analysis = await submit()
    await computations.start(analysis.computation_id, worker="w1")
    results = await asyncio.gather(
        *(computations.complete(analysis.computation_id, bytes([n])) for n in range(8))
    )
    assert sorted(results) == [False] * 7 + [True]
    kept = await computations.result(analysis.computation_id)
    assert kept == bytes([results.index(True)])
    assert not await computations.fail(analysis.computation_id, reason="X", message="x")
    assert await computations.start(analysis.computation_id, worker="w2") is None


async def test_an_analysis_that_joins_while_the_result_comes_is_finished_too(
    computations, database, tenant, submission
):
    submissions = Submissions(database)
    for _ in range(10):
        request = submission()
        first = await submissions.submit(tenant, request)
        computation_id = first.analysis.computation_id
        await computations.start(computation_id, worker="w")
        _, *joined = await asyncio.gather(
            computations.complete(computation_id, b"r"),
            *(submissions.submit(tenant, request) for _ in range(6)),
        )
        assert {each.outcome for each in joined} <= {Outcome.JOINED, Outcome.DONE}
    unfinished = await database.fetchval(
        "SELECT count(*) FROM analyses WHERE state <> 'SUCCEEDED' OR finished_at IS NULL"
    )
    assert unfinished == 0


async def test_an_old_attempt_cannot_fail_or_move_its_successor(computations, submit):
    analysis = await submit()
    first = await computations.start(analysis.computation_id, worker="w1")
    second = await computations.start(analysis.computation_id, worker="w2")
    assert (first.attempt, second.attempt) == (1, 2)
    assert not await computations.progress(first.id, attempt=1, stage="READ", percent=1)
    assert not await computations.fail(first.id, reason="X", message="x", attempt=1)
    assert await computations.fail(first.id, reason="X", message="x", attempt=2)


async def test_an_attempt_that_was_stopped_without_fault_does_not_count(computations, submit):
    analysis = await submit()
    for _ in range(5):
        started = await computations.start(analysis.computation_id, worker="w", max_attempts=2)
        await computations.release(started.id, attempt=started.attempt)
    assert started.attempt == 1


async def test_after_its_last_attempt_a_computation_is_dead_and_can_be_replayed(
    computations, database, tenant, submit
):
    recovery, analyses = Recovery(database), Analyses(database)
    analysis = await submit()
    for _ in range(3):
        assert await computations.start(analysis.computation_id, worker="w", max_attempts=3)
    assert await computations.start(analysis.computation_id, worker="w", max_attempts=3) is None
    row = await analyses.get(tenant, analysis.id)
    assert (row.state, row.error_reason) == (State.FAILED, "ANALYSIS_FAILED")
    page = await recovery.list_dead()
    assert (page.total, [dead.id for dead in page.items]) == (1, [analysis.computation_id])
    assert page.items[0].attempts == 3
    await database.execute("DELETE FROM pgqueuer")

    await recovery.replay(analysis.computation_id)
    row = await analyses.get(tenant, analysis.id)
    assert (row.state, row.error_reason, row.finished_at) == (State.QUEUED, "", None)
    assert await database.fetchval("SELECT payload FROM pgqueuer") == analysis.computation_id.bytes
    assert (await recovery.list_dead()).total == 0
    assert await computations.start(analysis.computation_id, worker="w", max_attempts=3)
    assert await computations.complete(analysis.computation_id, b"r")
    with pytest.raises(ConflictError):
        await recovery.replay(analysis.computation_id)
    with pytest.raises(NotFoundError):
        await recovery.replay(uuid4())


async def test_a_replay_stays_out_of_the_way_of_a_newer_computation(
    computations, database, tenant, submission
):
    request = submission()
    submissions = Submissions(database)
    dead = await submissions.submit(tenant, request)
    await computations.fail(dead.analysis.computation_id, reason="X", message="x")
    newer = await submissions.submit(tenant, request)
    await Recovery(database).replay(dead.analysis.computation_id)
    for each in (dead, newer):
        assert await computations.complete(each.analysis.computation_id, b"r")


async def test_lists_of_dead_ones_go_page_by_page(computations, database, submit):
    ids = []
    for _ in range(5):
        analysis = await submit()
        await computations.fail(analysis.computation_id, reason="X", message="x")
        ids.append(analysis.computation_id)
    await computations.fail((await submit()).computation_id, reason="X", message="x", dead=False)
    recovery, found, cursor = Recovery(database), [], None
    for _ in range(3):
        page = await recovery.list_dead(size=2, after=cursor)
        found += [dead.id for dead in page.items]
        cursor = page.next
    assert found == ids[::-1]
    assert cursor is None
    assert page.total == 5


async def test_a_deadline_ends_its_own_analysis_and_an_unwanted_computation(
    computations, database, tenant, submission
):
    past = datetime.now(UTC) - timedelta(seconds=1)
    submissions, analyses = Submissions(database), Analyses(database)
    shared = submission()
    patient = await submissions.submit(tenant, shared)
    hasty = await submissions.submit(
        tenant,
        submission(fingerprint=shared.fingerprint, exact_key=shared.exact_key, deadline_at=past),
    )
    alone = await submissions.submit(tenant, submission(deadline_at=past))
    unwanted = await submissions.submit(tenant, submission(deadline_at=past))
    assert await computations.start(unwanted.analysis.computation_id, worker="w") is None
    assert await Recovery(database).expire_overdue() == 1
    states = {
        name: (await analyses.get(tenant, each.analysis.id)).state
        for name, each in [("patient", patient), ("hasty", hasty), ("alone", alone)]
    }
    assert states == {"patient": State.QUEUED, "hasty": State.FAILED, "alone": State.FAILED}
    row = await analyses.get(tenant, hasty.analysis.id)
    assert (row.error_reason, row.finished_at is not None) == ("DEADLINE_EXCEEDED", True)
    assert await computations.complete(patient.analysis.computation_id, b"r")
    assert (await analyses.get(tenant, hasty.analysis.id)).state is State.FAILED
    assert await database.fetchval("SELECT count(*) FROM pgqueuer") == 1


async def test_a_lost_job_is_found_and_queued_again(database, submit):
    recovery = Recovery(database)
    analysis = await submit()
    await submit()
    assert await recovery.requeue_lost(idle=timedelta(0)) == 0
    await database.execute(
        "DELETE FROM pgqueuer WHERE dedupe_key = $1", str(analysis.computation_id)
    )
    assert await recovery.requeue_lost() == 0
    assert await recovery.requeue_lost(idle=timedelta(0)) == 1
    assert await recovery.requeue_lost(idle=timedelta(0)) == 0
    assert await database.fetchval("SELECT count(*) FROM pgqueuer") == 2


async def test_old_queue_records_are_pruned(database, submit):
    await submit()
    await database.execute("UPDATE pgqueuer_log SET created = now() - interval '8 days'")
    await Recovery(database).prune_queue_records()
    assert await database.fetchval("SELECT count(*) FROM pgqueuer_log") == 1
    await database.execute("UPDATE pgqueuer_log SET aggregated = true")
    await Recovery(database).prune_queue_records()
    assert await database.fetchval("SELECT count(*) FROM pgqueuer_log") == 0


async def test_progress_is_written_now_and_then(computations, submit):
    analysis = await submit()
    started = await computations.start(analysis.computation_id, worker="w")
    writer = ProgressWriter(computations, started, interval=3600)

    async def written():
        return (await computations.snapshots([started.id]))[started.id].percent

    assert await writer.update("READ", 10)
    assert await writer.update("READ", 20)
    assert await written() == 10
    assert await writer.update("LAYOUT", 30)
    assert await written() == 30
    await computations.start(analysis.computation_id, worker="other")
    assert not await writer.update("SAVE", 90)
    assert not await writer.update("SAVE", 91)
