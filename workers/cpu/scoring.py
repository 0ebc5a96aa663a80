"""CPU work: a rendered page in, its likeness to the source out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structra.v1.canonical_schema_pb2 import CanonicalSchema
from structra.v1.quality_assessment_pb2 import FidelityScores

from engine.fidelity.expected import fidelity_scores
from engine.fidelity.measured import Page
from engine.imaging import decode
from workers.cpu.process import Report


@dataclass(frozen=True, slots=True)
class ScoringJob:
    """What to compare: the rendered page and its PNG with the encoded source picture."""

    schema: CanonicalSchema
    page: Page
    png: bytes
    source: bytes


def score_rendering(_: Any, report: Report, job: ScoringJob) -> FidelityScores:
    """Scores a rendered page against its source."""
    report("score", 0.0)
    return fidelity_scores(job.schema, job.page, decode(job.png), decode(job.source))
