"""Takes boxes that full-length lines cut into cells apart into the buttons that they join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.layout.controls import button_item
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.leaves import paint
from engine.vision.layout.regions import Region
from engine.vision.percepts import Box, PictureKind, Rule, Surface

# The largest button of a group, in pixels; wider cells are those of tables and bars.
_WIDEST, _TALLEST = 200.0, 64.0
# How much of a box's length a line across it takes at least.
_FULL = 0.85
# How far what a button holds stands off its middle at most, in pixels and as a share of its size.
_OFF, _OFF_SHARE = 4.0, 0.12


def button_group(region: Region) -> Item | None:
    """Returns the row or column of buttons that fill `region`, or None.

    Lines from edge to edge part them, and each holds a word or an icon in its middle.
    """
    if region.surface is None or region.regions or region.marks or region.picture:
        return None
    rules = _cutting(region)
    cells = _cells(region, rules) if rules else []
    if not cells or not all(map(_is_button, cells)):
        return None
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, confidence=0.8)
    paint(node.style, region.surface)
    return Item(
        box=region.box,
        node=node,
        children=[button_item(cell) for cell in cells],
        arrangement=Arrangement.COLUMN if rules[0].horizontal else Arrangement.ROW,
        surface=region.surface,
        boxed=True,
    )


def _cutting(region: Region) -> list[Rule]:
    """Returns the lines across a box in their order, none unless all of its lines are such."""
    rules, box = region.rules, region.box
    if not rules or len({rule.horizontal for rule in rules}) > 1:
        return []
    if rules[0].horizontal:
        full = all(rule.box.w >= _FULL * box.w for rule in rules)
        return sorted(rules, key=lambda rule: rule.box.y) if full else []
    full = all(rule.box.h >= _FULL * box.h for rule in rules)
    return sorted(rules, key=lambda rule: rule.box.x) if full else []


def _cells(region: Region, rules: Sequence[Rule]) -> list[Region]:
    """Returns the parts of a box; each but the first begins with the line before it."""
    box, down = region.box, rules[0].horizontal
    starts = [rule.box.y if down else rule.box.x for rule in rules]
    edges = [box.y if down else box.x, *starts, box.bottom if down else box.right]
    boxes = [
        Box(box.x, start, box.w, end - start) if down else Box(start, box.y, end - start, box.h)
        for start, end in pairwise(edges)
    ]
    lines = [None, *rules]
    cells = [
        Region(part, region.ground, _painted(part, line))
        for part, line in zip(boxes, lines, strict=True)
    ]
    for cell in cells:
        cell.lines = [line for line in region.lines if _holds(cell.box, line.box)]
        cell.pictures = [entry for entry in region.pictures if _holds(cell.box, entry.box)]
    return cells


def _painted(box: Box, line: Rule | None) -> Surface:
    """Returns the surface of a cell: nothing but the line that parts it from the one before."""
    surface = Surface(box, fill=None)
    if line is None:
        return surface
    sides = (line.horizontal, False, False, not line.horizontal)
    width = line.box.h if line.horizontal else line.box.w
    return replace(surface, border_color=line.color, border_width=width, border_sides=sides)


def _holds(cell: Box, box: Box) -> bool:
    return cell.contains(Box(box.center_x, box.center_y, 0, 0))


def _is_button(cell: Region) -> bool:
    """Returns whether a cell has the size of a button and its word or icon stands in its middle."""
    box = cell.box
    held = [line.box for line in cell.lines] + [picture.box for picture in cell.pictures]
    if len(held) != 1 or box.w > _WIDEST or box.h > _TALLEST:
        return False
    if any(picture.kind is not PictureKind.ICON for picture in cell.pictures):
        return False
    inner = held[0]
    across, along = abs(inner.center_x - box.center_x), abs(inner.center_y - box.center_y)
    return across <= max(_OFF, _OFF_SHARE * box.w) and along <= max(_OFF, _OFF_SHARE * box.h)
