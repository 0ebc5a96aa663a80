"""Decides how the children of a row lie across it, and how high that makes the row."""

from __future__ import annotations

from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.item import Item, union
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.spacing import near
from engine.vision.percepts import Box

_LEVEL = 2.5
# Smaller offsets from the top of a row are noise, in pixels.
_LEAST_OFFSET = 1.2
# Children of a row that are off by more than this are moved to their place, in pixels.
_LEAST_NUDGE = 0.5
_SHARES = {node_pb2.ALIGNMENT_CENTER: 0.5, node_pb2.ALIGNMENT_END: 1.0}


class Levels:
    """Writes alignment across rows, and the margins that make up for what it leaves off."""

    def __init__(self, scale: SpacingScale) -> None:
        self._scale = scale

    def start(self, item: Item, top: float) -> list[float]:
        """Chooses the alignment of a row that begins at `top`; returns its children's tops."""
        children, layout = item.children, item.node.layout
        layout.align_items = across(item)
        if layout.align_items == node_pb2.ALIGNMENT_START:
            return self._offset(children, top)
        row = union(child.box for child in children)
        share = _SHARES.get(layout.align_items, 0.0)
        begins = tops(children, row, top, layout.align_items)
        return [
            begin - share * self._nudge(begin - child.box.y, share, row.h - child.box.h)
            for child, begin in zip(children, begins, strict=True)
        ]

    def begin(
        self, row: Sequence[Item], band: Box, top: float, alignment: node_pb2.Alignment.ValueType
    ) -> list[float]:
        """Returns where the cells of a grid's row begin that was seen in `band`.

        What is seen below the row's top gets a margin where the alignment leaves it at the top;
        painted cells that are stretched fill the row.
        """
        if alignment in _SHARES:
            return tops(row, band, top, alignment)
        return self._offset(row, top, stretched=alignment == node_pb2.ALIGNMENT_STRETCH)

    def settle(self, item: Item, heights: Sequence[float], top: float) -> float:
        """Moves children that alignment leaves off their place; returns the row's height.

        `heights` are those that the children will have. A child is moved by a
        margin as far as the row has room for one.
        """
        layout = item.node.layout
        share, room = _SHARES.get(layout.align_items, 0.0), max(heights)
        lates = [
            top + share * (room - height) - child.box.y - share * (child.box.h - height)
            for child, height in zip(item.children, heights, strict=True)
        ]
        if layout.align_items == node_pb2.ALIGNMENT_END and min(lates) < -_LEAST_NUDGE:
            layout.align_items = node_pb2.ALIGNMENT_START
            self._offset(item.children, top)
        elif share:
            for child, height, late in zip(item.children, heights, lates, strict=True):
                extra = self._nudge(late, share, room - height)
                margin = child.node.layout.margin
                if extra > 0:
                    margin.bottom.px = extra
                elif extra < 0:
                    margin.top.px = -extra
        margins = [child.node.layout.margin for child in item.children]
        return max(
            margin.top.px + height + margin.bottom.px
            for margin, height in zip(margins, heights, strict=True)
        )

    def _nudge(self, late: float, share: float, room: float) -> float:
        """Returns the margin below (or above, when negative) that makes up for `late`.

        `room` is the height that the row has left for it; no more is taken.
        """
        if abs(late) <= _LEAST_NUDGE or not share:
            return 0.0
        extra = min(self._scale.snap(abs(late) / share), self._scale.snap(max(room, 0.0)))
        return extra if late > 0 else -extra

    def _offset(
        self, children: Sequence[Item], top: float, *, stretched: bool = False
    ) -> list[float]:
        """Sets the children's offsets from the row's top; returns where they begin.

        Painted children that are `stretched` begin there.
        """
        begin = min(child.box.y for child in children)
        found = []
        for child in children:
            offset = self._scale.near(child.box.y - begin, child.box.y - top)
            if offset >= _LEAST_OFFSET and not (stretched and child.surface is not None):
                child.node.layout.margin.top.px = offset
            found.append(top + child.node.layout.margin.top.px)
        return found


def across(item: Item) -> node_pb2.Alignment.ValueType:
    """Returns the Alignment by which the children of a row lie across it."""
    boxes = [child.box for child in item.children]
    alike = near([box.h for box in boxes], _LEVEL) and near([box.y for box in boxes], _LEVEL)
    painted = any(child.surface is not None for child in item.children)
    if alike and painted and item.node.layout.display == node_pb2.DISPLAY_GRID:
        return node_pb2.ALIGNMENT_STRETCH
    if near([box.center_y for box in boxes], _LEVEL) and _may_centre(boxes):
        return node_pb2.ALIGNMENT_CENTER
    if near([box.bottom for box in boxes], _LEVEL):
        return node_pb2.ALIGNMENT_END
    return node_pb2.ALIGNMENT_START


def _may_centre(boxes: Sequence[Box]) -> bool:
    """Returns whether margins can centre all boxes of a row where they were seen.

    The tallest has no room for one, and so nothing may reach past it.
    """
    tallest = max(boxes, key=lambda box: box.h)
    return all(
        box.y >= tallest.y - _LEAST_OFFSET and box.bottom <= tallest.bottom + _LEAST_OFFSET
        for box in boxes
    )


def across_rows(rows: Sequence[Sequence[Item]]) -> node_pb2.Alignment.ValueType:
    """Returns the Alignment by which the cells of a grid lie across its rows."""
    if all(near([child.box.h for child in row], _LEVEL) for row in rows):
        return node_pb2.ALIGNMENT_STRETCH
    if all(near([child.box.center_y for child in row], _LEVEL) for row in rows):
        return node_pb2.ALIGNMENT_CENTER
    return node_pb2.ALIGNMENT_START


def tops(
    row: Sequence[Item], band: Box, top: float, alignment: node_pb2.Alignment.ValueType
) -> list[float]:
    """Returns where the children of a row begin that was seen in `band` and begins at `top`."""
    share = _SHARES.get(alignment, 0.0)
    return [top + share * (band.h - child.box.h) for child in row]
