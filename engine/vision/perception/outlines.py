"""Finds boxes by their borders where their inside is not one flat region.

A card whose chart, photo or list reaches its border has no flat inside to find
it by, but its left and right borders are still two like lines side by side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, Region, distance, hex_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Surface

_THICKEST, _LEAST_HEIGHT, _LEAST_WIDTH = 3, 36, 72
# Both borders begin and end within this many pixels; a rounded corner eats a few more.
_LEVEL, _CORNER = 3, 12
_LIKE = 12
_KNOWN = 0.9


def find_outlined(pixels: Pixels, regions: FlatMap, known: Sequence[Found]) -> list[Found]:
    """Returns the outlined boxes that are not among the known surfaces."""
    upright = sorted(
        (region for region in regions.regions.values() if _is_upright(region)),
        key=lambda region: (region.box.x, region.box.y),
    )
    flat = [region for region in regions.regions.values() if _is_level(region)]
    found: list[Found] = []
    # A line that closes one box does not open the next.
    used: set[int] = set()
    for index, left in enumerate(upright):
        if left.label in used:
            continue
        right = _partner(left, upright[index + 1 :])
        if right is None:
            continue
        used.add(right.label)
        box = _closed(left, right, flat)
        if box is None or any(item.surface.box.iou(box) > _KNOWN for item in [*known, *found]):
            continue
        found.append(_surface(pixels, box, left))
    return found


def _is_upright(region: Region) -> bool:
    return region.box.w <= _THICKEST and region.box.h >= _LEAST_HEIGHT and region.share > 0.9


def _is_level(region: Region) -> bool:
    return region.box.h <= _THICKEST and region.box.w >= _LEAST_WIDTH // 2 and region.share > 0.9


def _partner(left: Region, others: Sequence[Region]) -> Region | None:
    """The nearest like line to the right at the same height."""
    level = [
        other
        for other in others
        if other.box.x - left.box.x >= _LEAST_WIDTH
        and abs(other.box.y - left.box.y) <= _LEVEL
        and abs(other.box.bottom - left.box.bottom) <= _LEVEL
        and distance(other.color, left.color) <= _LIKE
        and other.box.w == left.box.w
    ]
    return min(level, key=lambda other: other.box.x, default=None)


def _closed(left: Region, right: Region, flat: Sequence[Region]) -> Box | None:
    """The box of two sides that a line closes above and below."""
    low, high = left.box.x, right.box.right
    edges = []
    for end, above in ((left.box.y, True), (left.box.bottom, False)):
        closing = [
            line.box
            for line in flat
            if line.box.x >= low - 1
            and line.box.right <= high + 1
            and line.box.w >= 0.8 * (high - low - 2 * _CORNER)
            and abs((line.box.y if above else line.box.bottom) - end) <= _CORNER
            and distance(line.color, left.color) <= 2 * _LIKE
        ]
        if not closing:
            return None
        edges.append(
            min(line.y for line in closing) if above else max(line.bottom for line in closing)
        )
    return Box(low, edges[0], high - low, edges[1] - edges[0])


def _surface(pixels: Pixels, box: Box, side: Region) -> Found:
    width = int(side.box.w)
    inside = pixels[
        int(box.y) + width + 1 : int(box.bottom) - width - 1 : 3,
        int(box.x) + width + 1 : int(box.right) - width - 1 : 3,
    ].reshape(-1, 3)
    values, counts = np.unique(inside, axis=0, return_counts=True)
    fill = hex_of(values[counts.argmax()]) if len(values) else None
    corner = max(side.box.y - box.y - width, 0.0)
    return Found(
        Surface(
            box=box,
            fill=fill,
            border_color=side.hex,
            border_width=float(width),
            border_sides=(True, True, True, True),
            radius=float(corner),
            confidence=0.8,
        ),
        (side.label,),
    )
