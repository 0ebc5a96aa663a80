"""Lays out tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.color import distance
from engine.vision.layout.item import Arrangement, Item, group, union
from engine.vision.layout.place import EDGE, LEAST_INDENT, column_alignment
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.tracks import Tracks, free_tracks
from engine.vision.percepts import Box, Lattice, Rule

# By how much cells must begin more level than their middles lie, in pixels.
_LEVEL = 4.0
# How much bolder titles of columns are than the cells below, and how like set two texts may be:
# shares of the size, distance of colours.
_BOLDER, _SAME_SIZE, _SAME_COLOR = 80, 0.08, 40.0

PlaceCell = Callable[[Item, float, float], float]


def ruled_table(rows: Sequence[Sequence[Item | None]], lattice: Lattice) -> Item:
    """Returns the table of the cells between the lines of a lattice; empty ones are None."""
    lines = []
    left, width = lattice.columns[0], lattice.columns[-1] - lattice.columns[0]
    for cells, (top, bottom) in zip(rows, pairwise(lattice.rows), strict=True):
        box = Box(left, top, width, bottom - top)
        line = Item(
            box=box,
            node=node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, confidence=1.0),
            children=[cell for cell in cells if cell is not None],
            arrangement=Arrangement.ROW,
            columns=len(cells),
            slots=[slot for slot, cell in enumerate(cells) if cell is not None],
        )
        if bottom != lattice.rows[-1]:
            line.rule = Rule(Box(left, bottom, width, 0), lattice.color)
        lines.append(line)
    table = group(lines, Arrangement.TABLE, len(rows[0]))
    table.lattice = lattice
    return table


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
    lattice = item.lattice
    if lattice is None:
        tracks = free_tracks([union(boxes) for boxes in columns], content, scale)
    else:
        widths = tuple(end - start for start, end in pairwise(lattice.columns))
        tracks = Tracks(lattice.columns[:-1], widths, 0.0, equal=False)
    layout = item.node.layout
    layout.columns = count
    layout.column_tracks.extend(f"{width / content.w * 100:.3g}%" for width in _shares(tracks))
    edges = row_edges(rows)
    aligns = [
        _alignment(boxes, start, end)
        for boxes, start, end in zip(columns, tracks.starts, _ends(tracks), strict=True)
    ]
    cells = _Cells(tracks, aligns, scale, place_cell, ruled=lattice is not None)
    for number, row in enumerate(rows):
        row.node.role = node_pb2.SEMANTIC_ROLE_TABLE_ROW
        row.node.layout.display = node_pb2.DISPLAY_FLEX
        row.node.layout.direction = node_pb2.DIRECTION_ROW
        align = _down(row)
        row.node.layout.align_items = align
        if align == node_pb2.ALIGNMENT_START:
            row.node.layout.padding.top.px = scale.snap(_top(row) - edges[number])
        row.node.layout.height.px = round(edges[number + 1]) - round(edges[number])
        if row.rule is not None:
            row.node.style.border.width.px = 1
            row.node.style.border.color.value = row.rule.color
            row.node.style.border.sides.bottom = True
        cells.fill(
            row, (edges[number], edges[number + 1]), header=number == 0 and _has_header(rows)
        )
        if lattice is not None:
            _rule_off(row, lattice, number)
    return round(edges[-1]) - round(edges[0])


def _top(row: Item) -> float:
    """Returns where the highest cell of a row begins, in pixels from the page's top."""
    return min(cell.box.y for cell in row.children)


def _down(row: Item) -> node_pb2.Alignment.ValueType:
    """Returns how the cells of a row stand: they begin level, or they are centred."""
    boxes = [cell.box for cell in row.children]
    if not boxes:
        return node_pb2.ALIGNMENT_CENTER
    begins, middles = [box.y for box in boxes], [box.center_y for box in boxes]
    level = max(begins) - min(begins) + _LEVEL < max(middles) - min(middles)
    return node_pb2.ALIGNMENT_START if level else node_pb2.ALIGNMENT_CENTER


def _rule_off(row: Item, lattice: Lattice, number: int) -> None:
    """Draws the lines between the cells of a ruled row and fills it and them."""
    own = lattice.row_fills[number]
    if own is not None:
        row.node.style.background.color.value = own
    for cell, fill in zip(row.children, lattice.column_fills, strict=True):
        if own is None and fill is not None:
            cell.node.style.background.color.value = fill
    for cell in row.children[:-1]:
        border = cell.node.style.border
        border.width.px, border.color.value, border.sides.right = 1, lattice.color, True


