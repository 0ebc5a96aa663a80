"""Finds the axes of charts by their labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.lines import ReadLine
from engine.vision.percepts import Box

# Labels of axes are no longer and no larger than this, in characters and pixels.
_LONGEST, _LARGEST = 8, 17
# Least labels of an axis of values, and of a row below.
_VALUES, _BELOW = 3, 3
# Labels of one axis are in line; in pixels.
_ALIGNED = 3.0
# How far labels may be from their places, over the length of the axis.
_OFF = 0.04
# How far one of a row may be from where the others put it, over their pitch.
_ASTRAY = 0.15
# How much the colour of small labels may seem to differ, in levels.
_COLORS = 24
_NUMBER = re.compile(r"[-+$€£]*(\d+(?:[.,]\d+)?)\s*[kKmM%€]?")


@dataclass(frozen=True, slots=True)
class Axis:
    """The box around labels in line, how many they are, and their font size."""

    box: Box
    count: int
    size: float

    @property
    def pitch(self) -> float:
        """How far the labels of values are from each other."""
        return self.box.h / (self.count - 1)


def is_label(item: ReadLine) -> bool:
    return len(item.line.text) <= _LONGEST and item.line.font_size <= _LARGEST


def value_axes(labels: Sequence[ReadLine]) -> list[Axis]:
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
    line, fall = np.polyval(np.polyfit(places, signed, 1), places), signed[0] - signed[-1]
    return bool(np.abs(line - signed).max() < _OFF * fall)


def _in_column(first: ReadLine, second: ReadLine) -> bool:
    one, other = first.ink, second.ink
    edges = (one.x - other.x, one.right - other.right, one.center_x - other.center_x)
    return min(abs(edge) for edge in edges) <= _ALIGNED and _same_ink(first, second)


def label_axes(labels: Sequence[ReadLine]) -> list[Axis]:
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
    return [axis for axis in axes if axis.count >= _BELOW]


def _is_next(run: Sequence[ReadLine], item: ReadLine) -> bool:
    """Whether a label stands where the pitch of those before puts it; one may not be read."""
    centers = [one.ink.center_x for one in run]
    pitch = float(np.median(np.diff(centers)))
    step = (item.ink.center_x - centers[-1]) / pitch if pitch > 0 else 0.0
    near = abs(step - round(step)) * pitch
    return 1 <= round(step) <= 2 and near <= _ASTRAY * pitch


def _in_row(first: ReadLine, second: ReadLine) -> bool:
    return abs(first.ink.center_y - second.ink.center_y) <= _ALIGNED and _same_ink(first, second)


def _same_ink(first: ReadLine, second: ReadLine) -> bool:
    return distance(bgr_of(first.line.color), bgr_of(second.line.color)) <= _COLORS


def _axis(items: Sequence[ReadLine]) -> Axis:
    box = reduce(Box.union, (item.ink for item in items))
    return Axis(box, len(items), float(np.median([item.line.font_size for item in items])))


def _value(text: str) -> float | None:
    number = _NUMBER.fullmatch(text.strip())
    return float(number[1].replace(",", ".")) if number else None
