"""Decides which boxes are surfaces: bands, bars, cards, buttons, fields, badges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.boxes import VISIBLE, Color, FlatBox, stacks, usual_radius
from engine.vision.perception.fills import gradient_of, shadow_of
from engine.vision.perception.flatmap import FlatMap, distance, hex_of
from engine.vision.percepts import Box, Surface

_FULL_WIDTH = 0.985
_SAME = 0.97
# Sides of boxes that can be cards of their own, and how much theirs may differ.
_LEAST_CARD, _LIKE_CARDS = 100, 1.15
# The page's margin on one side reaches this many of the page's edges.
_MARGIN = 3
# Regions with fewer pixels are no ground.
_LEAST_GROUND = 500
# Share of the page's sides that must have a colour for it to be the page's.
_BOTH_SIDES, _ONE_SIDE = 0.6, 0.8
# The least channel of a light page's colour; the share of both sides that it must have among
# bands of strong colours, and that white must have among tinted ones.
_LIGHT, _LIGHT_SIDES, _WHITE_SIDES = 224, 0.15, 0.2
_WHITE = (255, 255, 255)
# Channels that differ more make a tint, not a grey.
_TINT = 24
# Bodies of cards on a light page are at most this much darker than it is.
_DARKER = 16


@dataclass(frozen=True, slots=True)
class Found:
    """A surface with the labels of the regions that fill it."""

    surface: Surface
    labels: tuple[int, ...]


def page_background(regions: FlatMap) -> Color:
    """The colour along the page's sides, or else the one that covers most of it.

    Columns of content may cover more than the page that they stand on, but it
    shows beside them, on the right at least, where there are no side bars. Bands
    in a strong colour may be more than what shows of a light page between them,
    and tinted ones more than what shows of a white page.
    """
    totals: dict[Color, int] = {}
    for region in regions.regions.values():
        if region.pixels > _LEAST_GROUND:
            totals[region.color] = totals.get(region.color, 0) + region.pixels
    if not totals:
        return (255, 255, 255)
    color = _most_seen(regions, totals)
    left, right = _sides(regions, (1,)), _sides(regions, (-2,))
    across = {key: min(share, right[key]) for key, share in left.items() if key in right}
    if across.get(_WHITE, 0.0) >= (_WHITE_SIDES if _is_light(color) else _LIGHT_SIDES):
        return _WHITE
    if _is_light(color):
        return color
    light = {key: share for key, share in across.items() if _is_light(key)}
    best = max(light, key=lambda key: (light[key], key), default=color)
    return best if light.get(best, 0.0) >= _LIGHT_SIDES else color


def _most_seen(regions: FlatMap, totals: Mapping[Color, int]) -> Color:
    for columns, least in (((1, -2), _BOTH_SIDES), ((-2,), _ONE_SIDE)):
        shares = _sides(regions, columns)
        color = max(shares, key=lambda key: (shares[key], key), default=(255, 255, 255))
        if color in totals and shares.get(color, 0.0) >= least:
            return color
    return max(totals, key=lambda color: (totals[color], color))


def _sides(regions: FlatMap, columns: Sequence[int]) -> dict[Color, float]:
    """The share of these columns of the page that each colour of large regions has."""
    labels, counts = np.unique(regions.labels[:, list(columns)], return_counts=True)
    shares: dict[Color, float] = {}
    for label, count in zip(labels.tolist(), counts.tolist(), strict=True):
        region = regions.regions.get(label)
        if region is not None and region.pixels > _LEAST_GROUND:
            share = count / (len(columns) * len(regions.labels))
            shares[region.color] = shares.get(region.color, 0.0) + share
    return shares


def _is_light(color: Color) -> bool:
    return min(color) >= _LIGHT and max(color) - min(color) <= _TINT


def find_surfaces(
    pixels: Pixels, regions: FlatMap, boxes: Sequence[FlatBox], page: Color
) -> list[Found]:
    """Returns surfaces from the outside in."""
    width = pixels.shape[1]
    eligible = [
        box
        for box in boxes
        if box.bounded >= 3
        and not (_full(box.inner, width) and distance(box.region.color, page) < VISIBLE)
        and not _is_page(box, pixels.shape[0], width, page)
    ]
    found: list[Found] = []
    merged: set[tuple[int, Box]] = set()
    for stack in stacks([box for box in eligible if not _full(box.inner, width)]):
        union = None if _are_cards(stack) else _union(pixels, stack, page)
        if union is None:
            continue
        found.append(union)
        merged |= {
            (box.region.label, box.inner) for box in stack if box.region.label in union.labels
        }
    found += [
        _single(pixels, regions, box)
        for box in eligible
        if (box.region.label, box.inner) not in merged
    ]
    return _distinct(from_outside_in(found))


def from_outside_in(found: Sequence[Found]) -> list[Found]:
    """Orders surfaces so that each comes after those that contain it."""
    return sorted(found, key=lambda item: (-item.surface.box.area, item.surface.box.y, item.labels))


def _full(box: Box, width: int) -> bool:
    return box.w >= _FULL_WIDTH * width


def _is_page(box: FlatBox, height: int, width: int, page: Color) -> bool:
    """Whether this is the page itself beside a side bar, between bands, or beside a photo."""
    lines = sum(border.width > 0 for border in box.borders)
    if distance(box.region.color, page) >= VISIBLE or lines > 1:
        return False
    at_sides = (box.inner.x <= 0) + (box.inner.right >= width)
    at_edges = at_sides + (box.inner.y <= 0) + (box.inner.bottom >= height)
    if lines:
        # A rule that ends a section, or that parts the page's margin.
        return at_edges == _MARGIN or (at_edges >= 2 and box.inner.w > width / 2)
    # The page's end cuts cards, but hardly ever its sides.
    return at_edges >= 2 or at_sides == 1


def _union(pixels: Pixels, stack: Sequence[FlatBox], page: Color) -> Found | None:
    """The surface that a stack makes together, filled as the largest of its members.

    The members of that colour are its own; the others stay surfaces upon it.
    """
    if max(box.inner.area for box in stack) < 600:
        return None
    main = max(stack, key=lambda box: (box.inner.area * _weight(box, page), -box.region.label))
    own = [box for box in stack if distance(box.region.color, main.region.color) < VISIBLE]
    outer = stack[0].outer
    for box in stack[1:]:
        outer = outer.union(box.outer)
    borders = [border for box in stack for border in box.borders if border.color]
    ends = (stack[0], stack[-1])
    vertical = stack[0].inner.x == stack[1].inner.x and stack[0].inner.w == stack[1].inner.w
    sides = (
        (ends[0].borders[0], main.borders[1], ends[1].borders[2], main.borders[3])
        if vertical
        else (main.borders[0], ends[1].borders[1], main.borders[2], ends[0].borders[3])
    )
    if sum(side.width > 0 or _stands_out(side, main.region.color) for side in sides) < 2:
        return None
    outline = [side.color for side in sides if side.color] if borders else []
    first, last = ends[0].corners, ends[1].corners
    radius = usual_radius((*first[:2], *last[2:]) if vertical else (*first[::2], *last[1::2]))
    width = float(max(side.width for side in sides))
    return Found(
        Surface(
            box=outer,
            fill=main.region.hex,
            border_color=_middle(outline),
            border_width=width,
            border_sides=_flags([side.width > 0 for side in sides]),
            radius=radius + width if radius else 0.0,
            shadow=shadow_of(pixels, outer),
            full_width=False,
        ),
        tuple(box.region.label for box in own),
    )


def _are_cards(stack: Sequence[FlatBox]) -> bool:
    """Whether these are cards or tiles side by side, and not the parts of one."""
    widths, heights = [box.inner.w for box in stack], [box.inner.h for box in stack]
    if min(*widths, *heights) < _LEAST_CARD:
        return False
    return max(widths) <= _LIKE_CARDS * min(widths) and max(heights) <= _LIKE_CARDS * min(heights)


def _weight(box: FlatBox, page: Color) -> float:
    """Tints head a card or mark its edge, and its pictures are darker than a light page."""
    color = box.region.color
    dark = _is_light(page) and min(color) < min(page) - _DARKER
    return 1.0 if dark or max(color) - min(color) > _TINT else 2.0


def _stands_out(border: object, fill: Color) -> bool:
    outside = getattr(border, "outside", None)
    return bool(getattr(border, "uneven", False)) or (
        outside is not None and distance(outside, fill) >= VISIBLE
    )


def _single(pixels: Pixels, regions: FlatMap, box: FlatBox) -> Found:
    sides = [border.width > 0 for border in box.borders]
    outline = [border.color for border in box.borders if border.color]
    # On a photo an outline shows what lies beneath it.
    hollow = all(sides) and all(border.uneven for border in box.borders)
    return Found(
        Surface(
            box=box.outer,
            fill=None if hollow else box.region.hex,
            gradient=gradient_of(pixels, regions, box.region),
            border_color=_middle(outline),
            border_width=float(max(border.width for border in box.borders)),
            border_sides=_flags(sides),
            radius=box.radius + (max(b.width for b in box.borders) if box.radius else 0),
            shadow=shadow_of(pixels, box.outer),
            full_width=_full(box.outer, pixels.shape[1]),
        ),
        (box.region.label,),
    )


def _flags(sides: Sequence[bool]) -> tuple[bool, bool, bool, bool]:
    return (sides[0], sides[1], sides[2], sides[3])


def _middle(colors: Sequence[Color]) -> str | None:
    return hex_of(np.median(np.array(colors), axis=0).astype(int)) if colors else None


def _distinct(found: Sequence[Found]) -> list[Found]:
    """Leaves out boxes that coincide with one already there, keeping their labels."""
    kept: list[Found] = []
    for item in found:
        box = item.surface.box
        # Boxes that coincide begin close together, which is quick to tell.
        near_x, near_y = (1 - _SAME) * box.w / _SAME, (1 - _SAME) * box.h / _SAME
        same = next(
            (
                i
                for i, k in enumerate(kept)
                if abs(k.surface.box.x - box.x) <= near_x
                and abs(k.surface.box.y - box.y) <= near_y
                and k.surface.box.iou(box) > _SAME
            ),
            None,
        )
        if same is None:
            kept.append(item)
        else:
            kept[same] = Found(kept[same].surface, kept[same].labels + item.labels)
    return kept
