"""Finds the columns of a page of which one goes on far below the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.vision.layout.item import Item, union
from engine.vision.layout.spacing import split
from engine.vision.percepts import Box

# The narrowest gutter between the columns of a page.
_GUTTER = 16.0
# How wide a side column is at most, and the main one at least, over the page; how wide a side
# column is at least, in pixels: marks are no columns.
_WIDEST, _MAIN, _NARROWEST = 0.34, 0.4, 64.0
# How high the main column is at least, and how far it goes on below the others.
_HEIGHT, _GOES_ON = 400.0, 200.0
# How much wider than a side column something beside it is at least, or they are alike.
_WIDER = 1.6
# Texts of a side column: how many at least.
_LEAST_TEXTS = 2
# How far from each other the main column's rows may begin, and which share of them does.
_STARTS, _MOST = 10.0, 0.5
# How much of the main column's width is filled below the others.
_FILLED = 0.8
# How much of the main column's width its widest part takes at least, or it is several.
_ONE = 0.6


@dataclass(frozen=True, slots=True)
class PageColumns:
    """Rows from `start` up to `end`, as what stands before, in and after the main column."""

    start: int
    end: int
    before: list[Item]
    main: list[Item]
    after: list[Item]


def page_columns(rows: Sequence[Sequence[Item]], page: Box) -> PageColumns | None:
    """Returns the first rows of a page that are columns side by side; None without such.

    One of them is the main one; at its left or right, or both, stands a narrow one that ends
    far above it, and the place below that is kept free to the end.
    """
    for start, row in enumerate(rows):
        if len(split(row, horizontal=False, slack=-_GUTTER)) < 2:
            continue
        end, columns = _longest(rows, start)
        first = 1 if _is_side(columns[0], columns[1:], page) else 0
        last = len(columns) - (1 if _is_side(columns[-1], columns[first:-1], page) else 0)
        before, main, after = map(_items, (columns[:first], columns[first:last], columns[last:]))
        if (before or after) and _is_one(main):
            return PageColumns(start, end, before, main, after)
    return None


def _longest(rows: Sequence[Sequence[Item]], start: int) -> tuple[int, list[list[Item]]]:
    """Returns the end of the most rows from `start` on that have a gutter, and their parts."""
    items: list[Item] = []
    parts: list[list[Item]] = []
    for end in range(start, len(rows)):
        items += rows[end]
        found = split(items, horizontal=False, slack=-_GUTTER)
        if len(found) < 2:
            return end, parts
        parts = found
    return len(rows), parts


def _items(columns: Sequence[Sequence[Item]]) -> list[Item]:
    return [item for column in columns for item in column]


def _is_one(main: Sequence[Item]) -> bool:
    """Returns whether one column, maybe with marks beside it, takes most of the width."""
    return _widest(split(main, horizontal=False)) >= _ONE * union(item.box for item in main).w


def _widest(columns: Sequence[Sequence[Item]]) -> float:
    return max(union(item.box for item in column).w for column in columns)


def _is_side(side: Sequence[Item], others: Sequence[Sequence[Item]], page: Box) -> bool:
    """Returns whether a narrow column of texts ends far above what stands beside it."""
    main = _items(others)
    if not main:
        return False
    box, rest = union(item.box for item in side), union(item.box for item in main)
    if not _NARROWEST <= box.w <= _WIDEST * page.w or rest.w < _MAIN * page.w:
        return False
    if rest.h < _HEIGHT or rest.bottom - box.bottom < _GOES_ON:
        return False
    if sum(1 for item in side for _ in item.texts()) < _LEAST_TEXTS:
        return False
    level = [item for item in main if item.box.y < box.bottom]
    if not level or _widest(split(level, horizontal=False)) < _WIDER * box.w:
        return False
    below = [item for item in main if item.box.y >= box.bottom]
    if not below or union(item.box for item in below).w < _FILLED * _widest(others):
        return False
    starts = sorted(min(item.box.x for item in row) for row in split(below, horizontal=True))
    usual = starts[len(starts) // 2]
    return sum(abs(start - usual) <= _STARTS for start in starts) >= _MOST * len(starts)
