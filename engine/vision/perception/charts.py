"""Puts charts together by the labels of their axes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.scene import Scene
from engine.vision.percepts import Box, Picture, PictureKind

# Labels of axes are no longer and no larger than this, in characters and pixels.
_LONGEST, _LARGEST = 8, 17
# Least labels of an axis: of values, of a row that goes with these, and of one that stands alone.
_VALUES, _WITH_VALUES, _ALONE = 3, 3, 4
# Labels of one axis are in line; in pixels.
_ALIGNED = 3.0
# How far labels may be from their places, over the length of the axis.
_OFF = 0.04
# How far one of a row may be from where the others put it, over their pitch.
_ASTRAY = 0.15
# How much the font size and the colour of small labels may seem to differ; pixels, levels.
_SIZES, _COLORS = 2.5, 24
# How far labels stand from what they measure, over the font size.
_BESIDE, _BELOW = 4, 5
# Share of an axis along which there is something drawn.
_SPANNED = 0.6
# Boxes in charts, as between lines, are smaller than cards; in square pixels.
_LEAST_CARD = 20_000
# Words in a line of what a chart may hold besides its labels, as in a legend.
_WORDS = 3
_NUMBER = re.compile(r"[-+$€£]*(\d+(?:[.,]\d+)?)\s*[kKmM%€]?")


@dataclass(frozen=True, slots=True)
class _Axis:
    """The box around labels in line, how many they are, and their font size."""

    box: Box
    count: int
    size: float


def take_charts(scene: Scene) -> Scene:
    """Makes one picture of what stands between the labels of axes, and of these.

    An axis of values is told by numbers that grow upwards as evenly as they stand, one below by
    short labels at an even pitch.
    """
    drawn = [item.box for item in scene.pictures]
    cards = [item.surface.box for item in scene.surfaces if item.surface.box.area >= _LEAST_CARD]
    boxes: list[Box] = []
    for labels in _by_card([item for item in scene.read if _is_label(item)], cards):
        below = _label_axes(labels)
        for axis in _value_axes(labels):
            mates = [row.box for row in below if _meet(axis, row)]
            mates += [box for box in drawn if _stands_beside(box, axis)]
            if mates:
                boxes.append(reduce(Box.union, mates, axis.box))
        for row in below:
            over = [box for box in drawn if _stands_over(box, row)]
            if row.count >= _ALONE and over:
                boxes.append(reduce(Box.union, over, row.box))
    charts = [box for box in _joined(boxes) if _holds_no_more(box, scene)]
    return _with_charts(scene, charts) if charts else scene


def _by_card(labels: Sequence[ReadLine], cards: Sequence[Box]) -> list[list[ReadLine]]:
    """Groups labels by the innermost card that they are on, if any."""
    groups: dict[int, list[ReadLine]] = {}
    for item in labels:
        # Surfaces go from the outside in.
        holders = [index for index, card in enumerate(cards) if card.contains(item.ink, 1)]
        groups.setdefault(holders[-1] if holders else -1, []).append(item)
    return list(groups.values())


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


def _is_label(item: ReadLine) -> bool:
    return len(item.line.text) <= _LONGEST and item.line.font_size <= _LARGEST


def _value_axes(labels: Sequence[ReadLine]) -> list[_Axis]:
    """Returns the columns of numbers that go with their places."""
    numbers = sorted(
        ((item, value) for item in labels if (value := _value(item.line.text)) is not None),
        key=lambda pair: (pair[0].ink.y, pair[0].ink.x),
    )
    axes = []
    taken: set[int] = set()
    for first, (head, _) in enumerate(numbers):
        if first in taken:
            continue
        column = [
            index
            for index in range(first, len(numbers))
            if index not in taken and _in_column(head, numbers[index][0])
        ]
        while len(column) >= _VALUES:
            places = [numbers[index][0].ink.center_y for index in column]
            values = [numbers[index][1] for index in column]
            if _fits(places, values):
                taken.update(column)
                axes.append(_axis([numbers[index][0] for index in column]))
                break
            # What stands below in the same column may be another axis.
            column.pop()
    return axes


def _fits(places: Sequence[float], values: Sequence[float]) -> bool:
    """Whether values fall as evenly as they stand; the signs of those below 0 are often lost."""
    lowest = int(np.argmin(values))
    signed = np.array([*values[: lowest + 1], *(-abs(value) for value in values[lowest + 1 :])])
    if np.diff(places).min() <= 0 or np.diff(signed).max() >= 0:
        return False
    line = np.polyval(np.polyfit(places, signed, 1), places)
    return bool(np.abs(line - signed).max() <= _OFF * (signed[0] - signed[-1]))


def _in_column(first: ReadLine, second: ReadLine) -> bool:
    one, other = first.ink, second.ink
    edges = (one.x - other.x, one.right - other.right, one.center_x - other.center_x)
    return min(abs(edge) for edge in edges) <= _ALIGNED and _alike(first, second)


def _label_axes(labels: Sequence[ReadLine]) -> list[_Axis]:
    """Returns the rows of labels at an even pitch."""
    axes = []
    rows: list[list[ReadLine]] = []
    for item in sorted(labels, key=lambda item: (item.ink.center_y, item.ink.x)):
        row = next((row for row in rows if _in_row(row[0], item)), None)
        if row is None:
            rows.append([item])
        else:
            row.append(item)
    for row in rows:
        run: list[ReadLine] = []
        for item in sorted(row, key=lambda item: item.ink.x):
            if len(run) < 2 or _is_next(run, item):
                run.append(item)
                continue
            axes.append(_axis(run))
            run = [run[-1], item]
        axes.append(_axis(run))
    return [axis for axis in axes if axis.count >= _WITH_VALUES]


def _is_next(run: Sequence[ReadLine], item: ReadLine) -> bool:
    """Whether a label stands where the pitch of those before puts it; one may not be read."""
    centers = [one.ink.center_x for one in run]
    pitch = float(np.median(np.diff(centers)))
    step = (item.ink.center_x - centers[-1]) / pitch if pitch > 0 else 0.0
    near = abs(step - round(step)) * pitch
    return 1 <= round(step) <= 2 and near <= max(_ALIGNED, _ASTRAY * pitch)


def _in_row(first: ReadLine, second: ReadLine) -> bool:
    return abs(first.ink.center_y - second.ink.center_y) <= _ALIGNED and _alike(first, second)


def _alike(first: ReadLine, second: ReadLine) -> bool:
    return (
        abs(first.line.font_size - second.line.font_size) <= _SIZES
        and distance(bgr_of(first.line.color), bgr_of(second.line.color)) <= _COLORS
    )


def _axis(items: Sequence[ReadLine]) -> _Axis:
    box = reduce(Box.union, (item.ink for item in items))
    return _Axis(box, len(items), float(np.median([item.line.font_size for item in items])))


def _value(text: str) -> float | None:
    number = _NUMBER.fullmatch(text.strip())
    return float(number[1].replace(",", ".")) if number else None


def _meet(values: _Axis, row: _Axis) -> bool:
    """Whether a row of labels begins below and beside a column of values."""
    reach = _BELOW * values.size
    return (
        0 <= row.box.center_y - values.box.bottom + values.size <= reach
        and -reach <= row.box.x - values.box.right <= 2 * reach
        and row.box.w >= values.size * _VALUES
    )


def _stands_beside(box: Box, axis: _Axis) -> bool:
    shared = min(box.bottom, axis.box.bottom) - max(box.y, axis.box.y)
    gap = box.x - axis.box.right
    return (
        0 <= gap <= _BESIDE * axis.size
        and shared >= _SPANNED * min(axis.box.h, box.h)
        and box.h >= _SPANNED / 2 * axis.box.h
        and box.w >= axis.box.h / 2
    )


def _stands_over(box: Box, row: _Axis) -> bool:
    shared = min(box.right, row.box.right) - max(box.x, row.box.x)
    gap = row.box.y - box.bottom
    return (
        -row.size <= gap <= _BELOW * row.size
        and shared >= _SPANNED * max(row.box.w, box.w)
        and box.h >= 2 * row.size
    )


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
