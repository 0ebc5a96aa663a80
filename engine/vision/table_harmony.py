"""Sets the cells of a table's column alike where they differ by no more than perception's noise.

A word or a figure of two letters says little about its typeface, weight or size;
a column of them does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from structra.v1 import canonical_schema_pb2, node_pb2

# Fewer cells tell no usual style.
_LEAST = 3
# How far sizes of one style lie apart, as a share of the usual one.
_SAME_SIZE = 0.16
# Longer texts are measured well enough for their weight to be their own, in letters.
_SHORT = 12


def level_tables(schema: canonical_schema_pb2.CanonicalSchema) -> None:
    """Evens out the typography of every table's columns, in its node tree."""
    for table in _tables(schema.root):
        for cells in _columns(table):
            if len(cells) >= _LEAST:
                _level(cells)
        for row in table.children:
            _fit(row)


def _fit(row: node_pb2.Node) -> None:
    """Makes the single lines of a row no higher than it is: rows that lie closely would grow."""
    most = row.layout.height.px - max(row.style.border.width.px, 0.0)
    for cell in row.children:
        kind = cell.style.typography
        if len(cell.lines) == 1 and kind.size.px > 0 and most >= kind.size.px:
            kind.line_height = min(kind.line_height, most / kind.size.px)


def _tables(node: node_pb2.Node) -> Iterator[node_pb2.Node]:
    if node.kind == node_pb2.NODE_KIND_TABLE:
        yield node
    for child in node.children:
        yield from _tables(child)


def _columns(table: node_pb2.Node) -> Iterator[list[node_pb2.Node]]:
    """Yields the cells of each column that are nothing but text, titles apart."""
    for number in range(max((len(row.children) for row in table.children), default=0)):
        cells = [row.children[number] for row in table.children if number < len(row.children)]
        yield [
            cell
            for cell in cells
            if cell.kind in {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK}
            and cell.text
            and not cell.runs
            and cell.role == node_pb2.SEMANTIC_ROLE_TABLE_CELL
        ]


def _level(cells: Sequence[node_pb2.Node]) -> None:
    letters: Counter[tuple[node_pb2.FontFamily.ValueType, int]] = Counter()
    for cell in cells:
        kind = cell.style.typography
        letters[kind.family, kind.weight] += len(cell.text)
    (family, weight), _ = letters.most_common(1)[0]
    usual = [
        cell.style.typography
        for cell in cells
        if (cell.style.typography.family, cell.style.typography.weight) == (family, weight)
    ]
    size = median(kind.size.px for kind in usual)
    example = min(usual, key=lambda kind: abs(kind.size.px - size))
    for cell in cells:
        kind = cell.style.typography
        if abs(kind.size.px - size) > _SAME_SIZE * size:
            continue
        if kind.weight != weight and len(cell.text) > _SHORT:
            continue
        kind.family, kind.weight = family, weight
        kind.size.px = example.size.px
        kind.line_height = example.line_height
        kind.letter_spacing = example.letter_spacing
