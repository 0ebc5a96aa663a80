"""Judges a schema by its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import quality_assessment_pb2 as quality

from engine.assess import weights
from engine.assess.features import evidence
from engine.assess.reasons import reasons
from engine.schema import validate


def assess(
    schema: pb.CanonicalSchema,
    *,
    problems: Sequence[pb.SchemaProblem] | None = None,
    exceptions: Sequence[str] = (),
    measured: quality.FidelityScores | None = None,
) -> quality.QualityAssessment:
    """Returns how far to trust `schema` and the code from it.

    `problems` are the schema's problems, worked out when not given; `exceptions`
    are those of the generated code (CodeBundle.exceptions). With `measured`
    scores of the rendered code, visual confidence and the work left follow them
    instead of the prediction, which is still reported.
    """
    found = validate(schema) if problems is None else problems
    facts = evidence(schema, found, exceptions)
    predicted = score(weights.FIDELITY_INTERCEPT, weights.FIDELITY, facts)
    visual = predicted if measured is None else measured.overall
    structure = score(weights.STRUCTURE_INTERCEPT, weights.STRUCTURE, facts)
    responsive = score(weights.RESPONSIVE_INTERCEPT, weights.RESPONSIVE, facts)
    maintenance = score(weights.MAINTENANCE_INTERCEPT, weights.MAINTENANCE, facts)
    result = quality.QualityAssessment(
        visual_confidence=_confidence(
            visual,
            weights.PREDICTION_LEVELS if measured is None else weights.CONFIDENCE_LEVELS,
        ),
        structural_confidence=_confidence(structure, weights.CONFIDENCE_LEVELS),
        responsive_risk=_risk(responsive),
        maintainability_risk=_risk(maintenance),
        manual_adjustment_needed=_adjustment(min(visual, 0.5 + structure / 2)),
        predicted_fidelity=round(predicted, 4),
    )
    for name, value in sorted(facts.items()):
        result.evidence[name] = round(value, 4)
    result.reasons.CopyFrom(reasons(facts, measured, _work_left(schema)))
    return result


def score(intercept: float, table: Mapping[str, float], facts: Mapping[str, float]) -> float:
    """Returns the weighted sum of `facts`, cut to 0 to 1."""
    total = intercept + sum(weight * facts[name] for name, weight in table.items())
    return min(max(total, 0.0), 1.0)


def _confidence(value: float, levels: tuple[float, float]) -> pb.ConfidenceLevel.ValueType:
    medium, high = levels
    if value >= high:
        return pb.CONFIDENCE_LEVEL_HIGH
    return pb.CONFIDENCE_LEVEL_MEDIUM if value >= medium else pb.CONFIDENCE_LEVEL_LOW


def _risk(value: float) -> quality.RiskLevel.ValueType:
    medium, high = weights.RISK_LEVELS
    if value >= high:
        return quality.RISK_LEVEL_HIGH
    return quality.RISK_LEVEL_MEDIUM if value >= medium else quality.RISK_LEVEL_LOW


def _adjustment(value: float) -> quality.ManualAdjustment.ValueType:
    none, minor, moderate = weights.ADJUSTMENT_LEVELS
    if value >= none:
        return quality.MANUAL_ADJUSTMENT_NONE
    if value >= minor:
        return quality.MANUAL_ADJUSTMENT_MINOR
    if value >= moderate:
        return quality.MANUAL_ADJUSTMENT_MODERATE
    return quality.MANUAL_ADJUSTMENT_SIGNIFICANT


def _work_left(schema: pb.CanonicalSchema) -> list[str]:
    """Returns what a person has to do whatever the evidence says."""
    return list(schema.assumptions[:3])
