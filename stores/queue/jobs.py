"""Adds and removes jobs inside a caller's transaction.

A job and what it works on are written together, so that neither exists without the
other. The queue is PgQueuer's; this module talks to it on the caller's connection.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Self
from uuid import UUID

from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.tm import TaskManager
from pgqueuer.ports.driver import Driver, NotifyCallback

from stores.postgres.connection import Queryable

# What analyses are queued under.
ANALYZE = "analyze"


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job to add. Higher `priority` runs first; `headers` carry trace context.

    `key` names what the job works on: there is at most one waiting or running job a key.
    """

    key: UUID
    priority: int = 0
    headers: dict[str, str] | None = None


async def enqueue(
    connection: Queryable, jobs: Sequence[NewJob], *, entrypoint: str = ANALYZE
) -> None:
    """Adds jobs whose payload is the 16 bytes of their key; skips keys that have a job."""
    if not jobs:
        return
    await Queries(_Borrowed(connection)).enqueue(
        [entrypoint] * len(jobs),
        [job.key.bytes for job in jobs],
        [job.priority for job in jobs],
        dedupe_key=[str(job.key) for job in jobs],
        headers=[job.headers for job in jobs],
        on_conflict="skip",
    )


async def cancel(connection: Queryable, keys: Sequence[UUID]) -> int:
    """Removes the jobs of `keys` and tells the workers that run them; returns how many.

    Workers are told when the transaction commits.
    """
    rows = await connection.fetch(
        "SELECT id FROM pgqueuer WHERE dedupe_key = ANY($1::text[]) "
        "AND status IN ('queued', 'picked')",
        [str(key) for key in keys],
    )
    if rows:
        await Queries(_Borrowed(connection)).mark_job_as_cancelled([row["id"] for row in rows])
    return len(rows)


class _Borrowed(Driver):
    """PgQueuer's port to a database, on a connection that belongs to somebody else."""

    def __init__(self, connection: Queryable) -> None:
        self._connection = connection
        self._lock = asyncio.Lock()
        self._shutdown = asyncio.Event()
        self._tasks = TaskManager()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        async with self._lock:
            return [dict(row) for row in await self._connection.fetch(query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        async with self._lock:
            return await self._connection.execute(query, *args)

    async def notify(self, channel: str, payload: str) -> None:
        await self.execute("SELECT pg_notify($1, $2)", channel, payload)

    async def add_listener(self, channel: str, callback: NotifyCallback) -> NoReturn:
        del channel, callback
        raise NotImplementedError("a borrowed connection cannot listen")

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return self._tasks

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None
