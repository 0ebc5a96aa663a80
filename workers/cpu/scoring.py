"""CPU work of verification: code to render, and the likeness of the rendered page to its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from structra.v1.canonical_schema_pb2 import CanonicalSchema
from structra.v1.code_service_pb2 import CodeBundle
from structra.v1.quality_assessment_pb2 import FidelityScores

from engine.codegen import generate_bundle
from engine.fidelity.expected import fidelity_scores
from engine.fidelity.measured import Page
from engine.imaging import decode, pdq, pixel_digest
from workers.cpu.process import Report


@dataclass(frozen=True, slots=True)
class ScoringJob:
    """What to compare: the rendered page and its PNG with the encoded source picture."""

    schema: CanonicalSchema
    page: Page
    png: bytes
    source: bytes


@dataclass(frozen=True, slots=True)
class ScoringOutcome:
    """The scores, and what the rendered picture is known by: sizes in pixels, 32-byte digests.

    `pdq_quality` is 0 to 100.
    """

    scores: FidelityScores
    width: int
    height: int
    pixel_digest: bytes
    pdq: bytes
    pdq_quality: int


def generate_page(_: Any, report: Report, schema: CanonicalSchema, target: str) -> CodeBundle:
    """Generates the code of one target."""
    report("generate", 0.0)
    return generate_bundle(schema, target)


def score_rendering(_: Any, report: Report, job: ScoringJob) -> ScoringOutcome:
    """Scores a rendered page against its source, and measures its picture."""
    report("score", 0.0)
    rendered = decode(job.png)
    hashed = pdq(rendered)
    height, width = rendered.shape[:2]
    return ScoringOutcome(
        fidelity_scores(job.schema, job.page, rendered, decode(job.source)),
        width,
        height,
        pixel_digest(rendered),
        hashed.bits,
        hashed.quality,
    )
