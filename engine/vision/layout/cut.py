"""Finds rows, columns and grids among boxes by recursive cutting.

The recursive XY-cut of Nagy and Seth (1984), with two additions: rows that
share their gutters are judged together, so that a grid of cells is told from
columns that merely stand side by side, and boxes that overlap become stacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from statistics import median

from structra.v1 import node_pb2

from engine.vision.layout.cell_rows import cell_rows, cells_of
from engine.vision.layout.columns import (
    even_columns,
    headed_columns,
    next_heads,
)
from engine.vision.layout.entries import ENTRY_HEIGHT, OWNED, is_entry
from engine.vision.layout.indented import indented_column
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.layout.matrix import Reading, read_matrix
from engine.vision.layout.nesting import nested_columns
from engine.vision.layout.overlap import separate
from engine.vision.layout.pairs import paired_columns
from engine.vision.layout.rules import is_rule, rules_within, without_rules
from engine.vision.layout.shared_gutters import run_end
from engine.vision.layout.spacing import gaps, split
from engine.vision.layout.tables import row_edges
from engine.vision.percepts import Box

_ALIGNED_SHARE = 0.7
_CLUSTER_GAP = 36.0
_CLUSTER_RATIO = 2.2
_BAR_ENTRIES = 3
# Rows of fewer cells are a label and what belongs to it.
_LEAST_CELLS = 3


def arrange(items: Sequence[Item]) -> Item:
    """Returns one item that holds `items` (at least one) in rows, columns, grids or stacks."""
    if len(items) == 1:
        return items[0]
    rows = split(items, horizontal=True)
    columns = split(items, horizontal=False)
    if len(rows) == 1 and len(columns) == 1:
        return _resolve(items)
    if len(rows) == 1:
        return _row(nested_columns(columns))
    if _closes(rows[-1]):
        return _over(arrange([item for row in rows[:-1] for item in row]), arrange(rows[-1]))
    if len(columns) == 1 or _rows_agree(rows, columns) or _begins_with_bar(rows, columns):
        return _column(rows)
    if next_heads(rows, 0) < len(rows) or cell_rows(rows):
        return _column(rows)
    return _row(nested_columns(columns))


def _begins_with_bar(rows: list[list[Item]], columns: list[list[Item]]) -> bool:
    """Returns whether the first row is a bar of entries that has nothing to do with the columns.

    The titles of columns stand one above each; of a bar's entries, columns hold several
    or nothing else.
    """
    entries = sum(is_entry(item) for item in rows[0])
    below = sum(any(item not in rows[0] for item in column) for column in columns)
    low = all(item.box.h <= ENTRY_HEIGHT for item in rows[0])
    parts = len(split(rows[0], horizontal=False))
    return low and below > 1 and entries >= _BAR_ENTRIES and parts >= below + 2


def _closes(row: list[Item]) -> bool:
    """Returns whether a row closes a page: a notice of who owns it, and entries beside it."""
    texts = [item.text.text for item in row if item.text is not None]
    marks = sum(item.kind == node_pb2.NODE_KIND_ICON for item in row)
    return 2 <= len(texts) == len(row) - marks and any(map(OWNED.search, texts))


def _over(above: Item, below: Item) -> Item:
    """Returns a column of all that is above, and one item below it."""
    parts = above.children if above.arrangement is Arrangement.COLUMN and not above.boxed else []
    return group([*(parts or [above]), below], Arrangement.COLUMN)


def _resolve(items: Sequence[Item]) -> Item:
    parts, arrangement = separate(items)
    arranged = [arrange(part) for part in parts]
    if len(arranged) == 1:
        return arranged[0]
    return group(arranged, arrangement)


def _rows_agree(rows: list[list[Item]], columns: list[list[Item]]) -> bool:
    """Returns whether cutting into rows first keeps together what belongs together.

    In a grid the cuts of every column coincide; in columns that merely stand
    side by side, few of them do.
    """
    own = max(len(split(column, horizontal=True)) for column in columns)
    if len(rows) < _ALIGNED_SHARE * own:
        return False
    shared = [row for row in rows if len(split(row, horizontal=False)) > 1]
    aligned = sum(1 for row in shared if _level(row))
    return not shared or aligned >= _ALIGNED_SHARE * len(shared)


def _level(row: list[Item]) -> bool:
    """Returns whether the parts of a row share their top, middle or bottom."""
    boxes = [group(part, Arrangement.ROW).box for part in split(row, horizontal=False)]
    slack = max(4.0, 0.12 * max(box.h for box in boxes))
    tops = max(box.y for box in boxes) - min(box.y for box in boxes)
    middles = max(box.center_y for box in boxes) - min(box.center_y for box in boxes)
    bottoms = max(box.bottom for box in boxes) - min(box.bottom for box in boxes)
    return min(tops, middles, bottoms) <= slack


def _row(columns: list[list[Item]]) -> Item:
    return _clustered([arrange(column) for column in columns])


def _clustered(children: list[Item]) -> Item:
    """Returns a row; children that stand much closer together than others are grouped."""
    spaces = gaps([child.box for child in children], horizontal=True)
    if len(children) < 3 or max(child.box.h for child in children) > 140:
        return group(children, Arrangement.ROW)
    limit = max(_CLUSTER_GAP, _CLUSTER_RATIO * max(median(spaces), 1.0))
    if len(children) == 3:
        limit = max(_CLUSTER_GAP, _CLUSTER_RATIO * max(min(spaces), 4.0))
    if max(spaces) <= limit:
        return group(children, Arrangement.ROW)
    clusters: list[list[Item]] = [[children[0]]]
    for child, space in zip(children[1:], spaces, strict=True):
        if space > limit:
            clusters.append([child])
        else:
            clusters[-1].append(child)
    if len(clusters) == len(children):
        return group(children, Arrangement.ROW)
    return group(
        [part[0] if len(part) == 1 else _clustered(part) for part in clusters], Arrangement.ROW
    )


def _column(rows: list[list[Item]]) -> Item:
    """Returns a column of rows, in which rows that share their gutters are read together."""
    children: list[Item] = []
    at = 0
    while at < len(rows):
        end = min(run_end(rows, at), next_heads(rows, at))
        special = _special_run(rows[at:], end - at)
        if special is not None:
            length, item = special
            children.append(item)
            at += length
            continue
        children.extend(_run(rows[at:end]) if end - at > 1 else [arrange(rows[at])])
        at = end
    return children[0] if len(children) == 1 else group(children, Arrangement.COLUMN)


def _special_run(rows: list[list[Item]], plain: int) -> tuple[int, Item] | None:
    """Returns how many rows are columns for a reason that reaches beyond `plain` rows, and them."""
    titled = rows[: next_heads(rows, 0)]
    length, columns = headed_columns(titled)
    if length > plain:
        return length, _row(columns)
    length, columns = even_columns(rows)
    if length > plain:
        return length, _row(columns)
    length, columns = max(paired_columns(titled), indented_column(titled), key=itemgetter(0))
    if length > plain:
        return length, _row(columns)
    return None


def _run(rows: list[list[Item]]) -> list[Item]:
    """Returns what rows that share their gutters are: a grid, a table, columns or a list."""
    cells, crossing = rules_within(rows)
    joined = [] if crossing else cell_rows(cells)
    if joined:
        return [_grid(joined)]
    reading = read_matrix([without_rules(row) for row in cells], ruled=bool(crossing))
    if reading is Reading.COLUMNS:
        items = [item for row in cells for item in row]
        return [_row(nested_columns(split(items, horizontal=False)))]
    if reading is Reading.GRID:
        return [_grid(cells)]
    if reading is Reading.TABLE:
        return [table(rows)]
    columns = split([item for row in cells for item in row], horizontal=False)
    return _rows_of_cells(rows, len(columns))


def _rows_of_cells(rows: list[list[Item]], count: int) -> list[Item]:
    """Returns rows; those that fill all of three columns or more, as others do, are of cells."""
    columns = [split(row, horizontal=False) for row in rows]
    full = [len(parts) == count for parts in columns]
    if count < _LEAST_CELLS or sum(full) < 2:
        return [arrange(row) for row in rows]
    return [
        group([arrange(cell) for cell in nested_columns(parts)], Arrangement.ROW)
        if whole
        else arrange(row)
        for row, parts, whole in zip(rows, columns, full, strict=True)
    ]


def _grid(rows: list[list[Item]]) -> Item:
    columns = split([item for row in rows for item in row], horizontal=False)
    cells = [arrange(cell) for row in rows for cell in cells_of(row, columns) if cell]
    return group(cells, Arrangement.GRID, len(columns))


def table(rows: list[list[Item]], columns: list[list[Item]] | None = None) -> Item:
    """Returns a table of `rows`, in which rows of nothing but a rule are lines below others.

    `columns` say what stands in which; by default the empty stripes between them do.
    """
    cells = [row for row in rows if not is_rule(row)]
    if columns is None:
        columns = split([i for row in cells for i in row], horizontal=False)
    lines: list[Item] = []
    for row in rows:
        if is_rule(row):
            if lines:
                lines[-1].rule = row[0].rule
            continue
        parts = cells_of(row, columns)
        line = group([arrange(part) for part in parts if part], Arrangement.ROW, len(columns))
        line.slots = [index for index, part in enumerate(parts) if part]
        lines.append(line)
    made = group(lines, Arrangement.TABLE, len(columns))
    # Rows meet half way, so the first and the last reach beyond their contents.
    edges = row_edges(lines)
    made.box = Box(made.box.x, edges[0], made.box.w, edges[-1] - edges[0])
    return made
