"""Computations: the work behind analyses, from the queue to a result or an error."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stores.postgres.connection import Queryable
from stores.postgres.database import Database
from stores.postgres.states import State
from stores.queue import jobs

_LIVE = "state IN ('QUEUED', 'RUNNING')"


@dataclass(frozen=True, slots=True)
class Started:
    """A computation that a worker has begun. `attempt` counts from 1; `spec` is serialized."""

    id: UUID
    tenant_id: UUID
    fingerprint: bytes
    exact_key: bytes
    spec: bytes
    attempt: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How far a computation is. `percent` is 0 to 100."""

    id: UUID
    state: State
    stage: str
    percent: float
    degraded: bool
    error_reason: str
    error_message: str
    finished_at: datetime | None


class Computations:
    """Moves computations through their states. Every change is made at most once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def start(
        self, computation_id: UUID, *, worker: str, max_attempts: int = 20
    ) -> Started | None:
        """Begins an attempt; returns None when there is nothing to do.

        That is so when it has finished, was cancelled, or nobody wants the answer any more.
        An attempt is counted even if its worker is killed, so that a computation which kills
        its workers ends; a few kills in a row are bad luck (35 kills over 1,000 jobs took one
        job 6 attempts), so the limit is far above the consumer's limit on failures. Once
        `max_attempts` were made, the computation fails for good with reason ANALYSIS_FAILED and
        can be replayed.
        """
        async with self._database.transaction() as connection:
            row = await connection.fetchrow(
                f"SELECT attempts FROM computations WHERE id = $1 AND {_LIVE} FOR UPDATE",
                computation_id,
            )
            if row is None:
                return None
            if row["attempts"] >= max_attempts:
                await _fail(
                    connection,
                    computation_id,
                    reason="ANALYSIS_FAILED",
                    message=f"no result after {row['attempts']} attempts",
                    dead=True,
                )
                return None
            await expire(connection, computation_id)
            row = await connection.fetchrow(
                "UPDATE computations SET state = 'RUNNING', attempts = attempts + 1, worker = $2, "
                "started_at = coalesce(started_at, now()), updated_at = now() "
                f"WHERE id = $1 AND {_LIVE} RETURNING id, tenant_id, fingerprint, exact_key, spec, "
                "attempts AS attempt, created_at",
                computation_id,
                worker,
            )
            if row is None:
                return None
            await connection.execute(
                "UPDATE analyses SET state = 'RUNNING' "
                "WHERE computation_id = $1 AND state = 'QUEUED'",
                computation_id,
            )
            return Started(**dict(row))

    async def progress(
        self, computation_id: UUID, *, attempt: int, stage: str, percent: float
    ) -> bool:
        """Records the stage and the share that is done, 0 to 100; percent never falls.

        Returns False when the attempt should stop: the computation was cancelled, has
        finished, or another attempt has begun.
        """
        tag = await self._database.execute(
            "UPDATE computations SET stage = $3, percent = greatest(percent, $4), "
            "updated_at = now() WHERE id = $1 AND attempts = $2 AND state = 'RUNNING'",
            computation_id,
            attempt,
            stage,
            percent,
        )
        return tag == "UPDATE 1"

    async def release(self, computation_id: UUID, *, attempt: int) -> None:
        """Takes back an attempt that was stopped without fault, as on draining."""
        await self._database.execute(
            "UPDATE computations SET attempts = attempts - 1, updated_at = now() "
            "WHERE id = $1 AND attempts = $2 AND state = 'RUNNING'",
            computation_id,
            attempt,
        )

    async def complete(
        self,
        computation_id: UUID,
        result: bytes,
        *,
        degraded: bool = False,
        picture: bytes | None = None,
    ) -> bool:
        """Stores the serialized result, and finishes every analysis that waits for it.

        `picture` is the SHA-256 of an image that the result names, and that is kept with it.

        Returns True to exactly one caller, however many workers finish the same
        computation; False means that it had finished or was cancelled, and nothing changed.
        """
        async with self._database.transaction() as connection:
            tag = await connection.execute(
                "UPDATE computations SET state = 'SUCCEEDED', result = $2, degraded = $3, "
                "picture_sha256 = $4, percent = 100, finished_at = now(), updated_at = now() "
                f"WHERE id = $1 AND {_LIVE}",
                computation_id,
                result,
                degraded,
                picture,
            )
            if tag != "UPDATE 1":
                return False
            await _finish_analyses(connection, computation_id, State.SUCCEEDED)
            return True

    async def fail(
        self,
        computation_id: UUID,
        *,
        reason: str,
        message: str,
        attempt: int | None = None,
        dead: bool = True,
    ) -> bool:
        """Ends a computation with an error, and every analysis that waits for it.

        `reason` is an ErrorReason without its prefix. With `attempt`, only that attempt may
        fail it, so that a worker that was thought dead cannot end its successor's. `dead`
        says whether a replay may help. Returns whether this call ended it.
        """
        async with self._database.transaction() as connection:
            return await _fail(
                connection,
                computation_id,
                reason=reason,
                message=message,
                dead=dead,
                attempt=attempt,
            )

    async def result(self, computation_id: UUID) -> bytes | None:
        """Returns the serialized result, or None while there is none."""
        value: bytes | None = await self._database.fetchval(
            "SELECT result FROM computations WHERE id = $1", computation_id
        )
        return value

    async def snapshots(self, computation_ids: Sequence[UUID]) -> dict[UUID, Snapshot]:
        """Returns how far computations are, in one query; unknown ids are left out."""
        rows = await self._database.fetch(
            "SELECT id, state, stage, percent, degraded, error_reason, error_message, finished_at "
            "FROM computations WHERE id = ANY($1::uuid[])",
            list(computation_ids),
        )
        return {row["id"]: Snapshot(**{**dict(row), "state": State(row["state"])}) for row in rows}


class ProgressWriter:
    """Records one attempt's progress at most every `interval` seconds, changes of stage at once."""

    def __init__(
        self, computations: Computations, started: Started, *, interval: float = 0.5
    ) -> None:
        self._computations = computations
        self._started = started
        self._interval = interval
        self._stage = ""
        self._next = 0.0
        self._wanted = True

    async def update(self, stage: str, percent: float) -> bool:
        """Takes progress as `Computations.progress` does; returns False when to stop."""
        now = asyncio.get_running_loop().time()
        if stage != self._stage or now >= self._next:
            self._stage, self._next = stage, now + self._interval
            self._wanted = await self._computations.progress(
                self._started.id, attempt=self._started.attempt, stage=stage, percent=percent
            )
        return self._wanted


