"""The assessment follows the evidence."""

from __future__ import annotations

import math

import pytest
from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2
from structra.v1 import quality_assessment_pb2 as quality

from engine.assess import assess, weights
from engine.assess.features import evidence
from tests.engine.codegen.pages import dashboard, landing


def test_a_clean_page_is_trusted() -> None:
    result = assess(landing())
    assert result.visual_confidence == pb.CONFIDENCE_LEVEL_HIGH
    assert result.structural_confidence == pb.CONFIDENCE_LEVEL_HIGH
    assert 0.85 <= result.predicted_fidelity <= 1
    assert result.manual_adjustment_needed in {
        quality.MANUAL_ADJUSTMENT_NONE, quality.MANUAL_ADJUSTMENT_MINOR,
    }  # fmt: skip


def test_every_judgement_has_a_reason() -> None:
    for page in (landing(), dashboard()):
        reasons = assess(page).reasons
        for field in reasons.DESCRIPTOR.fields:
            assert list(getattr(reasons, field.name)), field.name


def test_doubtful_text_lowers_confidence() -> None:
    schema = landing()
    for section in schema.root.children:
        _doubt(section)
    before, after = assess(landing()), assess(schema)
    assert after.predicted_fidelity < before.predicted_fidelity - 0.1
    assert after.visual_confidence < before.visual_confidence
    assert after.manual_adjustment_needed > before.manual_adjustment_needed
    assert any("doubtful" in reason for reason in after.reasons.visual_confidence)


def _doubt(node: object) -> None:
    node.confidence = 0.4  # type: ignore[attr-defined]
    for child in node.children:  # type: ignore[attr-defined]
        _doubt(child)


def test_overlaps_and_offsets_raise_risks() -> None:
    schema = landing()
    cards = schema.root.children[2].children[1]
    for card in cards.children:
        card.bounds.x = 80
        card.layout.margin.left.px = 60
        card.layout.margin.top.px = -20
    before, after = assess(landing()), assess(schema)
    assert after.evidence["overlap_rate"] > before.evidence["overlap_rate"]
    assert after.evidence["offset_share"] > before.evidence["offset_share"]
    assert after.predicted_fidelity < before.predicted_fidelity


def test_exceptions_make_maintenance_harder() -> None:
    plain = assess(landing())
    burdened = assess(landing(), exceptions=["Inline SVG."] * 12)
    assert burdened.maintainability_risk > plain.maintainability_risk


def test_several_viewports_lower_the_responsive_risk() -> None:
    schema = landing()
    schema.viewports.add(width=375, height=2000)
    assert schema.viewports[1].width == 375
    before, after = assess(landing()), assess(schema)
    assert before.evidence["single_viewport"] == 1
    assert after.evidence["single_viewport"] == 0
    assert after.responsive_risk <= before.responsive_risk


def test_a_measurement_replaces_the_prediction() -> None:
    measured = quality.FidelityScores(overall=0.3)
    result = assess(landing(), measured=measured)
    assert result.visual_confidence == pb.CONFIDENCE_LEVEL_LOW
    assert result.manual_adjustment_needed == quality.MANUAL_ADJUSTMENT_SIGNIFICANT
    assert result.predicted_fidelity == pytest.approx(assess(landing()).predicted_fidelity)
    assert "0.30" in result.reasons.visual_confidence[0]


def test_many_backgrounds_lower_the_prediction() -> None:
    schema = landing()
    paint = pb.CanonicalSchema().root
    for number in range(20):
        paint.CopyFrom(schema.root.children[2])
        paint.id = f"painted-{number}"
        del paint.children[:]
        paint.style.background.color.value = f"#{number:02x}6699"
        schema.root.children.append(paint)
    before, after = assess(landing()), assess(schema)
    assert after.predicted_fidelity < before.predicted_fidelity - 0.05
    assert after.visual_confidence < before.visual_confidence
    assert any("backgrounds" in reason for reason in after.reasons.visual_confidence)


def test_texts_of_a_letter_or_two_lower_the_prediction_and_are_told_of() -> None:
    schema = landing()
    for number in range(6):
        schema.root.children.add(
            id=f"sign-{number}", kind=node_pb2.NODE_KIND_TEXT, text="x", confidence=1
        )
    before, after = assess(landing()), assess(schema)
    assert after.predicted_fidelity < before.predicted_fidelity
    assert any("one or two letters" in reason for reason in after.reasons.visual_confidence)


def test_every_fitted_feature_has_a_weight() -> None:
    assert set(weights.FITTED) <= set(weights.FIDELITY)


def test_every_weight_is_of_a_feature() -> None:
    facts = evidence(landing(), (), ())
    tables = (weights.FIDELITY, weights.STRUCTURE, weights.RESPONSIVE, weights.MAINTENANCE)
    assert {name for table in tables for name in table} <= set(facts)


def test_an_empty_tree_is_assessed() -> None:
    schema = pb.CanonicalSchema()
    schema.root.kind = 1
    assert assess(schema).visual_confidence == pb.CONFIDENCE_LEVEL_LOW


def test_different_backgrounds_are_counted_once_each() -> None:
    schema = pb.CanonicalSchema()
    schema.root.id, schema.root.confidence = "page", 1
    for number, fill in enumerate(("#eeeeee", "#ffffff", "#eeeeee", "")):
        box = schema.root.children.add(id=f"box-{number}", kind=node_pb2.NODE_KIND_CONTAINER)
        box.style.background.color.value = fill
    assert evidence(schema, [], [])["color_variety"] == pytest.approx(math.log(3))
