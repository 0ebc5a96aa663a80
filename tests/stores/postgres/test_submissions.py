import asyncio
import os
from dataclasses import replace
from uuid import uuid4

import pytest

from stores.errors import ConflictError, NotFoundError
from stores.postgres.analyses import Analyses
from stores.postgres.computations import Computations
from stores.postgres.database import Database, DatabaseOptions
from stores.postgres.projects import Projects
from stores.postgres.states import CacheKindName, Plan, State
from stores.postgres.submissions import Outcome, Submissions
from stores.postgres.users import Users


@pytest.fixture
def submissions(database):
    return Submissions(database)


@pytest.fixture
async def replicas(postgres_url, database):
    """Four pools, as four processes would have."""
    pools = [database]
    for _ in range(3):
        pool = Database(DatabaseOptions(postgres_url, pool_size=5))
        await pool.open()
        pools.append(pool)
    yield [Submissions(pool) for pool in pools]
    for pool in pools[1:]:
        await pool.close()


async def count(database, table):
    return await database.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608


async def test_fifty_callers_at_once_make_one_computation_and_one_job(
    replicas, database, tenant, submission
):
    request = submission()
    answers = await asyncio.gather(
        *(replicas[turn % 4].submit(tenant, request) for turn in range(50))
    )
    outcomes = [answer.outcome for answer in answers]
    assert outcomes.count(Outcome.CREATED) == 1
    assert outcomes.count(Outcome.JOINED) == 49
    assert len({answer.analysis.computation_id for answer in answers}) == 1
    assert len({answer.analysis.id for answer in answers}) == 50
    assert await count(database, "computations") == 1
    assert await count(database, "pgqueuer") == 1
    job = await database.fetchrow("SELECT payload, entrypoint FROM pgqueuer")
    assert job["payload"] == answers[0].analysis.computation_id.bytes
    assert job["entrypoint"] == "analyze"
    kinds = {answer.outcome: answer.analysis.cache_kind for answer in answers}
    assert kinds == {
        Outcome.CREATED: CacheKindName.MISS,
        Outcome.JOINED: CacheKindName.COALESCED,
    }


async def test_fifty_repeats_of_one_request_id_make_one_analysis(
    replicas, database, tenant, submission
):
    request = submission(request_id=uuid4())
    answers = await asyncio.gather(
        *(replicas[turn % 4].submit(tenant, request) for turn in range(50))
    )
    assert [answer.outcome for answer in answers].count(Outcome.CREATED) == 1
    assert [answer.outcome for answer in answers].count(Outcome.REPEATED) == 49
    assert len({answer.analysis.id for answer in answers}) == 1
    assert await count(database, "analyses") == 1
    assert await count(database, "pgqueuer") == 1


async def test_overlapping_batches_at_once_share_computations(
    replicas, database, tenant, submission
):
    requests = [submission() for _ in range(30)]
    batches = [requests[::-1], requests[10:], requests[:20], [*requests[15:], *requests[:15]]]
    answers = await asyncio.gather(
        *(
            replica.submit_many(tenant, batch)
            for _ in range(3)
            for replica, batch in zip(replicas, batches, strict=True)
        )
    )
    assert await count(database, "computations") == 30
    assert await count(database, "pgqueuer") == 30
    assert await count(database, "analyses") == 3 * sum(map(len, batches))
    created = [a for batch in answers for a in batch if a.outcome is Outcome.CREATED]
    assert len(created) == 30
    for batch, asked in zip(answers, batches * 3, strict=True):
        assert [a.analysis.exact_key for a in batch] == [item.exact_key for item in asked]


async def test_a_batch_shares_computations_and_request_ids_within_itself(
    submissions, database, tenant, submission
):
    one, key = submission(), uuid4()
    named = submission(request_id=key)
    answers = await submissions.submit_many(tenant, [one, one, named, named, one])
    assert [answer.outcome for answer in answers] == [
        Outcome.CREATED,
        Outcome.JOINED,
        Outcome.CREATED,
        Outcome.REPEATED,
        Outcome.JOINED,
    ]
    assert answers[2].analysis == answers[3].analysis
    assert await count(database, "computations") == 2
    assert await count(database, "analyses") == 4
    with pytest.raises(ConflictError):
        await submissions.submit_many(tenant, [named, replace(named, exact_key=os.urandom(32))])


async def test_a_finished_computation_answers_at_once(submissions, database, tenant, submission):
    request = submission()
    first = await submissions.submit(tenant, request)
    await Computations(database).complete(first.analysis.computation_id, b"result")
    again = await submissions.submit(tenant, request)
    recoded = await submissions.submit(tenant, replace(request, exact_key=os.urandom(32)))
    for answer in (again, recoded):
        assert answer.outcome is Outcome.DONE
        assert answer.analysis.state is State.SUCCEEDED
        assert answer.analysis.finished_at is not None
        assert answer.analysis.computation_id == first.analysis.computation_id
    assert again.analysis.cache_kind is CacheKindName.EXACT
    assert recoded.analysis.cache_kind is CacheKindName.PIXEL
    assert await count(database, "pgqueuer") == 1


