"""CPU work: the scores of rendered code in, what they say of the schema out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from structra.v1.canonical_schema_pb2 import CanonicalSchema, SchemaProblem
from structra.v1.quality_assessment_pb2 import FidelityScores, QualityAssessment

from engine.assess import assess
from workers.cpu.process import Report


@dataclass(frozen=True, slots=True)
class JudgingJob:
    """What to assess again, now that its code has been measured."""

    schema: CanonicalSchema
    problems: Sequence[SchemaProblem]
    exceptions: Sequence[str]
    measured: FidelityScores


def judge_measured(_: Any, report: Report, job: JudgingJob) -> QualityAssessment:
    """Assesses a schema whose code was rendered and compared with its source."""
    report("assess", 0.0)
    return assess(
        job.schema, problems=job.problems, exceptions=job.exceptions, measured=job.measured
    )
