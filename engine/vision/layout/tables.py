"""Lays out tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, union
from engine.vision.layout.place import EDGE, column_alignment
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.tracks import Tracks, free_tracks
from engine.vision.percepts import Box

PlaceCell = Callable[[Item, float, float], float]


def place_table(item: Item, content: Box, scale: SpacingScale, place_cell: PlaceCell) -> float:
    """Lays out a table in `content`; returns its height in pixels.

    `place_cell` lays out a cell that begins at an x and has a width.
    """
    rows, count = item.children, item.columns
    item.node.kind = node_pb2.NODE_KIND_TABLE
    columns: list[list[Box]] = [[] for _ in range(count)]
    for row in rows:
        for slot, cell in zip(row.slots, row.children, strict=True):
            columns[slot].append(cell.box)
    tracks = free_tracks([union(boxes) for boxes in columns], content, scale)
    layout = item.node.layout
    layout.columns = count
    layout.column_tracks.extend(f"{width / content.w * 100:.3g}%" for width in _shares(tracks))
    edges = row_edges(rows)
    aligns = [column_alignment(boxes) for boxes in columns]
    cells = _Cells(tracks, aligns, scale, place_cell)
    for number, row in enumerate(rows):
        row.node.role = node_pb2.SEMANTIC_ROLE_TABLE_ROW
        row.node.layout.display = node_pb2.DISPLAY_FLEX
        row.node.layout.direction = node_pb2.DIRECTION_ROW
        row.node.layout.align_items = node_pb2.ALIGNMENT_CENTER
        row.node.layout.height.px = round(edges[number + 1]) - round(edges[number])
        if row.rule is not None:
            row.node.style.border.width.px = 1
            row.node.style.border.color.value = row.rule.color
            row.node.style.border.sides.bottom = True
        cells.fill(row, header=number == 0 and _has_header(rows))
    return round(edges[-1]) - round(edges[0])


class _Cells:
    """Fills the rows of one table."""

    def __init__(
        self,
        tracks: Tracks,
        aligns: Sequence[node_pb2.TextAlign.ValueType],
        scale: SpacingScale,
        place_cell: PlaceCell,
    ) -> None:
        self._tracks = tracks
        self._aligns = aligns
        self._scale = scale
        self._place_cell = place_cell

    def fill(self, row: Item, *, header: bool) -> None:
        """Gives every column of a row a cell; empty ones too."""
        role = (
            node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL
            if header
            else node_pb2.SEMANTIC_ROLE_TABLE_CELL
        )
        by_slot = dict(zip(row.slots, row.children, strict=True))
        row.children = []
        for slot, align in enumerate(self._aligns):
            child = by_slot.get(slot) or _empty_cell(row, self._tracks, slot)
            start = self._tracks.starts[slot]
            self._place_cell(child, start, self._tracks.widths[slot])
            if child.text is not None and child.surface is None:
                child.node.style.typography.align = align
                inset = self._scale.snap(child.box.x - start)
                started = align == node_pb2.TEXT_ALIGN_START and inset > EDGE
                child.node.layout.margin.left.px = inset if started else 0.0
            if child.node.role == node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
                child.node.role = role
            row.children.append(child)
        row.slots = list(range(len(self._aligns)))


def _shares(tracks: Tracks) -> list[float]:
    ends = [*tracks.starts[1:], tracks.starts[-1] + tracks.widths[-1]]
    return [end - start for start, end in zip(tracks.starts, ends, strict=True)]


def row_edges(rows: Sequence[Item]) -> list[float]:
    """Returns the y of the edges between table rows, half way between their contents."""
    boxes = [row.box for row in rows]
    middles = [
        row.rule.box.bottom if row.rule is not None else (upper.bottom + lower.y) / 2
        for row, upper, lower in zip(rows, boxes, boxes[1:], strict=False)
    ]
    if not middles:
        return [boxes[0].y, boxes[0].bottom]
    half = (middles[0] - boxes[0].bottom, boxes[-1].y - middles[-1])
    last = rows[-1].rule.box.bottom if rows[-1].rule is not None else boxes[-1].bottom + half[1]
    return [boxes[0].y - half[0], *middles, last]


def headable(item: Item) -> list[Item]:
    """Returns what is in an item, but for the row that heads a table's columns.

    HTML allows no heading in a header cell.
    """
    headed = item.arrangement is Arrangement.TABLE and _has_header(item.children)
    return item.children[1:] if headed else item.children


def _has_header(rows: Sequence[Item]) -> bool:
    """Returns whether the first of a table's rows heads its columns."""
    first = [cell.text for cell in rows[0].children if cell.text is not None]
    rest = [cell.text for row in rows[1:] for cell in row.children if cell.text is not None]
    if not first or not rest:
        return False
    bold = sum(block.weight for block in first) / len(first)
    others = sum(block.weight for block in rest) / len(rest)
    return bold > others + 80 or len(first) == len(rows[0].children)


def _empty_cell(row: Item, tracks: Tracks, slot: int) -> Item:
    box = Box(tracks.starts[slot], row.box.y, 1, 1)
    return Item(box=box, node=node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, confidence=0.6))
