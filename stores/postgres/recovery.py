"""Puts right what went wrong: dead computations, missed deadlines, lost jobs, old records."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from stores.errors import ConflictError, NotFoundError
from stores.postgres.computations import expire
from stores.postgres.connection import Row
from stores.postgres.database import Database
from stores.postgres.paging import Cursor, Page, page_of
from stores.queue import jobs


@dataclass(frozen=True, slots=True)
class DeadComputation:
    """A computation that failed for good. `error_reason` is an ErrorReason without its prefix."""

    id: UUID
    tenant_id: UUID
    attempts: int
    error_reason: str
    error_message: str
    worker: str
    created_at: datetime
    finished_at: datetime


class Recovery:
    """Inspects and replays dead computations, and does the periodic chores.

    The chores (`expire_overdue` every few seconds, `requeue_lost` twice a minute,
    `prune_queue_records` every hour) may run in every process at once: each skips what another
    is at.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_dead(
        self, *, size: int = 20, after: Cursor | None = None
    ) -> Page[DeadComputation]:
        """Returns up to `size` dead computations, last failed first.

        The cursor's `created_at` holds the time of failure.
        """
        total = await self._database.fetchval("SELECT count(*) FROM computations WHERE dead")
        rows = await self._database.fetch(
            "SELECT id, tenant_id, attempts, error_reason, error_message, worker, "
            "created_at AS submitted_at, finished_at AS created_at FROM computations WHERE dead "
            "AND ($1::timestamptz IS NULL OR (finished_at, id) < ($1, $2)) "
            "ORDER BY finished_at DESC, id DESC LIMIT $3",
            after.created_at if after else None,
            after.id if after else None,
            size + 1,
        )
        return page_of(rows, size, _dead_from_row, total)

    async def replay(self, computation_id: UUID) -> None:
        """Queues a dead computation again with its attempts forgotten; its analyses wait anew.

        It stays out of the way of a computation of the same fingerprint that began meanwhile.
        Raises NotFoundError for an unknown one, ConflictError when it is not dead.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                "SELECT dead, priority, fingerprint FROM computations WHERE id = $1 FOR UPDATE",
                computation_id,
            )
            if row is None:
                raise NotFoundError("computation", computation_id)
            if not row["dead"]:
                raise ConflictError("computation", computation_id, "it is not dead")
            # Serializes replays of one fingerprint; a submission that slips in between makes
            # the update fail on the unique index, and the caller may simply try again.
            await connection.execute(
                "UPDATE computations SET state = 'QUEUED', dead = false, attempts = 0, stage = '', "
                "percent = 0, error_reason = '', error_message = '', finished_at = NULL, "
                "updated_at = now(), shareable = shareable AND NOT EXISTS (SELECT 1 FROM "
                "computations o WHERE o.fingerprint = computations.fingerprint AND o.shareable "
                "AND NOT o.degraded AND o.state IN ('QUEUED', 'RUNNING', 'SUCCEEDED')) "
                "WHERE id = $1",
                computation_id,
            )
            await connection.execute(
                "UPDATE analyses SET state = 'QUEUED', finished_at = NULL, deadline_at = NULL "
                "WHERE computation_id = $1 AND state = 'FAILED' AND error_reason = ''",
                computation_id,
            )
            await jobs.enqueue(connection, [jobs.NewJob(computation_id, row["priority"])])

    async def expire_overdue(self, *, limit: int = 100) -> int:
        """Fails analyses whose deadline has passed, and computations that nobody else wants.

        Looks at up to `limit` computations; returns how many of them it ended.
        """
        ended = 0
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                "SELECT id FROM computations WHERE id IN (SELECT computation_id FROM analyses "
                "WHERE state IN ('QUEUED', 'RUNNING') AND deadline_at <= now() "
                "ORDER BY deadline_at LIMIT $1) ORDER BY id FOR UPDATE SKIP LOCKED",
                limit,
            )
            for row in rows:
                ended += await expire(connection, row["id"])
        return ended

    async def requeue_lost(self, *, idle: timedelta = timedelta(seconds=60)) -> int:
        """Queues computations again that have had neither a job nor progress for `idle`.

        The safety net under the queue: nothing should ever need it. Returns how many.
        """
        async with self._database.transaction() as connection:
            rows = await connection.fetch(
                "SELECT id, priority FROM computations c WHERE state IN ('QUEUED', 'RUNNING') "
                "AND updated_at < now() - $1::interval AND NOT EXISTS (SELECT 1 FROM pgqueuer q "
                "WHERE q.dedupe_key = c.id::text AND q.status IN ('queued', 'picked')) "
                "ORDER BY updated_at LIMIT 100 FOR UPDATE SKIP LOCKED",
                idle,
            )
            await jobs.enqueue(
                connection, [jobs.NewJob(row["id"], row["priority"]) for row in rows]
            )
            return len(rows)

    async def prune_queue_records(self, *, keep: timedelta = timedelta(days=7)) -> None:
        """Deletes the queue's own log and statistics older than `keep`."""
        await self._database.execute(
            "DELETE FROM pgqueuer_log WHERE created < now() - $1::interval AND aggregated", keep
        )
        await self._database.execute(
            "DELETE FROM pgqueuer_statistics WHERE created < now() - $1::interval", keep
        )


def _dead_from_row(row: Row) -> DeadComputation:
    values = dict(row)
    values["finished_at"] = values.pop("created_at")
    values["created_at"] = values.pop("submitted_at")
    return DeadComputation(**values)
