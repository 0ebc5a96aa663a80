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
# How many rows of a column begin at its edge at least, how far from it they may begin, and how
# far the ends of a column that goes on may be off.
_ALIKE, _STARTS, _ENDS = 2, 10.0, 4.0
# How far a column goes on below the other at least, and after how much space in a column what
# follows is another pair.
_GOES_ON, _APART = 200.0, 200.0


def paired_columns(rows: Sequence[Sequence[Item]]) -> tuple[int, Columns]:
    """Returns how many of `rows` make up two columns, and these; (0, []) when none do.

    The rows of each column begin at one place. One may go on below the other, as an article
    does below what stands beside it (at least two rows, or a tall box), where its rows are as
    wide as it is.
    """
    best: tuple[int, Columns] = (0, [])
    beside = 0
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
                beside, best = number, (number, columns)
            elif len(both) == 1 and any(map(_is_tall_box, columns)):
                beside = number
        elif beside and _goes_on(columns, parts, rows[beside:number]):
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


def _is_tall_box(column: Sequence[Item]) -> bool:
    return len(column) == 1 and column[0].boxed and column[0].box.h >= _GOES_ON


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


def _goes_on(
    columns: Columns, parts: Sequence[Sequence[Item]], below: Sequence[Sequence[Item]]
) -> bool:
    column = columns[0] if parts[0] else columns[1]
    own, rest = union(i.box for i in column), union(i.box for row in below for i in row)
    ends = abs(own.x - rest.x) <= _ENDS and abs(own.right - rest.right) <= _ENDS
    return ends and rest.h >= _GOES_ON
