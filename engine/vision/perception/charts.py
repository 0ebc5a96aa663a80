"""Puts charts together by the labels of their axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from engine.vision.perception.chart_axes import Axis, is_label, label_axes, value_axes
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.scene import Scene
from engine.vision.percepts import Box, Picture, PictureKind

# Least heights of bars, and labels of a row that stands alone.
_HEIGHTS, _ALONE = 3, 4
# The ends of bars are in line; in pixels.
_ALIGNED = 3.0
# How far labels stand from what they measure, over the font size.
_BESIDE, _BELOW = 4, 5
# Share of an axis along which there is something drawn.
_SPANNED = 0.6
# Boxes in charts, as between lines, are smaller than cards; in square pixels.
_LEAST_CARD = 20_000
# Words in a line of what a chart may hold besides its labels, as in a legend.
_WORDS = 3


def take_charts(scene: Scene) -> Scene:
    """Makes one picture of what stands between the labels of axes, and of these.

    An axis of values is told by numbers that grow upwards as evenly as they stand, one below by
    short labels at an even pitch.
    """
    drawn = [item.box for item in scene.pictures]
    cards = [item.surface.box for item in scene.surfaces if item.surface.box.area >= _LEAST_CARD]
    boxes: list[Box] = []
    small = [item.surface.box for item in scene.surfaces if item.surface.box.area < _LEAST_CARD]
    for card, labels in _by_card([item for item in scene.read if is_label(item)], cards):
        below = label_axes(labels)
        parts = [box for box in (*drawn, *small) if card is None or card.contains(box, 1)]
        for axis in value_axes(labels):
            mates = [row.box for row in below if _meet(axis, row)]
            mates += [box for box in drawn if _stands_beside(box, axis)]
            if card:
                mates += [box for box in parts if _stands_before(box, axis)]
                mates = mates or _pieces_beside(parts, axis)
            if mates:
                boxes.append(reduce(Box.union, mates, axis.box))
        for row in below:
            over = [box for box in (*drawn, *_bars_over(parts, row)) if _stands_over(box, row)]
            if row.count >= _ALONE and over:
                boxes.append(reduce(Box.union, over, row.box))
    charts = [box for box in _joined(boxes) if _holds_no_more(box, scene)]
    return _with_charts(scene, charts) if charts else scene


def _by_card(
    labels: Sequence[ReadLine], cards: Sequence[Box]
) -> list[tuple[Box | None, list[ReadLine]]]:
    """Groups labels by the innermost card that they are on, if any."""
    groups: dict[int, list[ReadLine]] = {}
    for item in labels:
        # Surfaces go from the outside in.
        holders = [index for index, card in enumerate(cards) if card.contains(item.ink, 1)]
        groups.setdefault(holders[-1] if holders else -1, []).append(item)
    return [(cards[index] if index >= 0 else None, group) for index, group in groups.items()]


def _joined(boxes: Sequence[Box]) -> list[Box]:
    """Joins what was found by one axis and by the other."""
    joined: list[Box] = []
    for found in boxes:
        whole = found
        for other in [box for box in joined if box.intersection(found) > 0]:
            joined.remove(other)
            whole = whole.union(other)
        joined.append(whole)
    return joined


def _with_charts(scene: Scene, charts: Sequence[Box]) -> Scene:
    inside = [[p for p in scene.pictures if _holds(chart, p.box)] for chart in charts]
    pictures = [p for p in scene.pictures if not any(_holds(chart, p.box) for chart in charts)]
    for chart, parts in zip(charts, inside, strict=True):
        whole = reduce(Box.union, (part.box for part in parts), chart)
        color = max(parts, key=lambda part: part.box.area).color if parts else "#888888"
        pictures.append(Picture(whole, PictureKind.CHART, color))
    return replace(
        scene,
        pictures=pictures,
        surfaces=[
            item
            for item in scene.surfaces
            if not any(chart.contains(item.surface.box, 1) for chart in charts)
        ],
        rules=[rule for rule in scene.rules if not any(_holds(c, rule.box) for c in charts)],
        read=[item for item in scene.read if not any(_holds(c, item.ink) for c in charts)],
    )


def _meet(values: Axis, row: Axis) -> bool:
    """Whether a row of labels begins below and beside a column of values.

    The lowest of these may not have been read.
    """
    reach = _BELOW * values.size
    return (
        0 <= row.box.center_y - values.box.bottom + values.size <= reach + values.pitch
        and -reach <= row.box.x - values.box.right <= 2 * reach
    )


def _stands_beside(box: Box, axis: Axis) -> bool:
    return 0 <= box.x - axis.box.right <= _BESIDE * axis.size and _goes_along(box, axis)


def _stands_before(box: Box, axis: Axis) -> bool:
    return 0 <= axis.box.x - box.right <= _BESIDE * axis.size and _goes_along(box, axis)


def _goes_along(box: Box, axis: Axis) -> bool:
    shared = min(box.bottom, axis.box.bottom) - max(box.y, axis.box.y)
    return shared >= _SPANNED * min(axis.box.h, box.h) and box.h >= _SPANNED / 2 * axis.box.h


def _stands_over(box: Box, row: Axis) -> bool:
    shared = min(box.right, row.box.right) - max(box.x, row.box.x)
    gap = row.box.y - box.bottom
    return (
        -row.size <= gap <= _BELOW * row.size
        and shared >= _SPANNED * max(row.box.w, box.w)
        and box.h >= 2 * row.size
    )


def _pieces_beside(parts: Sequence[Box], axis: Axis) -> list[Box]:
    """Returns the box around bars and dots to the right of a column of values, if any."""
    beside = sorted(
        (
            box
            for box in parts
            if box.x >= axis.box.right
            and axis.box.y - axis.size <= box.y
            and box.bottom <= axis.box.bottom + axis.size + axis.pitch
        ),
        key=lambda box: box.x,
    )
    whole = axis.box
    for box in beside:
        if box.x - whole.right <= _BESIDE * axis.size:
            whole = whole.union(box)
    return [whole] if whole.right - axis.box.right >= axis.box.h / 2 else []


def _bars_over(parts: Sequence[Box], row: Axis) -> list[Box]:
    """Returns the box around the bars over a row of labels, if any.

    They end on one line, and are as unlike as values are; buttons are alike.
    """
    over = [
        box
        for box in parts
        if row.box.x - row.size <= box.center_x <= row.box.right + row.size
        and 0 <= row.box.y - box.bottom <= _BELOW * row.size
    ]
    base = float(np.median([box.bottom for box in over])) if over else 0.0
    bars = [box for box in over if abs(box.bottom - base) <= _ALIGNED]
    heights = {round(box.h) for box in bars}
    return [reduce(Box.union, bars)] if len(heights) >= _HEIGHTS else []


def _holds(chart: Box, other: Box) -> bool:
    """Whether the middle of something lies in a chart."""
    return (
        chart.x <= other.center_x <= chart.right
        and chart.y <= other.center_y <= chart.bottom
        and other.area <= chart.area
    )


def _holds_no_more(chart: Box, scene: Scene) -> bool:
    """Whether a chart keeps clear of what is said on the page."""
    lines = [item.line.text for item in scene.read if _holds(chart, item.ink)]
    return not any(len(line.split()) > _WORDS for line in lines)
