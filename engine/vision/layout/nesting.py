"""Tells which of the columns of a row make up one column of an outer row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from engine.vision.layout.item import Item, union
from engine.vision.layout.spacing import gaps, near
from engine.vision.percepts import Box

Column = list[Item]

# Columns of text or cards are at least so wide and high; in rows of lower things, such as bars
# and lines of a list, an icon is an entry of its own.
_BLOCK_WIDTH, _BLOCK_HEIGHT = 100.0, 60.0
# The widest column of icons, rules or other marks.
_MARKS_WIDTH = 48.0
# Columns that abut are closer than the first, where others stand the second apart at least.
_ABUTTING, _APART = 8.0, 24.0
# By how much equal widths may differ: in pixels, and as a share.
_SAME_WIDTH, _SAME_SHARE = 3.0, 0.01


def nested_columns(columns: Sequence[Column]) -> list[Column]:
    """Returns the outermost columns of a row, of which some may be several of `columns`.

    Marks go with what they stand by, things that abut are one, a row of two halves stays one
    however its halves are divided, and cards do not mix with what is not painted. At least two
    columns are left, or all of `columns`.
    """
    found = [list(column) for column in columns]
    for join in (_between_marks, _with_marks, _abutting, _shares, _beside_box):
        if len(found) < 3 or sum(map(_is_block, found)) < 2:
            return found
        joined = join(found)
        if len(joined) > 1:
            found = joined
    return found


def _box(column: Sequence[Item]) -> Box:
    return union(item.box for item in column)


def _is_block(column: Sequence[Item]) -> bool:
    box = _box(column)
    return box.w >= _BLOCK_WIDTH and box.h >= _BLOCK_HEIGHT


def _is_marks(column: Sequence[Item]) -> bool:
    """Returns whether a column holds nothing but small things without words."""
    return _box(column).w <= _MARKS_WIDTH and not _is_worded(column)


def _is_worded(column: Sequence[Item]) -> bool:
    return any(True for item in column for _ in item.texts())


def _between_marks(columns: Sequence[Column]) -> list[Column]:
    """Joins the columns between marks at the ends that stand beside boxes, as arrows do."""
    first = 1 if _is_marks(columns[0]) and _is_painted(columns[1]) else 0
    last = len(columns)
    if _is_marks(columns[-1]) and _is_painted(columns[-2]):
        last -= 1
    if last - first == len(columns):
        return list(columns)
    return _joined(columns, [first < at < last for at in range(1, len(columns))])


def _is_painted(column: Sequence[Item]) -> bool:
    return len(column) == 1 and column[0].boxed


def _with_marks(columns: Sequence[Column]) -> list[Column]:
    """Joins columns of marks with the nearer of their neighbours, the right one if in doubt."""
    boxes = [_box(column) for column in columns]
    marks = [_is_marks(column) for column in columns]
    spaces = [float("inf"), *gaps(boxes, horizontal=True), float("inf")]
    joins = [False] * (len(columns) + 1)
    for at, is_mark in enumerate(marks):
        if is_mark:
            joins[at if spaces[at] < spaces[at + 1] else at + 1] = True
    return _joined(columns, joins[1:-1])


def _abutting(columns: Sequence[Column]) -> list[Column]:
    spaces = gaps([_box(column) for column in columns], horizontal=True)
    if max(spaces) < _APART:
        return list(columns)
    small = [not _is_block(column) for column in columns]
    return _joined(
        columns,
        [
            space < _ABUTTING and any(pair)
            for space, *pair in zip(spaces, small, small[1:], strict=False)
        ],
    )


def _shares(columns: Sequence[Column]) -> list[Column]:
    """Joins the columns of one half, or of the smaller third, of a row that divides so."""
    boxes = [_box(column) for column in columns]
    spaces = gaps(boxes, horizontal=True)
    if any(near(measures, _SAME_WIDTH) for measures in _measures(boxes)):
        return list(columns)
    painted = all(map(_is_painted, columns))
    for at in range(1, len(columns)):
        sides = boxes[:at], boxes[at:]
        smaller, larger = sorted((union(side).w + spaces[at - 1], len(side)) for side in sides)
        third = painted and smaller[1] > 1 and _same(larger[0], 2 * smaller[0])
        if third or _same(larger[0], smaller[0]):
            return _joined(columns, [number != at for number in range(1, len(columns))])
    return list(columns)


def _beside_box(columns: Sequence[Column]) -> list[Column]:
    """Joins the texts beside a lone box, or a lone column of pictures, at either end.

    At an even pitch they are peers: the box is the current one of several tabs.
    """
    painted = [_stands_alone(column) and _is_block(column) for column in columns]
    boxes = [_box(column) for column in columns]
    even = any(near(measures, _SAME_WIDTH) for measures in _measures(boxes)[1:])
    if sum(painted) != 1 or not (painted[0] or painted[-1]) or even:
        return list(columns)
    return _joined(columns, [first == second for first, second in pairwise(painted)])


def _stands_alone(column: Sequence[Item]) -> bool:
    """Returns whether a column is a box, or pictures without words."""
    return _is_painted(column) or not _is_worded(column)


def _measures(boxes: Sequence[Box]) -> list[list[float]]:
    """Returns the widths of boxes and the pitches of their starts and centres."""
    return [
        [box.w for box in boxes],
        [after.x - before.x for before, after in pairwise(boxes)],
        [after.center_x - before.center_x for before, after in pairwise(boxes)],
    ]


def _same(first: float, second: float) -> bool:
    return abs(first - second) <= max(_SAME_WIDTH, _SAME_SHARE * first)


def _joined(columns: Sequence[Column], joins: Sequence[bool]) -> list[Column]:
    """Returns columns, joined with the one before where `joins` (one fewer) says so."""
    found = [list(columns[0])]
    for column, join in zip(columns[1:], joins, strict=True):
        if join:
            found[-1].extend(column)
        else:
            found.append(list(column))
    return found
