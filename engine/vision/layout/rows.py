"""Lays out rows, grids, tables and stacks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.layout.inline import InlineFlow, hug
from engine.vision.layout.item import Arrangement, Item, union
from engine.vision.layout.levels import Levels, across_rows
from engine.vision.layout.place import (
    EDGE,
    needs_tracks,
    standing,
    text_alignment,
    wrap_range,
)
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.tables import place_table
from engine.vision.layout.tracks import Tracks, equal_tracks, free_tracks
from engine.vision.percepts import Box


class RowFlow:
    """Writes the layout of items whose children lie side by side or upon each other."""

    def __init__(self, scale: SpacingScale, place: Callable[[Item, Box], float]) -> None:
        self._scale = scale
        self._place = place
        self._levels = Levels(scale)
        self._inline = InlineFlow(scale, self._levels, place)

    def place(self, item: Item, content: Box) -> float:
        """Lays out the children of `item` in `content`; returns their height."""
        if item.arrangement is Arrangement.TABLE:
            return place_table(item, content, self._scale, self._cell)
        if item.arrangement is Arrangement.GRID:
            return self._grid(item, content)
        if item.arrangement is Arrangement.STACK:
            return self._stack(item, content)
        boxes = [child.box for child in item.children]
        if needs_tracks(item):
            tracks = equal_tracks(boxes, content, self._scale)
            tracks = tracks or free_tracks(boxes, content, self._scale)
            return self._tracked(item, tracks, content.y)
        return self._inline.place(item, content)

    def _cell(self, child: Item, start: float, width: float, top: float | None = None) -> float:
        """Lays out a grid cell that begins at `top`, or where it was seen; returns its height."""
        cell = Box(start, child.box.y if top is None else top, width, child.box.h)
        layout, node = child.node.layout, child.node
        place = standing(child, cell)
        layout.width_sizing = node_pb2.SIZING_FILL
        if child.text is not None and child.surface is None and not node.control.type:
            align = text_alignment(child) if len(child.text.lines) > 1 else _as_text(place)
            node.style.typography.align = align
            wraps = wrap_range(child)
            if len(child.text.lines) > 1 and not wraps.admits(width):
                layout.max_width.px = round(wraps.choose())
            elif place == node_pb2.ALIGNMENT_UNSPECIFIED and child.box.x - start > EDGE:
                layout.margin.left.px = self._scale.snap(child.box.x - start)
        elif child.children and not child.boxed:
            return self._inset(child, cell)
        elif place != node_pb2.ALIGNMENT_STRETCH:
            self._narrow(child, place, cell)
        inner = min(width, layout.max_width.px or width)
        return self._place(child, Box(start + layout.margin.left.px, cell.y, inner, cell.h))

    def _inset(self, child: Item, cell: Box) -> float:
        """Lays out a group in a cell; where it stands in from the cell's edges it is padded."""
        left, right = child.box.x - cell.x, cell.right - child.box.right
        if left <= EDGE or abs(left - right) <= EDGE:
            return self._place(child, cell)
        left = self._scale.snap(left)
        right = self._scale.snap(min(max(right, 0.0), left))
        if not all(_fits(line, cell.w - left - right) for line in child.children):
            right = 0.0
        child.node.layout.padding.left.px = left
        child.node.layout.padding.right.px = right
        return self._place(child, Box(cell.x + left, cell.y, cell.w - left - right, cell.h))

    def _narrow(self, child: Item, place: node_pb2.Alignment.ValueType, cell: Box) -> None:
        """Gives a painted thing that does not fill its cell its own width and place."""
        layout = child.node.layout
        if child.kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}:
            layout.width_sizing = node_pb2.SIZING_HUG
        elif child.children:
            layout.max_width.px = round(child.box.w)
        else:
            layout.width_sizing = node_pb2.SIZING_FIXED
            layout.width.px = max(round(child.box.w), 1)
        if place in {node_pb2.ALIGNMENT_CENTER, node_pb2.ALIGNMENT_END}:
            right = 0.0 if place == node_pb2.ALIGNMENT_END else (cell.w - child.box.w) / 2
            layout.margin.left.px = self._scale.snap(cell.w - child.box.w - right)
        elif place == node_pb2.ALIGNMENT_UNSPECIFIED:
            layout.margin.left.px = max(self._scale.snap(child.box.x - cell.x), 0.0)

    def _tracked(self, item: Item, tracks: Tracks, top: float) -> float:
        layout = item.node.layout
        layout.display = node_pb2.DISPLAY_GRID
        layout.columns = len(tracks.widths)
        layout.column_tracks.extend(tracks.css())
        layout.column_gap.px = tracks.gap
        begins = self._levels.start(item, top)
        heights = [
            self._cell(child, start, width, at)
            for child, start, width, at in zip(
                item.children, tracks.starts, tracks.widths, begins, strict=True
            )
        ]
        return self._levels.settle(item, heights, top)

    def _grid(self, item: Item, content: Box) -> float:
        layout, count = item.node.layout, item.columns
        rows = [item.children[at : at + count] for at in range(0, len(item.children), count)]
        columns = [
            union(row[index].box for row in rows if index < len(row)) for index in range(count)
        ]
        tracks = equal_tracks(columns, content, self._scale)
        tracks = tracks or free_tracks(columns, content, self._scale)
        layout.display, layout.columns = node_pb2.DISPLAY_GRID, count
        layout.column_tracks.extend(tracks.css())
        layout.column_gap.px = tracks.gap
        layout.align_items = across_rows(rows)
        bands = [union(child.box for child in row) for row in rows]
        start, heights = content.y, []
        for row, band in zip(rows, bands, strict=True):
            begins = self._levels.begin(row, band, start, layout.align_items)
            cells = [
                self._cell(child, tracks.starts[index], tracks.widths[index], top)
                + child.node.layout.margin.top.px
                for index, (child, top) in enumerate(zip(row, begins, strict=True))
            ]
            heights.append(max(cells))
            start += heights[-1]
            if len(heights) < len(rows):
                start += self._scale.snap(bands[len(heights)].y - start)
        spaces = [
            below.y - above.y - height
            for above, below, height in zip(bands, bands[1:], heights, strict=False)
        ]
        layout.row_gap.px = max(self._scale.even(spaces), 0.0)
        return sum(heights) + layout.row_gap.px * len(spaces)

    def _stack(self, item: Item, content: Box) -> float:
        """Lays a part upon another in the same grid cell, which begins where `content` does."""
        layout = item.node.layout
        base, above = item.children
        layout.display, layout.columns = node_pb2.DISPLAY_GRID, 1
        layout.align_items = node_pb2.ALIGNMENT_START
        seen = union((base.box, above.box))
        base.node.layout.width_sizing = node_pb2.SIZING_FILL
        below = base.node.layout.margin
        inset = base.box.x - content.x
        below.left.px = self._scale.near(inset, inset)
        if base.text is None:
            below.right.px = max(self._scale.snap(content.right - base.box.right), 0.0)
        below.top.px = self._scale.near(base.box.y - seen.y, base.box.y - content.y)
        start = content.y + below.top.px
        height = start + self._place(base, replace(base.box, y=start)) - content.y
        over = above.node.layout
        over.position = node_pb2.POSITION_OVERLAY
        inset = above.box.x - content.x
        over.margin.left.px = self._scale.near(inset, inset)
        over.margin.top.px = self._scale.near(above.box.y - seen.y, above.box.y - content.y)
        hug(above)
        start = content.y + over.margin.top.px
        return max(height, start + self._place(above, replace(above.box, y=start)) - content.y)


def _as_text(place: node_pb2.Alignment.ValueType) -> node_pb2.TextAlign.ValueType:
    return {
        node_pb2.ALIGNMENT_CENTER: node_pb2.TEXT_ALIGN_CENTER,
        node_pb2.ALIGNMENT_END: node_pb2.TEXT_ALIGN_END,
    }.get(place, node_pb2.TEXT_ALIGN_UNSPECIFIED)


def _fits(item: Item, width: float) -> bool:
    """Returns whether the lines of a text fit into `width` pixels."""
    return item.text is None or wrap_range(item).least <= width
