import asyncio
import os
from dataclasses import replace
from uuid import uuid4

import pytest

from stores.errors import NotFoundError
from stores.postgres.analyses import Analyses
from stores.postgres.computations import Computations
from stores.postgres.projects import Projects
from stores.postgres.states import CacheKindName, State
from stores.postgres.submissions import Outcome, Submissions
from stores.postgres.users import Users


@pytest.fixture
def analyses(database):
    return Analyses(database)


@pytest.fixture
def submissions(database):
    return Submissions(database)


async def test_other_tenants_analyses_do_not_exist(
    analyses, submissions, database, tenant, submission
):
    stranger = (await Users(database).create()).id
    mine = (await submissions.submit(tenant, submission())).analysis
    for attempt in (
        analyses.get(stranger, mine.id),
        analyses.get_with_result(stranger, mine.id),
        analyses.cancel(stranger, mine.id),
        analyses.delete(stranger, mine.id),
        analyses.adopt(
            stranger, mine.computation_id, exact_key=b"k" * 32, kind=CacheKindName.EXACT
        ),
        analyses.get(tenant, uuid4()),
    ):
        with pytest.raises(NotFoundError):
            await attempt
    assert (await analyses.list(stranger)).total == 0
    assert await analyses.find_answered(stranger, mine.exact_key) is None
    assert (await analyses.get(tenant, mine.id)) == mine


async def test_lists_go_page_by_page_and_filter(
    analyses, submissions, database, tenant, submission
):
    project = await Projects(database).create(tenant, display_name="P")
    made = [
        (await submissions.submit(tenant, submission(project_id=project.id if n % 2 else None)))
        for n in range(7)
    ]
    await submissions.submit_many(tenant, [submission() for _ in range(3)])
    for each in made[:4]:
        await Computations(database).complete(each.analysis.computation_id, b"r")

    async def walk(**filters):
        found, cursor = [], None
        while True:
            page = await analyses.list(tenant, size=2, after=cursor, **filters)
            found += [row.id for row in page.items]
            cursor = page.next
            if cursor is None:
                return found, page.total

    ids = [each.analysis.id for each in made]
    everything, total = await walk()
    assert everything[3:] == ids[::-1]
    assert (len(set(everything)), total) == (10, 10)
    assert await walk(project_id=project.id) == (ids[1::2][::-1], 3)
    assert await walk(state=State.SUCCEEDED) == (ids[:4][::-1], 4)
    assert await walk(project_id=project.id, state=State.QUEUED) == ([ids[5]], 1)


async def test_cancelling_ends_the_computation_only_when_nobody_else_waits(
    analyses, submissions, database, tenant, submission
):
    request = submission()
    first = await submissions.submit(tenant, request)
    second = await submissions.submit(tenant, request)
    cancelled = await analyses.cancel(tenant, first.analysis.id)
    assert cancelled.analysis.state is State.CANCELLED
    assert not cancelled.computation_cancelled
    assert (await analyses.get(tenant, second.analysis.id)).state is State.QUEUED
    assert await database.fetchval("SELECT count(*) FROM pgqueuer") == 1
    cancelled = await analyses.cancel(tenant, second.analysis.id)
    assert cancelled.computation_cancelled
    assert cancelled.analysis.error_reason == "ANALYSIS_CANCELLED"
    assert await database.fetchval("SELECT count(*) FROM pgqueuer") == 0
    assert not await Computations(database).complete(first.analysis.computation_id, b"late")
    again = await analyses.cancel(tenant, second.analysis.id)
    assert not again.computation_cancelled
    assert again.analysis == cancelled.analysis


async def test_a_finished_analysis_is_not_cancelled(
    analyses, submissions, database, tenant, submission
):
    made = (await submissions.submit(tenant, submission())).analysis
    await Computations(database).complete(made.computation_id, b"r")
    assert (await analyses.cancel(tenant, made.id)).analysis.state is State.SUCCEEDED


async def test_whoever_joins_while_the_last_one_cancels_gets_a_computation(
    analyses, submissions, database, tenant, submission
):
    for _ in range(20):
        request = submission()
        first = await submissions.submit(tenant, request)
        _, joined = await asyncio.gather(
            analyses.cancel(tenant, first.analysis.id), submissions.submit(tenant, request)
        )
        snapshot = await Computations(database).snapshots([joined.analysis.computation_id])
        assert snapshot[joined.analysis.computation_id].state is State.QUEUED
        assert joined.outcome in {Outcome.JOINED, Outcome.CREATED}
        assert (
            await database.fetchval(
                "SELECT count(*) FROM pgqueuer WHERE dedupe_key = $1",
                str(joined.analysis.computation_id),
            )
            == 1
        )


async def test_an_answer_is_found_by_its_exact_key(
    analyses, submissions, database, tenant, submission
):
    request = submission()
    made = (await submissions.submit(tenant, request)).analysis
    assert await analyses.find_answered(tenant, request.exact_key) is None
    await Computations(database).complete(made.computation_id, b"r")
    assert (await analyses.find_answered(tenant, request.exact_key)).id == made.id
    recoded = replace(request, exact_key=os.urandom(32))
    other = (await submissions.submit(tenant, recoded)).analysis
    assert (await analyses.find_answered(tenant, recoded.exact_key)).id == other.id


async def test_degraded_answers_are_not_found(analyses, submissions, database, tenant, submission):
    made = (await submissions.submit(tenant, submission())).analysis
    await Computations(database).complete(made.computation_id, b"r", degraded=True)
    assert await analyses.find_answered(tenant, made.exact_key) is None


async def test_a_near_duplicate_is_filed_under_its_own_key(
    analyses, submissions, database, tenant, submission
):
    made = (await submissions.submit(tenant, submission())).analysis
    key = os.urandom(32)
    arguments = {"exact_key": key, "kind": CacheKindName.NEAR_DUPLICATE, "distance": 12}
    with pytest.raises(NotFoundError):
        await analyses.adopt(tenant, made.computation_id, **arguments)
    await Computations(database).complete(made.computation_id, b"r")
    filed = await analyses.adopt(tenant, made.computation_id, **arguments)
    assert (filed.cache_kind, filed.distance) == (CacheKindName.NEAR_DUPLICATE, 12)
    assert (await analyses.find_answered(tenant, key)).id == filed.id


async def test_deleting_cancels_first_and_leaves_the_computation(
    analyses, submissions, database, tenant, submission
):
    request = submission()
    running = (await submissions.submit(tenant, request)).analysis
    await analyses.delete(tenant, running.id)
    with pytest.raises(NotFoundError):
        await analyses.get(tenant, running.id)
    assert await database.fetchval("SELECT count(*) FROM pgqueuer") == 0
    done = (await submissions.submit(tenant, request)).analysis
    await Computations(database).complete(done.computation_id, b"r")
    await analyses.delete(tenant, done.id)
    assert (await submissions.submit(tenant, request)).outcome is Outcome.DONE
