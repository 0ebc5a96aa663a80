"""Tells how many rows share their gutters: grids, tables, lists and columns begin as these."""

from __future__ import annotations

from engine.vision.layout.item import Item, union
from engine.vision.layout.rules import is_rule
from engine.vision.layout.spacing import gaps, near, split

_STRAY_GAP = 26.0
# How far the edges of a grid's cells may be off those above them, how high cells are at least,
# and how far apart their rows are, over the gap between columns.
_CELL_SLACK, _CELL_LEAST, _ROW_GAP = 3.0, 40.0, 2.0


def run_end(rows: list[list[Item]], start: int) -> int:
    """Returns where the run of rows that share the gutters of row `start` ends."""
    count = len(split(rows[start], horizontal=False))
    if count < 2 or _stands_alone(rows[start]):
        return start + 1
    above, end = list(rows[start]), start + 1
    probe = end
    while probe < len(rows):
        row = rows[probe]
        if is_rule(row):
            probe += 1
            continue
        parts = split(row, horizontal=False)
        own = len(parts)
        together = len(split([*above, *row], horizontal=False))
        if together != count or (own < count and not _belongs(above, row)):
            break
        if own > count and all(any(item.boxed for item in part) for part in parts):
            break
        above += row
        probe += 1
        end = probe
    return end


def _stands_alone(row: list[Item]) -> bool:
    """Returns whether a row begins no columns: rules only, or a title and the rule beside it."""
    rules = [is_rule([item]) for item in row]
    return all(rules) or sorted(rules) == [False, True]


def _belongs(above: list[Item], row: list[Item]) -> bool:
    """Returns whether a row with fewer parts goes on the columns above it, close by."""
    if _are_last_cells(above, row):
        return True
    for part in split(row, horizontal=False):
        box = union(item.box for item in part)
        over = [item for item in above if item.box.x < box.right and box.x < item.box.right]
        if not over or any(item.boxed for item in over):
            return False
        if box.y - max(item.box.bottom for item in over) > _STRAY_GAP:
            return False
    return True


def _are_last_cells(above: list[Item], row: list[Item]) -> bool:
    """Returns whether painted boxes stand as the equal cells above them, from the first one on."""
    columns = split(above, horizontal=False)
    boxes = [union(item.box for item in column) for column in columns]
    cells = sorted(row, key=lambda item: item.box.x)
    if len(cells) >= len(columns) or not all(item.boxed for item in [*above, *cells]):
        return False
    if not near([item.box.w for item in [*above, *cells]], _CELL_SLACK):
        return False
    gap = min(cell.box.y for cell in cells) - max(box.bottom for box in boxes)
    return (
        min(cell.box.h for cell in cells) >= _CELL_LEAST
        and gap <= _ROW_GAP * max(gaps(boxes, horizontal=True))
        and all(
            abs(cell.box.x - box.x) <= _CELL_SLACK for cell, box in zip(cells, boxes, strict=False)
        )
    )
