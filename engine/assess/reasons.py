"""Says in words why an assessment came out as it did."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from structra.v1 import quality_assessment_pb2 as quality

# ln(1 + 10): about a fifth of the measured pages have more backgrounds.
_MANY_BACKGROUNDS = math.log1p(10)
_MANY_OVERLAPS = 2.0
# Share of texts of one or two letters from which on they are told of.
_MANY_FRAGMENTS = 0.15


def reasons(
    facts: Mapping[str, float],
    measured: quality.FidelityScores | None,
    work_left: Sequence[str],
) -> quality.AssessmentReasons:
    """Returns at least one reason for each judgement."""
    return quality.AssessmentReasons(
        visual_confidence=_visual(facts, measured),
        structural_confidence=_structure(facts),
        responsive_risk=_responsive(facts),
        maintainability_risk=_maintenance(facts),
        manual_adjustment_needed=_adjustment(facts, work_left),
    )


def _visual(facts: Mapping[str, float], measured: quality.FidelityScores | None) -> list[str]:
    found = []
    if measured is not None:
        found.append(
            f"The rendered code was compared with the source: {measured.overall:.2f} of 1."
        )
    found.append(f"Text was read with a mean confidence of {facts['text_confidence']:.2f}.")
    if facts["color_variety"] >= _MANY_BACKGROUNDS:
        count = round(math.expm1(facts["color_variety"]))
        found.append(f"{count} different backgrounds were seen; some may be misread.")
    if facts["overlap_rate"] >= _MANY_OVERLAPS:
        found.append("Regions overlap, which often means that something was read twice.")
    if facts["fragment_share"] >= _MANY_FRAGMENTS:
        found.append(f"{facts['fragment_share']:.0%} of the texts are one or two letters long.")
    if facts["doubtful_text_share"] >= 0.05:
        found.append(f"{facts['doubtful_text_share']:.0%} of the text is doubtful.")
    if facts["stretched_text_share"] >= 0.2:
        found.append(
            "The typeface runs unlike the fall-back fonts; letter spacing makes up for it."
        )
    if facts["background_picture_share"] >= 0.1:
        found.append("Content lies on pictures, which are placeholders in the code.")
    if facts["speck_share"] >= 0.05:
        found.append("Many tiny marks were seen, which may be parts of pictures or letters.")
    return found


def _structure(facts: Mapping[str, float]) -> list[str]:
    found = [f"Elements were recognised with a mean confidence of {facts['kind_confidence']:.2f}."]
    if facts["offset_share"] >= 0.05:
        share = facts["offset_share"]
        found.append(f"{share:.0%} of the elements stand off the grid of their neighbours.")
    if facts["overlap_rate"] >= 2:
        found.append("Some elements overlap their neighbours.")
    if facts["ambiguity_rate"] > 0:
        found.append("Some places can be read in more than one way; see the ambiguities.")
    return found


def _responsive(facts: Mapping[str, float]) -> list[str]:
    found = []
    if facts["single_viewport"]:
        found.append("Only one viewport was shown; other widths follow from the structure.")
    else:
        found.append("Several viewports were shown.")
    if facts["unruled_grid_share"] > 0:
        found.append(f"{facts['unruled_grid_share']:.0%} of the grids have no rule of their own.")
    if facts["fixed_width_share"] >= 0.02:
        found.append("Some wide elements have a fixed width.")
    if facts["overlay_rate"] >= 1:
        found.append("Some elements lie on top of others.")
    return found


def _maintenance(facts: Mapping[str, float]) -> list[str]:
    found = [f"The tree is {facts['depth']:.0f} levels deep."]
    if facts["reuse_share"] > 0:
        found.append(f"{facts['reuse_share']:.0%} of the elements belong to reusable components.")
    if facts["offset_share"] >= 0.05:
        found.append("Many elements need offsets of their own.")
    if facts["exception_rate"] > 0:
        found.append("Some shapes needed a less preferred technique.")
    return found


def _adjustment(facts: Mapping[str, float], work_left: Sequence[str]) -> list[str]:
    found = [f"To check: {text}" for text in work_left]
    if facts["warning_rate"] > 0:
        found.append("The schema has warnings.")
    return found or ["Nothing that the code takes for granted is open."]