@pytest.mark.parametrize("end", ["failed", "degraded", "cancelled", "bypassed"])
async def test_what_cannot_be_reused_never_blocks_a_new_computation(
    submissions, database, tenant, submission, end
):
    request = submission()
    first = await submissions.submit(tenant, replace(request, bypass_cache=end == "bypassed"))
    computations = Computations(database)
    match end:
        case "failed":
            await computations.fail(first.analysis.computation_id, reason="X", message="x")
        case "degraded":
            await computations.complete(first.analysis.computation_id, b"r", degraded=True)
        case "cancelled":
            await Analyses(database).cancel(tenant, first.analysis.id)
    second = await submissions.submit(tenant, request)
    assert second.outcome is Outcome.CREATED
    assert second.analysis.computation_id != first.analysis.computation_id
    third = await submissions.submit(tenant, request)
    assert third.outcome is Outcome.JOINED


async def test_bypassing_computes_anew_beside_a_finished_one(
    submissions, database, tenant, submission
):
    request = submission()
    first = await submissions.submit(tenant, request)
    await Computations(database).complete(first.analysis.computation_id, b"r")
    bypass = replace(request, bypass_cache=True)
    answers = await submissions.submit_many(tenant, [bypass, bypass])
    assert [answer.outcome for answer in answers] == [Outcome.CREATED, Outcome.CREATED]
    assert len({answer.analysis.computation_id for answer in answers}) == 2
    for answer in answers:
        assert await Computations(database).complete(answer.analysis.computation_id, b"new")
    assert (await submissions.submit(tenant, request)).analysis.computation_id == (
        first.analysis.computation_id
    )


async def test_a_request_id_for_another_request_is_a_conflict(submissions, tenant, submission):
    request = submission(request_id=uuid4())
    await submissions.submit(tenant, request)
    with pytest.raises(ConflictError) as caught:
        await submissions.submit(tenant, replace(request, exact_key=os.urandom(32)))
    assert caught.value.resource == "request_id"
    assert caught.value.key == str(request.request_id)


async def test_tenants_have_request_ids_of_their_own(submissions, database, tenant, submission):
    other = (await Users(database).create()).id
    request = submission(request_id=uuid4())
    mine = await submissions.submit(tenant, request)
    theirs = await submissions.submit(other, replace(request, fingerprint=os.urandom(32)))
    assert mine.analysis.id != theirs.analysis.id


async def test_unknown_tenants_and_projects_are_not_found_and_leave_nothing(
    submissions, database, tenant, submission
):
    other = (await Users(database).create()).id
    project = await Projects(database).create(other, display_name="Theirs")
    with pytest.raises(NotFoundError) as caught:
        await submissions.submit(tenant, submission(project_id=project.id))
    assert (caught.value.resource, caught.value.key) == ("project", str(project.id))
    with pytest.raises(NotFoundError):
        await submissions.submit(uuid4(), submission())
    assert await count(database, "computations") == 0
    assert await count(database, "pgqueuer") == 0
    assert (
        await submissions.submit(other, submission(project_id=project.id))
    ).analysis.project_id == project.id


async def test_tenants_take_turns_and_plans_weigh(submissions, database, tenant, submission):
    free = (await Users(database).create()).id
    paying = (await Users(database).create(plan=Plan.PRO)).id
    await submissions.submit_many(tenant, [submission() for _ in range(50)])
    await submissions.submit_many(tenant, [submission() for _ in range(5)])
    await submissions.submit(free, submission())
    await submissions.submit_many(paying, [submission() for _ in range(30)], plan=Plan.PRO)
    rows = await database.fetch(
        "SELECT tenant_id FROM computations c JOIN pgqueuer q ON q.dedupe_key = c.id::text "
        "ORDER BY q.priority DESC, q.id"
    )
    order = [row["tenant_id"] for row in rows]
    # The PRO tenant's lead is 20 jobs; then all three take turns.
    assert order[:19] == [paying] * 19
    assert order.index(free) <= 22
    assert set(order[20:32]) == {tenant, paying, free}
    assert order[-25:] == [tenant] * 25


async def test_trace_context_travels_with_the_job(submissions, database, tenant, submission):
    await submissions.submit(tenant, submission(headers={"traceparent": "00-abc"}))
    assert await database.fetchval("SELECT headers FROM pgqueuer") == {"traceparent": "00-abc"}
