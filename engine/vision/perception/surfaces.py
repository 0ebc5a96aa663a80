"""Finds painted and outlined boxes: bands, bars, cards, buttons, fields, badges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, Region, distance, hex_of
from engine.vision.perception.sides import beyond, covered, typical
from engine.vision.percepts import Box, Surface

_MIN_WIDTH, _MIN_HEIGHT = 12, 9
# Each side of a box must carry the box's own colour over this share.
_STRAIGHT = 0.5
# Regions that fill less than this are rings: outlines, shadow contours, icon strokes.
_RING_INSET = 5
_RING_COVER = 0.2
_MAX_BORDER = 6
_VISIBLE = 3
_FULL_WIDTH = 0.985


@dataclass(frozen=True, slots=True)
class Found:
    """A surface with the label of the region that fills it."""

    surface: Surface
    label: int


def page_background(regions: FlatMap) -> tuple[int, int, int]:
    """The colour that covers most of the page in large regions."""
    totals: dict[tuple[int, int, int], int] = {}
    for region in regions.regions.values():
        if region.pixels > 500:
            totals[region.color] = totals.get(region.color, 0) + region.pixels
    if not totals:
        return (255, 255, 255)
    return max(totals, key=lambda color: (totals[color], color))


def find_surfaces(pixels: Pixels, regions: FlatMap, page: tuple[int, int, int]) -> list[Found]:
    """Returns surfaces from the outside in."""
    found = []
    for region in regions.regions.values():
        if region.box.w < _MIN_WIDTH or region.box.h < _MIN_HEIGHT:
            continue
        surface = _surface_of(pixels, regions, region, page)
        if surface:
            found.append(Found(surface, region.label))
    return sorted(found, key=lambda item: (-item.surface.box.area, item.surface.box.y, item.label))


def _surface_of(
    pixels: Pixels, regions: FlatMap, region: Region, page: tuple[int, int, int]
) -> Surface | None:
    box = region.box
    if min(covered(regions.labels, box, region.label)) < _STRAIGHT:
        return None
    if min(box.w, box.h) > 4 * _RING_INSET and (
        max(covered(regions.labels, box, region.label, _RING_INSET)) < _RING_COVER
    ):
        return None
    width = pixels.shape[1]
    full_width = box.w >= _FULL_WIDTH * width
    borders = _borders(pixels, box, region.color)
    outside = [border.outside for border in borders]
    differs = [color is not None and distance(color, region.color) >= _VISIBLE for color in outside]
    sides = tuple(border.width > 0 for border in borders)
    if full_width and region.color == page:
        return None
    if (
        not any(sides)
        and sum(differs) < (1 if full_width else 3)
        and not (sum(differs) >= 1 and sum(color is None for color in outside) + sum(differs) >= 3)
    ):
        return None
    outline = _outline(borders)
    grown = _grow(box, [border.width for border in borders]) if any(sides) else box
    filled = any(differs) or not any(sides)
    return Surface(
        box=grown,
        fill=region.hex if filled else None,
        border_color=outline,
        border_width=float(max(border.width for border in borders)),
        border_sides=(sides[0], sides[1], sides[2], sides[3]),
        radius=_radius(regions, region) + (max(b.width for b in borders) if any(sides) else 0),
        full_width=full_width,
    )


@dataclass(frozen=True, slots=True)
class _Border:
    """Beyond one side: the border's width (0: none) and colour, and the colour further out.

    `outside` is None at the edge of the page or where it is not one colour.
    """

    width: int
    color: tuple[int, int, int] | None
    outside: tuple[int, int, int] | None


def _borders(pixels: Pixels, box: Box, fill: tuple[int, int, int]) -> list[_Border]:
    return [_border(side.lines, fill) for side in beyond(pixels, box, _MAX_BORDER + 3)]


def _border(lines: Pixels, fill: tuple[int, int, int]) -> _Border:
    if len(lines) == 0 or lines.shape[1] == 0:
        return _Border(0, None, None)
    first, even = typical(lines[0])
    if even < 0.7:
        return _Border(0, None, None)
    for depth in range(1, min(_MAX_BORDER + 1, len(lines))):
        color, uniform = typical(lines[depth])
        if distance(color, first) < _VISIBLE:
            continue
        # A soft shadow also changes line by line, but on and on.
        further, _ = typical(lines[min(depth + 2, len(lines) - 1)])
        soft = distance(color, further) >= _VISIBLE
        if uniform < 0.5 or soft or distance(first, fill) < _VISIBLE:
            return _Border(0, None, first)
        return _Border(depth, first, color)
    return _Border(0, None, first)


def _outline(borders: Sequence[_Border]) -> str | None:
    colors = [border.color for border in borders if border.color]
    return hex_of(np.median(np.array(colors), axis=0).astype(int)) if colors else None


def _grow(box: Box, widths: Sequence[int]) -> Box:
    top, right, bottom, left = widths
    return Box(box.x - left, box.y - top, box.w + left + right, box.h + top + bottom)


def _radius(regions: FlatMap, region: Region) -> float:
    """Corner radius from the area that the corners lack: (1 - pi / 4) r^2 each."""
    x, y, w, h = (int(v) for v in (region.box.x, region.box.y, region.box.w, region.box.h))
    side = min(w, h) // 2
    if side < 2:
        return 0.0
    reach = min(side, 64)
    mine = regions.labels[y : y + h, x : x + w] == region.label
    lacks = []
    for corner in (mine, mine[:, ::-1], mine[::-1], mine[::-1, ::-1]):
        part = corner[:reach, :reach]
        # In each row, the pixels before the first own one.
        lead = np.where(part.any(axis=1), part.argmax(axis=1), reach)
        end = int(np.argmax(lead == 0)) if (lead == 0).any() else reach
        lacks.append(float(lead[:end].sum()))
    lack = sorted(lacks)[1]
    radius = float(np.sqrt(lack / (1 - np.pi / 4)))
    return round(min(radius, min(w, h) / 2), 1)
