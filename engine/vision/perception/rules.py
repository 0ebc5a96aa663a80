"""Finds dividing lines: thin, long, alone."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.perception.flatmap import FlatMap
from engine.vision.percepts import Box, Rule

_THICKEST = 4
_SHORTEST = 30
_SOLID = 0.85
_NEAR = 3


def find_rules(regions: FlatMap, surfaces: Sequence[Box], text: Sequence[Box]) -> list[Rule]:
    """Returns the rules that are neither a surface's border nor a stroke of text."""
    found = []
    for region in regions.regions.values():
        box = region.box
        thin, long = min(box.w, box.h), max(box.w, box.h)
        if thin > _THICKEST or long < _SHORTEST or long < 6 * thin or region.share < _SOLID:
            continue
        if any(_on_edge(box, surface) for surface in surfaces):
            continue
        if any(line.contains(Box(box.center_x, box.center_y, 0, 0), 3) for line in text):
            continue
        found.append(Rule(box, region.hex))
    return sorted(found, key=lambda rule: (rule.box.y, rule.box.x))


def _on_edge(rule: Box, surface: Box) -> bool:
    if rule.w >= rule.h:
        beside = min(abs(rule.y - surface.y), abs(rule.bottom - surface.bottom)) <= _NEAR
        return beside and rule.x >= surface.x - _NEAR and rule.right <= surface.right + _NEAR
    beside = min(abs(rule.x - surface.x), abs(rule.right - surface.right)) <= _NEAR
    return beside and rule.y >= surface.y - _NEAR and rule.bottom <= surface.bottom + _NEAR
