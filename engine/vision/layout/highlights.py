"""Cuts the paint that sets off a column of a table into the cells of that column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from engine.vision.percepts import Box, Percepts, Rule, Surface

# A table's rule runs on beyond a highlighted column by so many pixels, at one side at least.
_BEYOND = 20.0
# How far the end of a rule may fall short of the column's, and the lowest cell, in pixels.
_SLACK, _LOWEST = 2.0, 8.0
# Fewer rules may be a line that a box happens to lie on.
_RULES = 2


def cut_highlights(percepts: Percepts) -> Percepts:
    """Returns percepts in which a box that a table's rules cross is a box for each row."""
    surfaces = [part for surface in percepts.surfaces for part in _cells(surface, percepts.rules)]
    return replace(percepts, surfaces=tuple(surfaces))


def _cells(surface: Surface, rules: tuple[Rule, ...]) -> Iterator[Surface]:
    box = surface.box
    crossing = sorted(rule.box.y for rule in rules if rule.horizontal and _crosses(rule.box, box))
    if len(crossing) < _RULES:
        yield surface
        return
    for top, bottom in pairwise([box.y, *crossing, box.bottom]):
        yield replace(surface, box=Box(box.x, top, box.w, bottom - top), radius=0.0)


def _crosses(rule: Box, box: Box) -> bool:
    across = rule.x <= box.x + _SLACK and rule.right >= box.right - _SLACK
    beyond = max(box.x - rule.x, rule.right - box.right) >= _BEYOND
    return across and beyond and box.y + _LOWEST <= rule.y <= box.bottom - _LOWEST
