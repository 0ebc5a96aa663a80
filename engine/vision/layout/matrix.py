"""Reads rows that share their gutters: grid, table, list of rows, or columns."""

from __future__ import annotations

import itertools
from enum import Enum

from structra.v1 import node_pb2

from engine.vision.layout.columns import marked_rows
from engine.vision.layout.item import Arrangement, Item, group, union
from engine.vision.layout.spacing import gaps, near, split
from engine.vision.percepts import Box

Signature = tuple[str, int]
_LIST_PITCH = 2.1
# How much larger the largest type of a table is than its smallest at most; titles above their
# texts in a few columns are no table.
_TABLE_SIZES, _FEW_SIZES = 1.7, 1.5
_MANY_COLUMNS = 5
# How much the widths of cells may differ in pixels, and the gap of rows over that of columns.
_CELL_SLACK, _ROW_GAP = 3.0, 2.0


class Reading(Enum):
    """What a matrix of rows and columns is."""

    COLUMNS = "columns"
    GRID = "grid"
    TABLE = "table"
    ROWS = "rows"


def read_matrix(rows: list[list[Item]], *, ruled: bool) -> tuple[Reading, int]:
    """Returns how to read `rows`, and for a grid how many rows make up one cell.

    `ruled` says that horizontal rules run between rows, which speaks for a
    table or a list and against columns.
    """
    items = [item for row in rows for item in row]
    columns = split(items, horizontal=False)
    if len(rows) < 2 or len(columns) < 2:
        return Reading.ROWS if ruled else Reading.COLUMNS, 1
    worded = [column for column in columns if any(item.text is not None for item in column)]
    if len(worded) == 1 and marked_rows(rows, columns):
        return Reading.ROWS, 1
    if _is_table(rows, len(columns), ruled=ruled):
        return Reading.TABLE, 1
    if not ruled and _equal_cells(rows, columns):
        return Reading.GRID, 1
    period = 0 if ruled else _period(rows)
    if period and _complete(rows, columns, period) and _wider_between(rows, period):
        kinds = {signature for row in rows[:period] for signature in map(_signature, row)}
        if period > 1 or len(kinds) == 1:
            if period == 1 and kinds and next(iter(kinds))[0] == "text":
                return Reading.COLUMNS, 1
            return Reading.GRID, period
        if _repeated(rows, period):
            return Reading.ROWS, 1
    if ruled or marked_rows(rows, columns):
        return Reading.ROWS, 1
    return (Reading.COLUMNS, 1) if _continuous(columns) else (Reading.ROWS, 1)


def _equal_cells(rows: list[list[Item]], columns: list[list[Item]]) -> bool:
    """Returns whether every cell holds a box, all are as wide, and rows stand apart as columns."""
    cells: list[list[Box]] = []
    for row in rows:
        parts = split(row, horizontal=False)
        if len(parts) != len(columns) or not all(any(i.boxed for i in part) for part in parts):
            return False
        cells.append([union(item.box for item in part) for part in parts])
    if not near([box.w for line in cells for box in line], _CELL_SLACK):
        return False
    gutters = gaps(cells[0], horizontal=True)
    between = gaps([union(line) for line in cells], horizontal=False)
    return max(between) <= _ROW_GAP * max(gutters)


def _signature(item: Item) -> Signature:
    if item.kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}:
        return "button", 0
    if item.kind == node_pb2.NODE_KIND_INPUT:
        return "input", int(item.node.control.type == node_pb2.CONTROL_TYPE_CHECKBOX)
    if item.text is not None:
        return "text", round(item.text.size / 3)
    if item.picture is not None and item.arrangement is Arrangement.LEAF:
        return "picture", item.kind
    if item.surface is not None:
        return "surface", 0
    return "other", item.kind


def _row_signature(row: list[Item]) -> frozenset[Signature]:
    return frozenset(_signature(item) for item in row)


def _period(rows: list[list[Item]]) -> int:
    """Returns after how many rows the pattern of rows repeats; 0 when it does not."""
    marks = [_row_signature(row) for row in rows]
    for period in range(1, len(rows) // 2 + 1):
        if len(rows) % period:
            continue
        if all(_alike(marks[index], marks[index % period]) for index in range(period, len(marks))):
            return period
    return 0


def _alike(first: frozenset[Signature], second: frozenset[Signature]) -> bool:
    return first == second or (first <= second) or (second <= first)


def _complete(rows: list[list[Item]], columns: list[list[Item]], period: int) -> bool:
    """Returns whether every block of `period` rows fills the columns from the left."""
    number = {id(item): index for index, column in enumerate(columns) for item in column}
    for start in range(0, len(rows), period):
        used = {number[id(item)] for row in rows[start : start + period] for item in row}
        last = start + period >= len(rows)
        if used != set(range(len(used))) or (not last and len(used) < len(columns)):
            return False
    return True


def _repeated(rows: list[list[Item]], period: int) -> bool:
    """Returns whether the pattern comes back with more than what goes on one column."""
    parts = [len(split(row, horizontal=False)) for row in rows[period - 1 :: period]]
    return any(count > 1 for count in parts[1:])


def _wider_between(rows: list[list[Item]], period: int) -> bool:
    """Returns whether blocks stand further apart than the rows inside one."""
    if period == 1:
        return True
    spaces = gaps([group(row, Arrangement.ROW).box for row in rows], horizontal=False)
    inner = [space for index, space in enumerate(spaces) if (index + 1) % period]
    outer = [space for index, space in enumerate(spaces) if not (index + 1) % period]
    return min(outer) >= max(inner) - 1


def _is_table(rows: list[list[Item]], columns: int, *, ruled: bool) -> bool:
    """Returns whether short cells stand in regular rows that are not columns of links."""
    full = [row for row in rows if len(split(row, horizontal=False)) >= max(2, columns - 1)]
    if len(rows) < 3 or len(full) < 0.7 * len(rows) or columns < 2:
        return False
    if any(
        item.surface and item.arrangement is not Arrangement.LEAF for row in rows for item in row
    ):
        return False
    texts = [item for row in rows for item in row if item.text is not None and not item.surface]
    if len(texts) < 0.5 * sum(len(row) for row in rows):
        return False
    if not all(any(True for item in row for _ in item.texts()) for row in rows):
        return False
    boxes = [group(row, Arrangement.ROW).box for row in rows]
    pitches = [lower.center_y - upper.center_y for upper, lower in itertools.pairwise(boxes)]
    size = max(item.text.size for item in texts if item.text)
    unlike = _TABLE_SIZES if ruled or columns >= _MANY_COLUMNS else _FEW_SIZES
    if size > unlike * min(item.text.size for item in texts if item.text):
        return False
    regular = near(pitches[1:], max(5.0, 0.25 * max(pitches)))
    roomy = min(pitches) >= _LIST_PITCH * size
    return regular and columns >= 3 and (ruled or roomy)


def _continuous(columns: list[list[Item]]) -> bool:
    """Returns whether at least two columns hold things that are stacked closely."""
    stacked = 0
    for column in columns:
        parts = [group(part, Arrangement.COLUMN).box for part in split(column, horizontal=True)]
        spaces = gaps(parts, horizontal=False)
        stacked += bool(spaces) and min(spaces) <= 40
    return stacked >= 2 or len(columns) == 2
