"""Analyses: what belongs to a tenant. Each points at the computation that answers it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stores.errors import NotFoundError
from stores.ids import uuid7
from stores.postgres.computations import end_unwanted
from stores.postgres.connection import Queryable, Row
from stores.postgres.database import Database
from stores.postgres.paging import Cursor, Page, page_of
from stores.postgres.states import CacheKindName, State

# Every column of an analysis and what its computation says about it, for `FROM analyses a
# JOIN computations c`.
COLUMNS = (
    "a.id, a.tenant_id, a.computation_id, a.project_id, a.request_id, a.exact_key, a.state, "
    "a.cache_kind, a.distance, a.created_at, a.finished_at, a.deadline_at, c.stage, c.percent, "
    "c.degraded, CASE WHEN a.error_reason <> '' THEN a.error_reason ELSE c.error_reason END AS "
    "error_reason, CASE WHEN a.error_reason <> '' THEN a.error_message ELSE c.error_message END "
    "AS error_message, c.finished_at AS computed_at"
)
_FROM = "FROM analyses a JOIN computations c ON c.id = a.computation_id"


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """An analysis. `stage` to `computed_at` come from its computation.

    `error_reason` is an ErrorReason without its prefix; it counts only when the state is
    FAILED or CANCELLED.
    """

    id: UUID
    tenant_id: UUID
    computation_id: UUID
    project_id: UUID | None
    request_id: UUID | None
    exact_key: bytes
    state: State
    cache_kind: CacheKindName
    distance: int
    created_at: datetime
    finished_at: datetime | None
    deadline_at: datetime | None
    stage: str
    percent: float
    degraded: bool
    error_reason: str
    error_message: str
    computed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """An analysis after a request to cancel it, and whether its computation ended with it."""

    analysis: AnalysisRow
    computation_cancelled: bool


def from_row(row: Row) -> AnalysisRow:
    """Builds an AnalysisRow from a row of `COLUMNS`."""
    values = dict(row)
    values["state"] = State(values["state"])
    values["cache_kind"] = CacheKindName(values["cache_kind"])
    return AnalysisRow(**values)


class Analyses:
    """Reads, lists, cancels and deletes analyses. Other tenants' do not exist for a tenant."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, tenant_id: UUID, analysis_id: UUID) -> AnalysisRow:
        """Returns one analysis. Raises NotFoundError."""
        return await _get(self._database, tenant_id, analysis_id)

    async def get_with_result(
        self, tenant_id: UUID, analysis_id: UUID
    ) -> tuple[AnalysisRow, bytes | None]:
        """Returns an analysis and its serialized result, None while there is none.

        Raises NotFoundError.
        """
        row = await self._database.fetchrow(
            f"SELECT {COLUMNS}, CASE WHEN a.state = 'SUCCEEDED' THEN c.result END AS result "
            f"{_FROM} WHERE a.id = $1 AND a.tenant_id = $2",
            analysis_id,
            tenant_id,
        )
        if row is None:
            raise NotFoundError("analysis", analysis_id)
        values = dict(row)
        result: bytes | None = values.pop("result")
        return from_row(values), result

    async def find_answered(self, tenant_id: UUID, exact_key: bytes) -> AnalysisRow | None:
        """Returns the tenant's newest analysis that answers the same request, or None.

        Only results that may be reused count: not degraded ones.
        """
        row = await self._database.fetchrow(
            f"SELECT {COLUMNS} {_FROM} WHERE a.tenant_id = $1 AND a.exact_key = $2 "
            "AND a.state = 'SUCCEEDED' AND NOT c.degraded ORDER BY a.created_at DESC LIMIT 1",
            tenant_id,
            exact_key,
        )
        return None if row is None else from_row(row)

    async def list(
        self,
        tenant_id: UUID,
        *,
        size: int = 20,
        after: Cursor | None = None,
        project_id: UUID | None = None,
        state: State | None = None,
    ) -> Page[AnalysisRow]:
        """Returns up to `size` analyses after the cursor, newest first, and how many match.

        May lag a little behind when a read replica is configured.
        """
        conditions = ["a.tenant_id = $1"]
        arguments: list[object] = [tenant_id]
        if project_id is not None:
            arguments.append(project_id)
            conditions.append(f"a.project_id = ${len(arguments)}")
        if state is not None:
            arguments.append(state.value)
            conditions.append(f"a.state = ${len(arguments)}")
        where = " AND ".join(conditions)
        totals = await self._database.fetch_stale(
            f"SELECT count(*) FROM analyses a WHERE {where}", *arguments
        )
        if after is not None:
            arguments += [after.created_at, after.id]
            where += f" AND (a.created_at, a.id) < (${len(arguments) - 1}, ${len(arguments)})"
        arguments.append(size + 1)
        rows = await self._database.fetch_stale(
            f"SELECT {COLUMNS} {_FROM} WHERE {where} "
            f"ORDER BY a.created_at DESC, a.id DESC LIMIT ${len(arguments)}",
            *arguments,
        )
        return page_of(rows, size, from_row, totals[0]["count"])

    async def adopt(
        self,
        tenant_id: UUID,
        computation_id: UUID,
        *,
        exact_key: bytes,
        kind: CacheKindName,
        distance: int = 0,
        project_id: UUID | None = None,
    ) -> AnalysisRow:
        """Files a new analysis that a computation of the same tenant answers already.

        Raises NotFoundError unless the computation succeeded.
        """
        analysis_id = uuid7()
        tag = await self._database.execute(
            "INSERT INTO analyses (id, tenant_id, computation_id, project_id, exact_key, state, "
            "cache_kind, distance, finished_at) SELECT $1, $2, c.id, $4, $5, 'SUCCEEDED', $6, $7, "
            "now() FROM computations c WHERE c.id = $3 AND c.tenant_id = $2 "
            "AND c.state = 'SUCCEEDED'",
            analysis_id,
            tenant_id,
            computation_id,
            project_id,
            exact_key,
            kind.value,
            distance,
        )
        if tag != "INSERT 0 1":
            raise NotFoundError("computation", computation_id)
        return await self.get(tenant_id, analysis_id)

    async def cancel(self, tenant_id: UUID, analysis_id: UUID) -> Cancelled:
        """Cancels an analysis that has not finished; a finished one is left as it is.

        Its computation is cancelled with it when no other analysis waits for it: its job is
        removed, and the worker that runs it is told. Raises NotFoundError.
        """
        async with self._database.transaction() as connection:
            ended = await _cancel(connection, tenant_id, analysis_id)
            return Cancelled(await _get(connection, tenant_id, analysis_id), ended)

    async def delete(self, tenant_id: UUID, analysis_id: UUID) -> None:
        """Cancels an analysis if it has not finished, and deletes it. Raises NotFoundError.

        Its computation stays, to answer the same request again.
        """
        async with self._database.transaction() as connection:
            await _cancel(connection, tenant_id, analysis_id)
            await connection.execute("DELETE FROM analyses WHERE id = $1", analysis_id)


