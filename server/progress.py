"""Follows analyses until they have finished.

Events come over Redis. PostgreSQL is the truth: an analysis that is followed is
also read from there, rarely while events flow and often while Redis is away, so a
lost event costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from uuid import UUID

import structlog
from structra.internal.v1.job_pb2 import ProgressEvent
from structra.v1.analysis_pb2 import AnalysisProgress, AnalysisState

from server.analysis_message import progress_of
from server.refusals import shutting_down
from stores.cache.progress import ProgressBus, Updates
from stores.errors import StoreUnavailableError
from stores.postgres.analyses import Analyses, AnalysisRow

# How often PostgreSQL is asked, in seconds: while events flow, and while they do not.
_RARELY, _OFTEN = 3.0, 0.25
# A follower hears something at least so often, in seconds: proxies end silent streams.
_SIGN_OF_LIFE = 30.0
# All followers of a process together ask at most so often a second.
_MOST_A_SECOND = 400

_RUNNING = {
    AnalysisState.ANALYSIS_STATE_QUEUED,
    AnalysisState.ANALYSIS_STATE_RUNNING,
}

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """How far an analysis is: its row as last read, and its progress since."""

    row: AnalysisRow
    progress: AnalysisProgress


class ProgressFeed:
    """Lets calls follow analyses, and tells of changes that this process makes."""

    def __init__(self, bus: ProgressBus, analyses: Analyses) -> None:
        self._bus = bus
        self._analyses = analyses
        self._followers: set[Updates] = set()
        self._closing = False

    async def follow(self, tenant_id: UUID, row: AnalysisRow) -> AsyncGenerator[Step, None]:
        """Yields how far the analysis is, now and at every change, until it has finished.

        Raises SHUTTING_DOWN when this process ends first, NotFoundError when the analysis
        is deleted meanwhile, StoreUnavailableError when the database is away at the start.
        """
        async with self._bus.watch(row.computation_id) as updates:
            self._followers.add(updates)
            try:
                async with aclosing(self._steps(tenant_id, row.id, updates)) as steps:
                    async for step in steps:
                        yield step
            finally:
                self._followers.discard(updates)

    async def finish(self, tenant_id: UUID, row: AnalysisRow) -> AnalysisRow:
        """Returns the row once the analysis has finished; see `follow`."""
        if not row.state.finished:
            async with aclosing(self.follow(tenant_id, row)) as steps:
                async for step in steps:
                    row = step.row
        return row

    async def tell(self, row: AnalysisRow, *, computation_ended: bool) -> None:
        """Tells followers everywhere that an analysis was changed by a call."""
        state = AnalysisState.ANALYSIS_STATE_UNSPECIFIED
        if computation_ended:
            state = AnalysisState.Value(f"ANALYSIS_STATE_{row.state.value}")
        event = ProgressEvent(computation_id=row.computation_id.bytes, state=state)
        await self._bus.publish(row.computation_id, event.SerializeToString())

    def close(self) -> None:
        """Ends all following, what begins later too, with SHUTTING_DOWN."""
        self._closing = True
        for updates in self._followers:
            updates.push(None)

    async def _steps(
        self, tenant_id: UUID, analysis_id: UUID, updates: Updates
    ) -> AsyncGenerator[Step, None]:
        row = await self._analyses.get(tenant_id, analysis_id)
        progress = progress_of(row.stage, row.percent)
        yield Step(row, progress)
        told = monotonic()
        while not row.state.finished:
            message = await updates.next(self._interval())
            if self._closing:
                raise shutting_down(str(analysis_id))
            if monotonic() - told > _SIGN_OF_LIFE:
                told = monotonic()
                yield Step(row, progress)
            event = ProgressEvent.FromString(message) if message is not None else None
            if event is not None and event.state in _RUNNING:
                if event.progress.percent < progress.percent or event.progress == progress:
                    continue
                progress = event.progress
            else:
                newer = await self._read(tenant_id, analysis_id)
                if newer is None or newer == row:
                    continue
                row = newer
                read = progress_of(row.stage, row.percent)
                progress = max(progress, read, key=lambda item: item.percent)
            told = monotonic()
            yield Step(row, progress)

    async def _read(self, tenant_id: UUID, analysis_id: UUID) -> AnalysisRow | None:
        """Returns the row, None while the database is away: it will come back."""
        try:
            return await self._analyses.get(tenant_id, analysis_id)
        except StoreUnavailableError as error:
            _log.warning("progress cannot be read", analysis_id=str(analysis_id), detail=str(error))
            return None

    def _interval(self) -> float:
        usual = _RARELY if self._bus.connected else _OFTEN
        return max(usual, len(self._followers) / _MOST_A_SECOND)
