"""A read replica that is used only while it is known to be fresh enough."""

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from math import inf
from time import monotonic

import asyncpg
import structlog

from runtime.tasks import TaskSupervisor
from stores.errors import StoreUnavailableError
from stores.postgres.connection import Row
from stores.postgres.failures import DRIVER_ERRORS
from stores.postgres.pool import Pool

_log = structlog.get_logger(__name__)

_CHECKS_PER_LAG = 5
_SHORTEST_INTERVAL, _LONGEST_INTERVAL = 0.05, 1.0
_CHECK_TIMEOUT = 2.0

_PRIMARY = (
    "SELECT (pg_current_wal_lsn() - '0/0')::bigint AS position, "
    "pg_postmaster_start_time() AS started"
)
# What is not in recovery is a primary: the one of DATABASE_URL, or one that was cut off from it.
_REPLICA = (
    "SELECT pg_is_in_recovery() AS recovering, pg_postmaster_start_time() AS started, "
    "(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END "
    "- '0/0')::bigint AS position"
)


# Replay removed what a statement was reading, or has not come to a migration yet. The replica is
# well, and the primary can answer.
_REPLAY_ERRORS = (
    asyncpg.SerializationError,
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where the primary's log ended at a time, by this process's monotonic clock."""

    time: float
    position: int


class Replica:
    """Reads from a replica that is at most `max_lag` seconds behind its primary.

    Several times in every `max_lag` seconds it notes where the primary's log ends, and asks the
    replica how far it has replayed: the replica is as fresh as the newest note that it has
    reached. The replica's own word would not do. The time of its last replayed transaction
    (`pg_last_xact_replay_timestamp`) grows old while nobody writes, and what it has received
    says nothing once its connection to the primary is broken.
    """

    def __init__(self, pool: Pool, primary: Pool, *, max_lag: float) -> None:
        self._pool = pool
        self._primary = primary
        self._max_lag = max_lag
        self._marks: deque[_Mark] = deque()
        self._primary_started: datetime | None = None
        self._fresh_at = -inf
        self._used = False
        self._tasks = TaskSupervisor()

    def start(self) -> None:
        """Begins to watch the replica; it is used from when it is known to be fresh."""
        self._tasks.start(self._watch(), name="watch the read replica")

    async def close(self) -> None:
        """Stops watching."""
        await self._tasks.close()
        self._fresh_at = -inf

    @property
    def lag(self) -> float:
        """How far the replica may be behind, in seconds; infinity while it is not reached."""
        return monotonic() - self._fresh_at

    @property
    def usable(self) -> bool:
        """Whether a read may go there now."""
        return self.lag <= self._max_lag

    async def fetch(self, query: str, *args: object) -> list[Row]:
        """Returns all rows. Raises StoreUnavailableError when the replica cannot answer.

        It is then not used until it has been asked again.
        """
        try:
            async with self._pool.lend() as connection:
                return await connection.fetch(query, *args)
        except _REPLAY_ERRORS as error:
            raise StoreUnavailableError("postgres", str(error)) from error
        except StoreUnavailableError as error:
            self._fresh_at = -inf
            self._tell(error.detail)
            raise

    async def _watch(self) -> None:
        pause = min(max(self._max_lag / _CHECKS_PER_LAG, _SHORTEST_INTERVAL), _LONGEST_INTERVAL)
        while True:
            await self._check()
            await asyncio.sleep(pause)

    async def _check(self) -> None:
        detail = "it lags behind"
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT):
                await self._note_primary()
        except (StoreUnavailableError, TimeoutError, *DRIVER_ERRORS) as error:
            # The notes that there are stay true.
            detail = f"the primary cannot be asked: {error or 'no answer in time'}"
        try:
            async with asyncio.timeout(_CHECK_TIMEOUT):
                await self._ask_replica()
        except (StoreUnavailableError, TimeoutError, *DRIVER_ERRORS) as error:
            self._fresh_at = -inf
            detail = str(error) or "no answer in time"
            await self._pool.renew()
        self._tell(detail)

    async def _note_primary(self) -> None:
        time = monotonic()
        async with self._primary.lend() as connection:
            row = await connection.fetchrow(_PRIMARY)
        if row is None:
            return
        if row["started"] != self._primary_started:
            # Another server, or a restarted one: positions in its log say nothing of the old.
            self._primary_started = row["started"]
            self._marks.clear()
        self._marks.append(_Mark(time, row["position"]))
        while time - self._marks[0].time > self._max_lag:
            self._marks.popleft()

    async def _ask_replica(self) -> None:
        async with self._pool.lend() as connection:
            row = await connection.fetchrow(_REPLICA)
        if row is None or row["position"] is None:
            return
        if not row["recovering"] and row["started"] != self._primary_started:
            raise StoreUnavailableError("postgres", "it is a primary, and not this database's")
        if not row["recovering"] and self._pool.wants_standby:
            # It was promoted under its connections; there may be another replica by now.
            raise StoreUnavailableError("postgres", "it is the primary now")
        while self._marks and self._marks[0].position <= row["position"]:
            self._fresh_at = self._marks.popleft().time

    def _tell(self, detail: str) -> None:
        if self.usable == self._used:
            return
        self._used = self.usable
        if self._used:
            _log.info("postgres_replica_used", lag=round(self.lag, 3))
        else:
            _log.warning("postgres_replica_not_used", detail=detail)
