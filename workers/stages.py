"""The stages of a computation: their share of the whole, and how long they took."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from structra.v1 import analysis_pb2
from structra.v1.analysis_pb2 import AnalysisStage, StageTiming

Stage: TypeAlias = AnalysisStage.ValueType

_PREFIX = "ANALYSIS_STAGE_"
# Where each stage begins, in percent; rounded from timings of offline analyses. The last
# stage ends at 100.
_BEGINS: Mapping[Stage, float] = {
    analysis_pb2.ANALYSIS_STAGE_QUEUE: 0,
    analysis_pb2.ANALYSIS_STAGE_LOAD: 0,
    analysis_pb2.ANALYSIS_STAGE_READ: 4,
    analysis_pb2.ANALYSIS_STAGE_SEGMENT: 50,
    analysis_pb2.ANALYSIS_STAGE_LAYOUT: 64,
    analysis_pb2.ANALYSIS_STAGE_UNDERSTAND: 74,
    analysis_pb2.ANALYSIS_STAGE_VALIDATE: 86,
    analysis_pb2.ANALYSIS_STAGE_GENERATE: 88,
    analysis_pb2.ANALYSIS_STAGE_ASSESS: 93,
    analysis_pb2.ANALYSIS_STAGE_VERIFY: 94,
    analysis_pb2.ANALYSIS_STAGE_SAVE: 98,
}


def name_of(stage: Stage) -> str:
    """Returns the stage's name without its prefix, for example "READ"."""
    return AnalysisStage.Name(stage).removeprefix(_PREFIX)


def percent_at(stage: Stage) -> float:
    """Returns the percent of the whole that is done when the stage begins."""
    return _BEGINS[stage]


class StageClock:
    """Adds up the time of each stage; stages may be entered again.

    Args:
        now: A clock in seconds.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._seconds: dict[Stage, float] = {}
        self._stage: Stage | None = None
        self._since = 0.0

    def enter(self, stage: Stage | None) -> None:
        """Ends the present stage and begins another; None begins none."""
        now = self._now()
        if self._stage is not None:
            spent = self._seconds.get(self._stage, 0.0)
            self._seconds[self._stage] = spent + now - self._since
        self._stage, self._since = stage, now

    def seconds(self) -> Mapping[Stage, float]:
        """Returns the time of each stage that has been ended, in their order."""
        return {stage: self._seconds[stage] for stage in _BEGINS if stage in self._seconds}

    def timings(self) -> list[StageTiming]:
        """Returns the same as messages."""
        return [
            StageTiming(stage=stage, milliseconds=1000 * seconds)
            for stage, seconds in self.seconds().items()
        ]
