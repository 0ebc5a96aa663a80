"""Finds boxes by an outline that something interrupts, as a legend does a fieldset's.

The ground leaks through the gap, so that the inside is no region of its own;
the outline still is, in one piece or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, Region, distance, hex_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Surface

_LEAST_WIDTH, _LEAST_HEIGHT = 72, 36
# Outlines are at most this thick; corners of theirs may be cut by as much again.
_THICKEST = 8
# Share of an outline's pixels along the sides of its box, and of its box that they fill.
_ALONG, _FILLED = 0.9, 0.35
# Share of each side, and of all four, that the outline must cover.
_SIDE, _ALL_SIDES = 0.55, 0.8
_SAME_COLOR, _KNOWN = 4, 0.9
# Pages of more outlines than these are tables or drawings; looking at pairs would not end.
_MOST = 60


def find_frames(pixels: Pixels, regions: FlatMap, known: Sequence[Found]) -> list[Found]:
    """Returns the outlined boxes with gaps that are not among the known surfaces."""
    outlines = [region for region in regions.regions.values() if _is_outline(regions, region)]
    if len(outlines) > _MOST:
        return []
    groups: list[tuple[Region, ...]] = [(region,) for region in outlines]
    groups += [
        pair
        for pair in combinations(outlines, 2)
        if distance(pair[0].color, pair[1].color) <= _SAME_COLOR
        and pair[0].box.intersection(pair[1].box) > 0
    ]
    found: list[Found] = []
    for group in groups:
        box = group[0].box if len(group) == 1 else group[0].box.union(group[1].box)
        if any(item.surface.box.iou(box) > _KNOWN for item in [*known, *found]):
            continue
        mine = _mask(regions, group, box)
        if min(_sides(mine)) < _SIDE or sum(_sides(mine)) < 4 * _ALL_SIDES:
            continue
        found.append(_surface(pixels, box, group, mine))
    return found


def _is_outline(regions: FlatMap, region: Region) -> bool:
    box = region.box
    if box.w < _LEAST_WIDTH or box.h < _LEAST_HEIGHT or region.share > _FILLED:
        return False
    if region.pixels < 0.5 * (box.w + box.h):
        return False
    mine = _mask(regions, (region,), box)
    within = mine[_THICKEST:-_THICKEST, _THICKEST:-_THICKEST]
    # Half an outline has its other sides open.
    return bool(1 - within.sum() / region.pixels >= _ALONG)


def _mask(regions: FlatMap, group: Sequence[Region], box: Box) -> NDArray[np.bool_]:
    window = regions.labels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    return np.isin(window, [region.label for region in group])


def _sides(mine: NDArray[np.bool_]) -> tuple[float, float, float, float]:
    """The share of each side, top, right, bottom, left, that the outline covers."""
    return (
        float(mine[:_THICKEST].any(axis=0).mean()),
        float(mine[:, -_THICKEST:].any(axis=1).mean()),
        float(mine[-_THICKEST:].any(axis=0).mean()),
        float(mine[:, :_THICKEST].any(axis=1).mean()),
    )


def _surface(pixels: Pixels, box: Box, group: Sequence[Region], mine: NDArray[np.bool_]) -> Found:
    middle = mine[mine.shape[0] // 2]
    width = max(int(middle[: 2 * _THICKEST].sum()), 1)
    inside = pixels[
        int(box.y) + _THICKEST : int(box.bottom) - _THICKEST : 3,
        int(box.x) + _THICKEST : int(box.right) - _THICKEST : 3,
    ].reshape(-1, 3)
    values, counts = np.unique(inside, axis=0, return_counts=True)
    return Found(
        Surface(
            box=box,
            fill=hex_of(values[counts.argmax()]) if len(values) else None,
            border_color=group[0].hex,
            border_width=float(width),
            border_sides=(True, True, True, True),
            confidence=0.7,
        ),
        tuple(region.label for region in group),
    )
