"""Puts together the bars of a chart."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from engine.vision.percepts import Box, Picture, PictureKind, Rule

# Bars of one chart stand on one line, this close to each other; sizes in pixels.
_BARS, _BAR_WIDTH, _BAR_GAP, _BAR_HEIGHT = 4, 24, 30, 6
# How many heights they have at least, and how high slim ones are over their width.
_HEIGHTS, _SLIM = 3, 2
# How far the ends of bars that are as thin as rules may be off: one may lie on the edge of a card.
_THIN_BASE = 3
# Where bars nearly touch, some are seen as one piece, beside others that are thin as rules are: so
# close to these, of so many parts together, and so high at most.
_TOUCHING, _PARTS, _HIGHEST = 16, 3, 300
# What bars make up is an icon, up to this side.
_ICON = 64


def join_bars(
    pictures: Sequence[Picture], rules: Sequence[Rule], height: int
) -> tuple[list[Picture], list[Rule]]:
    """Joins upright bars on a common base line, which a page's `height` is not, into charts."""
    strokes = _strokes(rules)
    thin = frozenset(strokes)
    boxes = [
        box
        for box in (*(picture.box for picture in pictures), *strokes)
        if box.h <= _HIGHEST and box.bottom < height
    ]
    charts = [
        _bounds(row)
        for row in _rows([box for box in boxes if _is_bar(box)], _BAR_GAP, thin)
        if len(row) >= _BARS and _has_many_heights(row)
    ]
    charts += [
        _bounds(row)
        for row in _rows(boxes, _TOUCHING, thin)
        if len(row) >= _PARTS
        and any(box in thin for box in row)
        and not all(_is_bar(box) for box in row)
    ]
    charts = [box for box in charts if not any(o is not box and o.contains(box) for o in charts)]
    if not charts:
        return list(pictures), list(rules)
    kept = [p for p in pictures if not any(chart.contains(p.box, 1) for chart in charts)]
    inside = [p for p in pictures if any(chart.contains(p.box, 1) for chart in charts)]
    color = inside[0].color if inside else "#888888"
    kept += [Picture(chart, _kind(chart), color) for chart in charts]
    lines = [r for r in rules if not any(chart.contains(r.box, 1) for chart in charts)]
    return kept, lines


def _kind(box: Box) -> PictureKind:
    return PictureKind.ICON if max(box.w, box.h) <= _ICON else PictureKind.CHART


def _strokes(rules: Sequence[Rule]) -> list[Box]:
    """The upright rules; the body of a bar and its soft edges are one."""
    strokes: list[Box] = []
    for box in sorted((rule.box for rule in rules if not rule.horizontal), key=_place):
        last = strokes[-1] if strokes else None
        if last and (last.y, last.h) == (box.y, box.h) and box.x - last.right <= 1:
            strokes[-1] = last.union(box)
        else:
            strokes.append(box)
    return strokes


def _place(box: Box) -> tuple[float, float, float]:
    return box.y, box.h, box.x


def _rows(boxes: Sequence[Box], gap: float, thin: frozenset[Box]) -> list[list[Box]]:
    """Groups boxes that end on one line and stand close to each other; some are `thin`."""
    done: list[list[Box]] = []
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (b.bottom, b.x)):
        # The last of a row ends lowest; rows that end far above take no more.
        done += [row for row in rows if row[-1].bottom < box.bottom - _THIN_BASE]
        rows = [row for row in rows if row[-1].bottom >= box.bottom - _THIN_BASE]
        near = [row for row in rows if any(_is_beside(box, other, gap, thin) for other in row)]
        rows = [row for row in rows if row not in near]
        rows.append([*(other for row in near for other in row), box])
    return done + rows


def _is_beside(first: Box, second: Box, gap: float, thin: frozenset[Box]) -> bool:
    apart = max(first.x - second.right, second.x - first.right)
    slack = _THIN_BASE if first in thin or second in thin else 0
    return abs(first.bottom - second.bottom) <= slack and apart <= gap


def _has_many_heights(row: Sequence[Box]) -> bool:
    """Whether bars are as unlike as values are; signs that are not slim stand in rows, too."""
    slim = all(box.h >= _SLIM * box.w for box in row)
    return len({round(box.h) for box in row}) >= max(_HEIGHTS, 0 if slim else len(row) // 2)


def _is_bar(box: Box) -> bool:
    return box.w <= _BAR_WIDTH and box.h >= max(box.w, _BAR_HEIGHT)


def _bounds(boxes: Sequence[Box]) -> Box:
    return reduce(Box.union, boxes)
