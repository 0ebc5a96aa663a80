"""What has to be done every so often, by any worker: each chore skips what another is at."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from runtime.telemetry.metrics import Metrics
from stores.errors import StoreError
from stores.postgres.database import Database
from stores.postgres.recovery import Recovery
from stores.queue.stats import read_stats

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do every `seconds`; a store that is away only puts it off."""

    name: str
    seconds: float
    do: Callable[[], Awaitable[object]]

    async def run(self) -> None:
        """Does it until cancelled."""
        while True:
            try:
                await self.do()
            except StoreError as error:
                _log.warning("chore put off", chore=self.name, detail=str(error))
            await asyncio.sleep(self.seconds)


def chores(database: Database, metrics: Metrics) -> tuple[Chore, ...]:
    """Returns the chores of a worker."""
    recovery = Recovery(database)

    async def measure_queue() -> None:
        stats = await read_stats(database)
        metrics.queue_depth.set(stats.waiting)
        metrics.queue_age_seconds.set(stats.oldest_seconds)

    return (
        Chore("measure the queue", 5.0, measure_queue),
        Chore("expire overdue analyses", 5.0, recovery.expire_overdue),
        Chore("queue lost computations", 30.0, recovery.requeue_lost),
        Chore("prune queue records", 3600.0, recovery.prune_queue_records),
    )