async def _get(connection: Queryable, tenant_id: UUID, analysis_id: UUID) -> AnalysisRow:
    row = await connection.fetchrow(
        f"SELECT {COLUMNS} {_FROM} WHERE a.id = $1 AND a.tenant_id = $2", analysis_id, tenant_id
    )
    if row is None:
        raise NotFoundError("analysis", analysis_id)
    return from_row(row)


async def _cancel(connection: Queryable, tenant_id: UUID, analysis_id: UUID) -> bool:
    """Returns whether the computation was cancelled too.

    Locks the computation first, as completing and submitting do: whoever joins it either
    is counted here or finds it cancelled.
    """
    computation_id = await connection.fetchval(
        f"SELECT c.id {_FROM} WHERE a.id = $1 AND a.tenant_id = $2 FOR UPDATE OF c",
        analysis_id,
        tenant_id,
    )
    if computation_id is None:
        raise NotFoundError("analysis", analysis_id)
    tag = await connection.execute(
        "UPDATE analyses SET state = 'CANCELLED', error_reason = 'ANALYSIS_CANCELLED', "
        "error_message = 'the analysis was cancelled', finished_at = now() "
        "WHERE id = $1 AND state IN ('QUEUED', 'RUNNING')",
        analysis_id,
    )
    if tag == "UPDATE 0":
        return False
    return await end_unwanted(
        connection,
        computation_id,
        State.CANCELLED,
        reason="ANALYSIS_CANCELLED",
        message="the analysis was cancelled",
    )
