"""Why a computation has no result.

Errors that are not listed here (a store that is away, a CPU process that died)
mean another attempt.
"""

from __future__ import annotations

from structra.v1.analysis_pb2 import AnalysisStage


class StageError(Exception):
    """Is raised when a stage failed for a reason that another attempt does not change.

    Attributes:
        stage: The stage.
        reason: An ErrorReason without its prefix.
        message: What happened and what the caller can do, in a sentence or two.
        replayable: Whether a replay may help, once what was wrong is put right.
    """

    def __init__(
        self,
        stage: AnalysisStage.ValueType,
        reason: str,
        message: str,
        *,
        replayable: bool = False,
    ) -> None:
        super().__init__(message)
        self.stage = stage
        self.reason = reason
        self.message = message
        self.replayable = replayable


class SupersededError(Exception):
    """Is raised when this attempt's outcome is of no use any more.

    The computation was cancelled, has a result, or another worker has taken it over.
    """
