"""Submitting: one transaction turns requests into analyses, computations and jobs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import asyncpg

from stores.errors import ConflictError, NotFoundError
from stores.ids import uuid7
from stores.postgres import analyses
from stores.postgres.analyses import AnalysisRow
from stores.postgres.connection import Connection
from stores.postgres.database import Database
from stores.postgres.states import CacheKindName, Plan, State
from stores.queue import jobs

_REUSABLE = "shareable AND NOT degraded AND state IN ('QUEUED', 'RUNNING', 'SUCCEEDED')"
# Two transactions can get in each other's way at most a few times before one of them is done.
_ATTEMPTS = 5
# Beyond this many waiting jobs a tenant's further ones all count as equally late.
_FAIRNESS_HORIZON = 10_000


class Outcome(StrEnum):
    """What became of a submission."""

    CREATED = "CREATED"  # A new computation was queued.
    JOINED = "JOINED"  # The same computation was queued or running already.
    DONE = "DONE"  # The same computation had succeeded before.
    REPEATED = "REPEATED"  # The request id had been used: this is the first one's analysis.


@dataclass(frozen=True, slots=True)
class Submission:
    """One request. Digests have 32 bytes; `spec` is the serialized AnalysisSpec.

    `deadline_at` is when nobody wants the answer any more; None means never. `headers`
    (trace context) travel with the job.
    """

    fingerprint: bytes
    exact_key: bytes
    spec: bytes
    request_id: UUID | None = None
    project_id: UUID | None = None
    bypass_cache: bool = False
    deadline_at: datetime | None = None
    headers: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """The analysis that answers a submission. Its result, if any, is read separately."""

    analysis: AnalysisRow
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Computation:
    id: UUID
    exact_key: bytes
    state: State
    created: bool

    def outcome(self) -> Outcome:
        if self.created:
            return Outcome.CREATED
        return Outcome.DONE if self.state is State.SUCCEEDED else Outcome.JOINED

    def cache_kind(self, exact_key: bytes) -> CacheKindName:
        match self.outcome():
            case Outcome.CREATED:
                return CacheKindName.MISS
            case Outcome.JOINED:
                return CacheKindName.COALESCED
            case _:
                equal = self.exact_key == exact_key
                return CacheKindName.EXACT if equal else CacheKindName.PIXEL


class _OvertakenError(Exception):
    """Another transaction used one of our request ids, or was preferred in a deadlock."""


class Submissions:
    """Accepts requests for analyses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def submit(
        self, tenant_id: UUID, submission: Submission, *, plan: Plan = Plan.FREE
    ) -> Submitted:
        """Accepts one request: see `submit_many`."""
        return (await self.submit_many(tenant_id, [submission], plan=plan))[0]

    async def submit_many(
        self, tenant_id: UUID, submissions: Sequence[Submission], *, plan: Plan = Plan.FREE
    ) -> list[Submitted]:
        """Accepts requests of one tenant, all or none; answers in their order.

        Each gets an analysis, except that a repeated request id gets the first one's. Equal
        fingerprints share one computation and one job, however many callers and processes
        submit them at once; with `bypass_cache` a request gets a computation of its own.

        Raises NotFoundError for an unknown tenant or project, ConflictError when a request id
        was used for a different request, StoreUnavailableError.
        """
        for _ in range(_ATTEMPTS):
            try:
                async with self._database.transaction() as connection:
                    return await _submit(connection, tenant_id, submissions, plan)
            except (_OvertakenError, asyncpg.DeadlockDetectedError):
                continue
        raise ConflictError("submission", tenant_id, "overtaken too often; try again")


