"""Joins the rows that make up one row of cells, such as titles and what they head."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from engine.vision.layout.item import Item, union
from engine.vision.layout.matrix import signature
from engine.vision.layout.spacing import gaps, split

# How much farther apart rows of cells are than the rows inside them, and the least, in pixels.
_FARTHER, _LEAST = 2.0, 16.0


def cell_rows(rows: Sequence[list[Item]]) -> list[list[Item]]:
    """Returns rows of cells that `rows`, which share their gutters, make up; [] if none.

    They stand much farther apart than what is inside them, and all cells begin alike.
    """
    spaces = gaps([union(item.box for item in row) for row in rows], horizontal=False)
    least = max([_LEAST, *(space / _FARTHER for space in spaces)])
    inner = [space for space in spaces if space < least]
    outer = [space for space in spaces if space >= least]
    if not outer or min(outer) < _FARTHER * max(inner, default=0.0):
        return []
    joined = [list(rows[0])]
    for row, space in zip(rows[1:], spaces, strict=True):
        if space < least:
            joined[-1] += row
        else:
            joined.append(list(row))
    columns = split([item for row in rows for item in row], horizontal=False)
    cells = [cells_of(row, columns) for row in joined]
    if not all(all(row) for row in cells[:-1]) or not _from_the_first(cells[-1]):
        return []
    filled = [cell for row in cells for cell in row if cell]
    if any(len(split(cell, horizontal=True)) < 2 for cell in filled):
        return []
    heads = {signature(min(cell, key=lambda item: item.box.y)) for cell in filled}
    return joined if len(heads) == 1 else []


def cells_of(row: Sequence[Item], columns: Sequence[Sequence[Item]]) -> list[list[Item]]:
    """Returns what a row has in each of `columns`."""
    ids = {id(item) for item in row}
    return [[item for item in column if id(item) in ids] for column in columns]


def _from_the_first(cells: Sequence[list[Item]]) -> bool:
    """Returns whether no empty cell stands before another."""
    return all(before or not after for before, after in pairwise(cells))