async def expire(connection: Queryable, computation_id: UUID) -> bool:
    """Fails the analyses of a locked computation whose deadline passed, with DEADLINE_EXCEEDED.

    Ends the computation too when nobody else waits for it; returns whether it did.
    """
    message = "the deadline passed before there was a result"
    tag = await connection.execute(
        "UPDATE analyses SET state = 'FAILED', error_reason = 'DEADLINE_EXCEEDED', "
        f"error_message = $2, finished_at = now() WHERE computation_id = $1 AND {_LIVE} "
        "AND deadline_at <= now()",
        computation_id,
        message,
    )
    if tag == "UPDATE 0":
        return False
    return await end_unwanted(
        connection, computation_id, State.FAILED, reason="DEADLINE_EXCEEDED", message=message
    )


async def end_unwanted(
    connection: Queryable, computation_id: UUID, state: State, *, reason: str, message: str
) -> bool:
    """Ends a locked computation, and removes its job, unless some analysis waits for it.

    Returns whether it did.
    """
    tag = await connection.execute(
        "UPDATE computations SET state = $2, error_reason = $3, error_message = $4, "
        f"finished_at = now(), updated_at = now() WHERE id = $1 AND {_LIVE} AND NOT EXISTS "
        f"(SELECT 1 FROM analyses WHERE computation_id = $1 AND {_LIVE})",
        computation_id,
        state.value,
        reason,
        message,
    )
    if tag == "UPDATE 0":
        return False
    await jobs.cancel(connection, [computation_id])
    return True


async def _fail(
    connection: Queryable,
    computation_id: UUID,
    *,
    reason: str,
    message: str,
    dead: bool,
    attempt: int | None = None,
) -> bool:
    tag = await connection.execute(
        "UPDATE computations SET state = 'FAILED', error_reason = $2, error_message = $3, "
        "dead = $4, finished_at = now(), updated_at = now() "
        f"WHERE id = $1 AND {_LIVE} AND ($5::integer IS NULL OR attempts = $5)",
        computation_id,
        reason,
        message,
        dead,
        attempt,
    )
    if tag != "UPDATE 1":
        return False
    await _finish_analyses(connection, computation_id, State.FAILED)
    return True


async def _finish_analyses(connection: Queryable, computation_id: UUID, state: State) -> None:
    """A statement of its own, so that it sees analyses that joined while ours waited."""
    await connection.execute(
        "UPDATE analyses SET state = $2, finished_at = now() "
        f"WHERE computation_id = $1 AND {_LIVE}",
        computation_id,
        state.value,
    )
