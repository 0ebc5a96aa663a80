"""A worker for tests: completes computations through the real stores, at the test's pace."""

from __future__ import annotations

import asyncio
from uuid import UUID

from structra.internal.v1.job_pb2 import AnalysisSpec, ProgressEvent
from structra.v1.analysis_pb2 import AnalysisProgress, AnalysisResult, AnalysisState

from stores.cache.progress import ProgressBus
from stores.postgres.computations import Computations, Started
from stores.postgres.database import Database


class TestWorker:
    """Claims by asking the database, since the queue is not what is tested here."""

    __test__ = False

    def __init__(self, database: Database, bus: ProgressBus | None = None) -> None:
        self._database = database
        self._computations = Computations(database)
        self._bus = bus
        self.specs: list[AnalysisSpec] = []

    async def claim(self) -> Started:
        """Waits for a queued computation and starts it."""
        while True:
            found = await self._database.fetchval(
                "SELECT id FROM computations WHERE state = 'QUEUED' ORDER BY id LIMIT 1"
            )
            if found is not None:
                started = await self._computations.start(found, worker="test")
                if started is not None:
                    self.specs.append(AnalysisSpec.FromString(started.spec))
                    return started
            await asyncio.sleep(0.01)

    async def complete(
        self, started: Started, result: AnalysisResult | None = None, *, degraded: bool = False
    ) -> None:
        result = result or result_named("made by the test")
        await self._computations.complete(started.id, result.SerializeToString(), degraded=degraded)
        await self.publish(started.id, AnalysisState.ANALYSIS_STATE_SUCCEEDED, 100)

    async def fail(self, started: Started, reason: str, message: str) -> None:
        await self._computations.fail(started.id, reason=reason, message=message)
        await self.publish(started.id, AnalysisState.ANALYSIS_STATE_FAILED, 0)

    async def progress(self, started: Started, stage: str, percent: float) -> None:
        await self._computations.progress(
            started.id, attempt=started.attempt, stage=stage, percent=percent
        )
        await self.publish(started.id, AnalysisState.ANALYSIS_STATE_RUNNING, percent, stage)

    async def publish(
        self,
        computation_id: UUID,
        state: AnalysisState.ValueType,
        percent: float,
        stage: str = "SAVE",
    ) -> None:
        if self._bus is None:
            return
        event = ProgressEvent(
            computation_id=computation_id.bytes,
            state=state,
            progress=AnalysisProgress(stage=f"ANALYSIS_STAGE_{stage}", percent=percent),
        )
        await self._bus.publish(computation_id, event.SerializeToString())

    async def serve(self) -> None:
        """Completes whatever comes, until cancelled."""
        while True:
            await self.complete(await self.claim())


def result_named(title: str) -> AnalysisResult:
    result = AnalysisResult()
    result.schema.meta.title = title
    return result
