"""Tells how far a computation is: to watchers over Redis, and to the database.

Redis gets what changed at most `PUBLISH_SECONDS` apart, the database less often
(`ProgressWriter`). Both may be away: progress is lost then, the work is not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

import structlog
from structra.internal.v1.job_pb2 import ProgressEvent
from structra.v1 import analysis_pb2
from structra.v1.analysis_pb2 import AnalysisProgress, AnalysisState

from stores.cache.progress import ProgressBus
from stores.errors import StoreUnavailableError
from stores.postgres.computations import ProgressWriter
from workers.errors import SupersededError
from workers.stages import Stage, StageClock, name_of, percent_at

_log = structlog.get_logger(__name__)

PUBLISH_SECONDS = 0.1


class JobProgress:
    """The progress of one attempt.

    `move` may be called at any rate; `run` has to run beside the work to pass on
    what it says.
    """

    def __init__(
        self,
        computation_id: UUID,
        bus: ProgressBus,
        writer: ProgressWriter,
        *,
        on_stage: Callable[[Stage | None], None] = lambda _: None,
    ) -> None:
        """`on_stage` hears of each stage that is entered, and of None when the work ends."""
        self.clock = StageClock(asyncio.get_running_loop().time)
        self._computation_id = computation_id
        self._bus = bus
        self._writer = writer
        self._on_stage = on_stage
        self._stage: Stage = analysis_pb2.ANALYSIS_STAGE_LOAD
        self._percent = 0.0
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def stage(self) -> Stage:
        """The furthest stage that was entered."""
        return self._stage

    def move(self, stage: Stage, percent: float | None = None) -> None:
        """Says that `stage` is under way, and how much of the whole is done, 0 to 100.

        What is shown never goes back; without `percent` it is where the stage begins.
        """
        self.clock.enter(stage)
        self._on_stage(stage)
        self._stage = max(self._stage, stage)
        begun = percent_at(self._stage)
        self._percent = max(self._percent, begun if percent is None else percent)
        self._changed.set()

    async def enter(self, stage: Stage) -> None:
        """Moves to a stage, and tells everybody at once.

        Raises:
            SupersededError: Nobody needs this attempt any more.
        """
        self.move(stage)
        await self._tell()

    async def run(self) -> None:
        """Passes progress on until `close`."""
        while not self._closed:
            await self._changed.wait()
            self._changed.clear()
            try:
                await self._tell()
            except SupersededError:
                # The work itself finds out when it enters its next stage.
                return
            await asyncio.sleep(PUBLISH_SECONDS)

    def close(self) -> None:
        """Ends `run`. A client that loses a cancellation could keep it, and the job, for ever."""
        self._closed = True
        self._changed.set()

    async def finish(self, state: AnalysisState.ValueType) -> None:
        """Tells watchers the final state, which must be in the database already."""
        self.clock.enter(None)
        self._on_stage(None)
        percent = 100.0 if state == analysis_pb2.ANALYSIS_STATE_SUCCEEDED else self._percent
        await self._publish(state, percent)

    async def _tell(self) -> None:
        stage, percent = self._stage, self._percent
        await self._publish(analysis_pb2.ANALYSIS_STATE_RUNNING, percent)
        try:
            wanted = await self._writer.update(name_of(stage), percent)
        except StoreUnavailableError as error:
            _log.warning("progress not recorded", detail=str(error))
            return
        if not wanted:
            raise SupersededError

    async def _publish(self, state: AnalysisState.ValueType, percent: float) -> None:
        event = ProgressEvent(
            computation_id=self._computation_id.bytes,
            progress=AnalysisProgress(stage=self._stage, percent=percent),
            state=state,
        )
        await self._bus.publish(self._computation_id, event.SerializeToString())
