"""Finds a column that goes on, indented, below what stands at its left: a title or a menu."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.layout.item import Item, union
from engine.vision.layout.spacing import split

# The narrowest gutter, and how wide the left column is at least: marks are no columns.
_GUTTER, _WIDTH = 12.0, 64.0
# How far apart rows are at most.
_CLOSE = 80.0
# How far from the column's edge its rows may begin, how many begin there at least, and which
# share of them.
_STARTS, _ALIKE, _MOST = 10.0, 3, 0.6
# How far the column goes on below the other at least.
_GOES_ON = 100.0


def indented_column(rows: Sequence[Sequence[Item]]) -> tuple[int, list[list[Item]]]:
    """Returns how many of `rows` make up two columns of which the right one goes on, and these.

    (0, []) when there are none. What goes on is told by where its rows begin: right
    of all that stands in the other column.
    """
    parts = split(rows[0], horizontal=False, slack=-_GUTTER)
    if len(parts) < 2:
        return 0, []
    left, right = list(parts[0]), [item for part in parts[1:] for item in part]
    start = min(item.box.x for item in right)
    starts = [start]
    length = 1
    for row in rows[1:]:
        before = [item for item in row if item.box.right <= start - _GUTTER]
        after = [item for item in row if item.box.x >= start - _STARTS]
        low, top = max(i.box.bottom for i in [*left, *right]), min(i.box.y for i in row)
        if len(before) + len(after) < len(row) or top - low > _CLOSE:
            break
        left += before
        right += after
        if after:
            starts.append(min(item.box.x for item in after))
        length += 1
    if not _is_indented(left, right, starts):
        return 0, []
    return length, [left, right]


def _is_indented(left: Sequence[Item], right: Sequence[Item], starts: Sequence[float]) -> bool:
    first, second = union(item.box for item in left), union(item.box for item in right)
    alike = sum(abs(start - second.x) <= _STARTS for start in starts)
    return (
        first.w >= _WIDTH
        and second.bottom - first.bottom >= _GOES_ON
        and alike >= max(_ALIKE, _MOST * len(starts))
    )
