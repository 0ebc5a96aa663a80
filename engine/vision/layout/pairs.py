"""Finds two columns that run beside each other, cut by rows at different heights."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.layout.item import Item, union
from engine.vision.layout.spacing import gaps, split

Columns = list[list[Item]]

# The narrowest gutter between the two, and how far apart their rows are at most.
_GUTTER, _CARD_GUTTER, _CLOSE = 32.0, 20.0, 60.0
# How wide each is at least: lists of labels with a figure or an arrow each are no columns.
_WIDTH = 64.0
# How many rows of a column begin at its edge at least, and how far from it they may begin.
_ALIKE, _STARTS = 2, 10.0
# After how much space in a column what follows is another pair.
_APART = 200.0


def paired_columns(rows: Sequence[Sequence[Item]]) -> tuple[int, Columns]:
    """Returns how many of `rows` make up two columns, and these; (0, []) when none do.

    The rows of each column begin at one place.
    """
    best: tuple[int, Columns] = (0, [])
    items: list[Item] = []
    both: list[list[list[Item]]] = []
    for number, row in enumerate(rows, start=1):
        if items and min(i.box.y for i in row) - max(i.box.bottom for i in items) > _CLOSE:
            break
        items += row
        columns = _parted(items)
        if len(columns) != 2 or any(_is_torn(column) for column in columns):
            break
        parts = [[item for item in row if item in column] for column in columns]
        if all(parts):
            both.append(parts)
            wide = min(union(i.box for i in column).w for column in columns) >= _WIDTH
            if len(both) > 1 and wide and _begin_alike(both):
                best = number, columns
    return best


def _parted(items: Sequence[Item]) -> Columns:
    """Returns the columns that wide gutters part; a narrower one does beside a column of cards."""
    columns = split(items, horizontal=False, slack=-_GUTTER)
    if len(columns) > 1:
        return columns
    narrow = split(items, horizontal=False, slack=-_CARD_GUTTER)
    cards = sum(all(item.boxed for item in column) for column in narrow)
    return narrow if len(narrow) == 2 and cards == 1 else columns


def _is_torn(column: Sequence[Item]) -> bool:
    """Returns whether so much space parts a column that its halves are not one."""
    boxes = [union(item.box for item in part) for part in split(column, horizontal=True)]
    return max(gaps(boxes, horizontal=False), default=0.0) > _APART


def _begin_alike(rows: Sequence[Sequence[Sequence[Item]]]) -> bool:
    """Returns whether in both columns at least two rows begin where the column does."""
    for side in (0, 1):
        starts = [min(item.box.x for item in parts[side]) for parts in rows]
        if sum(start - min(starts) <= _STARTS for start in starts) < _ALIKE:
            return False
    return True
