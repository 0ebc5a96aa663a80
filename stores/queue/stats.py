"""How much work waits, for metrics and health."""

from dataclasses import dataclass

from stores.postgres.connection import Queryable
from stores.queue.jobs import ANALYZE


@dataclass(frozen=True, slots=True)
class QueueStats:
    """Counts of jobs, and how long the oldest due one has waited, in seconds (0: none waits).

    `delayed` jobs wait for their next attempt.
    """

    waiting: int
    delayed: int
    running: int
    oldest_seconds: float


async def read_stats(database: Queryable, *, entrypoint: str = ANALYZE) -> QueueStats:
    """Counts the jobs of an entrypoint."""
    row = await database.fetchrow(
        "SELECT count(*) FILTER (WHERE status = 'queued' AND execute_after <= now()) AS waiting, "
        "count(*) FILTER (WHERE status = 'queued' AND execute_after > now()) AS delayed, "
        "count(*) FILTER (WHERE status = 'picked') AS running, "
        "coalesce(extract(epoch FROM now() - min(execute_after) FILTER "
        "(WHERE status = 'queued' AND execute_after <= now())), 0)::float8 AS oldest_seconds "
        "FROM pgqueuer WHERE entrypoint = $1",
        entrypoint,
    )
    return QueueStats(**dict(row)) if row is not None else QueueStats(0, 0, 0, 0.0)
