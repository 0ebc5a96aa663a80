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
# How much the gap of rows is over that of columns at most.
_ROW_GAP = 2.0


class Reading(Enum):
    """What a matrix of rows and columns is."""

    COLUMNS = "columns"
    GRID = "grid"
    TABLE = "table"
    ROWS = "rows"


def read_matrix(rows: list[list[Item]], *, ruled: bool) -> Reading:
    """Returns how to read `rows`, each of which is a row of cells or a part of one.

    `ruled` says that horizontal rules run between rows, which speaks for a
    table or a list and against columns.
    """
    items = [item for row in rows for item in row]
    columns = split(items, horizontal=False)
    if len(rows) < 2 or len(columns) < 2:
        return Reading.ROWS if ruled else Reading.COLUMNS
    worded = [column for column in columns if any(item.text is not None for item in column)]
    if len(worded) == 1 and marked_rows(rows, columns):
        return Reading.ROWS
    if _is_table(rows, len(columns), ruled=ruled):
        return Reading.TABLE
    if not ruled and _are_boxed(rows, columns):
        return Reading.GRID
    if not ruled and _are_alike(rows) and _complete(rows, columns):
        kinds = {signature(item) for item in rows[0]}
        if len(kinds) == 1:
            return Reading.COLUMNS if kinds.pop()[0] == "text" else Reading.GRID
        if any(len(split(row, horizontal=False)) > 1 for row in rows[1:]):
            return Reading.ROWS
    if ruled or marked_rows(rows, columns):
        return Reading.ROWS
    return Reading.COLUMNS if _continuous(columns) else Reading.ROWS


def _are_boxed(rows: list[list[Item]], columns: list[list[Item]]) -> bool:
    """Returns whether every cell holds a box, and rows stand apart as columns."""
    cells: list[list[Box]] = []
    for row in rows:
        parts = split(row, horizontal=False)
        if len(parts) != len(columns) or not all(any(i.boxed for i in part) for part in parts):
            return False
        cells.append([union(item.box for item in part) for part in parts])
    gutters = gaps(cells[0], horizontal=True)
    between = gaps([union(line) for line in cells], horizontal=False)
    return max(between) <= _ROW_GAP * max(gutters)


def signature(item: Item) -> Signature:
    """Returns what an item looks like, as far as the cells of a grid look alike."""
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


def _are_alike(rows: list[list[Item]]) -> bool:
    """Returns whether every row holds the same kinds of things as the first, or some of them."""
    marks = [frozenset(map(signature, row)) for row in rows]
    return all(mark <= marks[0] or marks[0] <= mark for mark in marks[1:])


def _complete(rows: list[list[Item]], columns: list[list[Item]]) -> bool:
    """Returns whether every row but the last fills the columns, and that from the left."""
    number = {id(item): index for index, column in enumerate(columns) for item in column}
    used = [{number[id(item)] for item in row} for row in rows]
    full = set(range(len(columns)))
    return all(row == full for row in used[:-1]) and used[-1] == set(range(len(used[-1])))


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