async def _submit(
    connection: Connection, tenant_id: UUID, submissions: Sequence[Submission], plan: Plan
) -> list[Submitted]:
    repeated = await _find_repeated(connection, tenant_id, submissions)
    first: dict[UUID, int] = {}
    fresh: list[int] = []
    for position, item in enumerate(submissions):
        if item.request_id is not None:
            if item.request_id in repeated:
                continue
            if item.request_id in first:
                _require_same(submissions[first[item.request_id]].exact_key, item)
                continue
            first[item.request_id] = position
        fresh.append(position)

    items = [submissions[position] for position in fresh]
    await _check_projects(connection, tenant_id, items)
    computations = await _resolve(connection, tenant_id, items, plan)
    rows = await _insert_analyses(connection, tenant_id, items, computations)

    answers = {
        position: Submitted(row, computation.outcome())
        for position, row, computation in zip(fresh, rows, computations, strict=True)
    }
    for position, item in enumerate(submissions):
        if position not in answers and item.request_id is not None:
            known = repeated.get(item.request_id) or answers[first[item.request_id]].analysis
            answers[position] = Submitted(known, Outcome.REPEATED)
    return [answers[position] for position in range(len(submissions))]


async def _find_repeated(
    connection: Connection, tenant_id: UUID, submissions: Sequence[Submission]
) -> dict[UUID, AnalysisRow]:
    """Returns the analyses that were created before under the submissions' request ids."""
    wanted = {item.request_id: item for item in submissions if item.request_id is not None}
    if not wanted:
        return {}
    rows = await connection.fetch(
        f"SELECT {analyses.COLUMNS} FROM analyses a JOIN computations c "
        "ON c.id = a.computation_id WHERE a.tenant_id = $1 AND a.request_id = ANY($2::uuid[])",
        tenant_id,
        list(wanted),
    )
    found: dict[UUID, AnalysisRow] = {}
    for row in map(analyses.from_row, rows):
        if row.request_id is not None:
            _require_same(row.exact_key, wanted[row.request_id])
            found[row.request_id] = row
    return found


def _require_same(exact_key: bytes, item: Submission) -> None:
    if exact_key != item.exact_key:
        raise ConflictError(
            "request_id", item.request_id or "", "it was used for a different request"
        )


async def _check_projects(
    connection: Connection, tenant_id: UUID, items: Sequence[Submission]
) -> None:
    wanted = {item.project_id for item in items if item.project_id is not None}
    if not wanted:
        return
    rows = await connection.fetch(
        "SELECT id FROM projects WHERE user_id = $1 AND id = ANY($2::uuid[]) FOR KEY SHARE",
        tenant_id,
        list(wanted),
    )
    for missing in wanted - {row["id"] for row in rows}:
        raise NotFoundError("project", missing)


async def _resolve(
    connection: Connection, tenant_id: UUID, items: Sequence[Submission], plan: Plan
) -> list[_Computation]:
    """Returns a computation for each item; `created` on the first of those that share one."""
    shared: dict[bytes, Submission] = {}
    for item in items:
        if not item.bypass_cache:
            shared.setdefault(item.fingerprint, item)
    found = await _find_or_create(connection, tenant_id, shared, plan)
    private = iter(
        await _create(connection, tenant_id, [item for item in items if item.bypass_cache], plan)
    )
    computations = []
    for item in items:
        if item.bypass_cache:
            computations.append(next(private)[1])
            continue
        computation = found[item.fingerprint]
        computations.append(computation)
        found[item.fingerprint] = replace(computation, created=False)
    return computations


async def _find_or_create(
    connection: Connection, tenant_id: UUID, items: dict[bytes, Submission], plan: Plan
) -> dict[bytes, _Computation]:
    """Returns a computation for each fingerprint.

    Fingerprints are locked and inserted in one order everywhere, against deadlocks. The
    share lock keeps a found computation from being finished or cancelled before the
    analysis that wants it is there to be counted.
    """
    found: dict[bytes, _Computation] = {}
    for _ in range(_ATTEMPTS):
        missing = sorted(items.keys() - found.keys())
        if not missing:
            return found
        rows = await connection.fetch(
            f"SELECT id, fingerprint, exact_key, state FROM computations WHERE {_REUSABLE} "
            "AND fingerprint = ANY($1::bytea[]) ORDER BY fingerprint FOR SHARE",
            missing,
        )
        for row in rows:
            found[row["fingerprint"]] = _Computation(
                row["id"], row["exact_key"], State(row["state"]), created=False
            )
        new = [items[key] for key in missing if key not in found]
        for item, computation in await _create(connection, tenant_id, new, plan):
            found[item.fingerprint] = computation
    if items.keys() == found.keys():
        return found
    raise _OvertakenError