class _Cells:
    """Fills the rows of one table."""

    def __init__(
        self,
        tracks: Tracks,
        aligns: Sequence[node_pb2.TextAlign.ValueType],
        scale: SpacingScale,
        place_cell: PlaceCell,
        *,
        ruled: bool,
    ) -> None:
        self._ruled = ruled
        self._tracks = tracks
        self._aligns = aligns
        self._scale = scale
        self._place_cell = place_cell

    def fill(self, row: Item, edges: tuple[float, float], *, header: bool) -> None:
        """Gives every column of a row between two y a cell; empty ones too."""
        role = (
            node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL
            if header
            else node_pb2.SEMANTIC_ROLE_TABLE_CELL
        )
        by_slot = dict(zip(row.slots, row.children, strict=True))
        middle = (edges[0] + edges[1]) / 2
        row.children = []
        for slot, align in enumerate(self._aligns):
            child = by_slot.get(slot)
            if child is None:
                child = _empty_cell(row, self._tracks, slot)
                row.box = row.box.union(child.box)
            start = self._tracks.starts[slot]
            inset = self._scale.snap(child.box.x - start)
            wrapped = child.text is not None and len(child.text.lines) > 1
            beside = max(inset, 0.0) if wrapped and self._ruled else 0.0
            self._place_cell(child, start, self._tracks.widths[slot] - beside)
            child.node.layout.margin.right.px = beside
            if child.text is not None and child.surface is None:
                child.node.style.typography.align = align
                started = align == node_pb2.TEXT_ALIGN_START and inset > EDGE
                child.node.layout.margin.left.px = inset if started else 0.0
            elif child.node.layout.margin.left.px or child.picture is not None:
                # Cells do not centre what they hold: it stands where it was seen.
                child.node.layout.margin.left.px = max(inset, 0.0)
            if slot in by_slot and row.node.layout.align_items != node_pb2.ALIGNMENT_START:
                self._raise(child, child.box.center_y - middle)
            if child.node.role == node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
                child.node.role = role
            row.children.append(child)
        row.slots = list(range(len(self._aligns)))

    def _raise(self, child: Item, below: float) -> None:
        """Keeps what a cell holds where it was seen: so far below the middle of its row."""
        space = self._scale.snap(2 * abs(below))
        if space > (LEAST_INDENT if child.picture is not None else EDGE):
            margin = child.node.layout.margin
            (margin.top if below > 0 else margin.bottom).px = space


def _alignment(boxes: Sequence[Box], start: float, end: float) -> node_pb2.TextAlign.ValueType:
    """Returns the TextAlign of the cells of a column that begins and ends at these x.

    An empty column's is the start. Text that is centred or ends at one x does not do so by the
    column's edges unless these fit.
    """
    if not boxes:
        return node_pb2.TEXT_ALIGN_START
    align, seen = column_alignment(boxes), union(boxes)
    off = {
        node_pb2.TEXT_ALIGN_CENTER: seen.center_x - (start + end) / 2,
        node_pb2.TEXT_ALIGN_END: seen.right - end,
    }.get(align, 0.0)
    return align if abs(off) <= EDGE else node_pb2.TEXT_ALIGN_START


def _ends(tracks: Tracks) -> list[float]:
    return [*tracks.starts[1:], tracks.starts[-1] + tracks.widths[-1]]


def _shares(tracks: Tracks) -> list[float]:
    return [end - start for start, end in zip(tracks.starts, _ends(tracks), strict=True)]


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
    if bold > others + _BOLDER:
        return True
    return len(first) == len(rows[0].children) and not _alike(rows[0], rows[1])


def _alike(row: Item, below: Item) -> bool:
    """Returns whether every text of a row is set as the one below it."""
    texts = {
        slot: cell.text for slot, cell in zip(below.slots, below.children, strict=True) if cell.text
    }
    pairs = [
        (cell.text, texts[slot])
        for slot, cell in zip(row.slots, row.children, strict=True)
        if cell.text and slot in texts
    ]
    return bool(pairs) and all(
        abs(head.size - body.size) <= _SAME_SIZE * body.size
        and distance(head.first.color, body.first.color) <= _SAME_COLOR
        and head.weight <= body.weight + _BOLDER
        and head.first.text.isupper() == body.first.text.isupper()
        for head, body in pairs
    )


def _empty_cell(row: Item, tracks: Tracks, slot: int) -> Item:
    box = Box(tracks.starts[slot], row.box.y, tracks.widths[slot], row.box.h)
    return Item(box=box, node=node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, confidence=0.6))
