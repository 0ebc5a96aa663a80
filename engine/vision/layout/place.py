"""Places an element across a column: how wide it is and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item
from engine.vision.percepts import Box

EDGE = 4.0
# Smaller offsets of what is painted are noise, in pixels.
LEAST_INDENT = 1.2
_CENTRE = 3.5
_FLEXIBLE = 150.0


@dataclass(frozen=True, slots=True)
class WrapRange:
    """The widths at which a paragraph wraps as it did in the source, in pixels.

    `least` is the widest line; below `most` no line can take a further word.
    """

    least: float
    most: float

    def choose(self) -> float:
        """Returns a width with slack on both sides for other fonts' metrics."""
        if self.most == float("inf"):
            return self.least * 1.04 + 4
        return self.least + 0.5 * max(self.most - self.least, 0)

    def admits(self, width: float) -> bool:
        """Returns whether a box of `width` safely wraps the text as in the source."""
        if self.most == float("inf"):
            return width >= self.least - 1.0
        slack = 0.3 * (self.most - self.least)
        return self.least - 1.0 <= width < self.most - slack


def wrap_range(item: Item) -> WrapRange:
    """Returns the widths that keep a text's line breaks; for one line, any that holds it."""
    block = item.text
    if block is None:
        return WrapRange(item.box.w, item.box.w)
    setting = item.setting
    if setting is None:
        return WrapRange(item.box.w, item.box.w)
    least = max(setting.line_width(line) for line in block.lines)
    most = float("inf")
    for number, (line, after) in enumerate(pairwise(block.lines)):
        if number not in block.breaks:
            word = (after.text.split() or [""])[0]
            most = min(most, setting.line_width(line) + setting.width(f" {word}", after.weight))
    return WrapRange(least, max(most, least + 1.0))


def text_alignment(item: Item) -> node_pb2.TextAlign.ValueType:
    """Returns the TextAlign that the lines of a text show; unspecified for one line."""
    block = item.text
    if block is None or len(block.lines) < 2:
        return node_pb2.TEXT_ALIGN_UNSPECIFIED
    boxes = [line.box for line in block.lines]
    spread = {
        node_pb2.TEXT_ALIGN_START: max(b.x for b in boxes) - min(b.x for b in boxes),
        node_pb2.TEXT_ALIGN_CENTER: max(b.center_x for b in boxes) - min(b.center_x for b in boxes),
        node_pb2.TEXT_ALIGN_END: max(b.right for b in boxes) - min(b.right for b in boxes),
    }
    return min(spread, key=lambda align: spread[align] + (0 if align == 1 else 1.5))


def column_alignment(boxes: Sequence[Box]) -> node_pb2.TextAlign.ValueType:
    """Returns the TextAlign that the cells of a table's column share; the start when in doubt."""
    spread = {
        node_pb2.TEXT_ALIGN_START: max(b.x for b in boxes) - min(b.x for b in boxes),
        node_pb2.TEXT_ALIGN_CENTER: max(b.center_x for b in boxes) - min(b.center_x for b in boxes),
        node_pb2.TEXT_ALIGN_END: max(b.right for b in boxes) - min(b.right for b in boxes),
    }
    least = min(spread, key=lambda align: spread[align])
    clear = spread[least] <= EDGE < spread[node_pb2.TEXT_ALIGN_START]
    return least if clear else node_pb2.TEXT_ALIGN_START


def side(box: Box, content: Box) -> node_pb2.Alignment.ValueType:
    """Returns the Alignment that `box` has in `content`; unspecified when it has none."""
    left, right = box.x - content.x, content.right - box.right
    if abs(left) <= EDGE and abs(right) <= EDGE:
        return node_pb2.ALIGNMENT_STRETCH
    if abs(left) <= EDGE:
        return node_pb2.ALIGNMENT_START
    if abs(box.center_x - content.center_x) <= max(_CENTRE, 0.012 * content.w):
        return node_pb2.ALIGNMENT_CENTER
    if abs(right) <= EDGE:
        return node_pb2.ALIGNMENT_END
    return node_pb2.ALIGNMENT_UNSPECIFIED


def standing(item: Item, content: Box) -> node_pb2.Alignment.ValueType:
    """Returns the Alignment of `item` in `content`; an icon never stretches.

    An icon is as wide as it is, also in a place that is hardly wider.
    """
    place = side(item.box, content)
    if place != node_pb2.ALIGNMENT_STRETCH or item.kind != node_pb2.NODE_KIND_ICON:
        return place
    left, right = item.box.x - content.x, content.right - item.box.right
    if abs(left - right) <= 2 * LEAST_INDENT:
        return node_pb2.ALIGNMENT_CENTER
    return node_pb2.ALIGNMENT_START if left < right else node_pb2.ALIGNMENT_END


def needs_tracks(row: Item) -> bool:
    """Returns whether a row's children share its width, rather than being as wide as they are.

    A lone search field or the like in a bar does not make columns of the bar.
    """
    flexible = [child for child in row.children if is_flexible(child)]
    fields = [child for child in flexible if child.kind == node_pb2.NODE_KIND_INPUT]
    if len(fields) == len(flexible):
        return len(fields) > 1 and len(fields) == len(row.children)
    return True


def is_flexible(item: Item) -> bool:
    """Returns whether an element in a row should take a share of the width."""
    if item.text is not None and not item.surface:
        return len(item.text.lines) > 1
    if item.kind == node_pb2.NODE_KIND_BUTTON:
        return False
    if item.kind == node_pb2.NODE_KIND_INPUT:
        return item.mark is None and item.box.w >= _FLEXIBLE
    if item.children and item.arrangement in {
        Arrangement.COLUMN,
        Arrangement.GRID,
        Arrangement.TABLE,
    }:
        return item.box.w >= _FLEXIBLE or any(is_flexible(child) for child in item.children)
    if item.children and item.arrangement is Arrangement.ROW and item.surface is None:
        return needs_tracks(item)
    return item.box.w >= _FLEXIBLE


def begins_with_icon(item: Item) -> bool:
    """Returns whether an icon stands at the start of an item."""
    if item.kind == node_pb2.NODE_KIND_ICON:
        return True
    return any(
        begins_with_icon(child)
        for child in item.children
        if child.box.x - item.box.x <= LEAST_INDENT
    )