async def _create(
    connection: Connection, tenant_id: UUID, items: Sequence[Submission], plan: Plan
) -> list[tuple[Submission, _Computation]]:
    """Inserts computations and their jobs; leaves out those that another transaction created."""
    if not items:
        return []
    by_id = {uuid7(): item for item in items}
    rows = await connection.fetch(
        "INSERT INTO computations (id, tenant_id, fingerprint, exact_key, spec, shareable, "
        "priority) SELECT i.id, $1, i.fingerprint, i.exact_key, i.spec, i.shareable, "
        "$7 - i.position - (SELECT count(*) FROM (SELECT 1 FROM computations WHERE tenant_id = $1 "
        "AND state IN ('QUEUED', 'RUNNING') LIMIT $8) live) "
        "FROM unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::bytea[], $6::boolean[]) "
        "WITH ORDINALITY AS i (id, fingerprint, exact_key, spec, shareable, position) "
        f"ORDER BY i.position ON CONFLICT (fingerprint) WHERE {_REUSABLE} DO NOTHING "
        "RETURNING id, priority",
        tenant_id,
        list(by_id),
        [item.fingerprint for item in items],
        [item.exact_key for item in items],
        [item.spec for item in items],
        [not item.bypass_cache for item in items],
        plan.priority,
        _FAIRNESS_HORIZON,
    )
    await jobs.enqueue(
        connection,
        [jobs.NewJob(row["id"], row["priority"], by_id[row["id"]].headers) for row in rows],
    )
    created = []
    for row in rows:
        item = by_id[row["id"]]
        created.append((item, _Computation(row["id"], item.exact_key, State.QUEUED, created=True)))
    return created


async def _insert_analyses(
    connection: Connection,
    tenant_id: UUID,
    items: Sequence[Submission],
    computations: Sequence[_Computation],
) -> list[AnalysisRow]:
    if not items:
        return []
    ids = [uuid7() for _ in items]
    rows = await connection.fetch(
        "WITH a AS (INSERT INTO analyses (id, tenant_id, computation_id, project_id, request_id, "
        "exact_key, state, cache_kind, deadline_at, finished_at) "
        "SELECT i.id, $1, i.computation_id, i.project_id, i.request_id, i.exact_key, i.state, "
        "i.cache_kind, i.deadline_at, "
        "CASE WHEN i.state = 'SUCCEEDED' THEN now() END "
        "FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bytea[], $7::text[], "
        "$8::text[], $9::timestamptz[]) AS i (id, computation_id, project_id, request_id, "
        "exact_key, state, cache_kind, deadline_at) "
        "ON CONFLICT (tenant_id, request_id) WHERE request_id IS NOT NULL DO NOTHING "
        f"RETURNING *) SELECT {analyses.COLUMNS} FROM a JOIN computations c "
        "ON c.id = a.computation_id",
        tenant_id,
        ids,
        [computation.id for computation in computations],
        [item.project_id for item in items],
        [item.request_id for item in items],
        [item.exact_key for item in items],
        [computation.state.value for computation in computations],
        [
            computation.cache_kind(item.exact_key).value
            for item, computation in zip(items, computations, strict=True)
        ],
        [item.deadline_at for item in items],
    )
    if len(rows) < len(items):
        # Somebody else used one of the request ids meanwhile: start over and answer with theirs.
        raise _OvertakenError
    by_id = {row["id"]: analyses.from_row(row) for row in rows}
    return [by_id[analysis_id] for analysis_id in ids]
