"""Turns geometry into flow: displays, gaps, paddings, alignment and sizes.

Boxes are walked from the outside in. Every element is given the box that it
will get from its parent, and says how tall it will be once rendered, so that
the rounding of one gap is made up for by the next and positions stay true.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, union
from engine.vision.layout.place import (
    EDGE,
    LEAST_INDENT,
    begins_with_icon,
    is_flexible,
    side,
    standing,
    text_alignment,
    wrap_range,
)
from engine.vision.layout.rows import RowFlow
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.spacing import gaps
from engine.vision.percepts import Box

_UNIFORM = 2.6
# How far an evenly spaced child may be off before its own gap makes up for it, in pixels.
_DRIFT = 1.5
# A box whose height comes out further off than this keeps the height that was seen, in pixels.
_HEIGHT_SLACK = 3.0
_GUTTER = 24.0
# The share of its width by which text may grow with another font before it wraps.
_TEXT_ROOM = 0.05
_LEAST_PAD = 8.0


class Flow:
    """Writes the layout of items into their nodes."""

    def __init__(self, scale: SpacingScale) -> None:
        self._scale = scale
        self._rows = RowFlow(scale, self.place)

    def place(self, item: Item, allotted: Box) -> float:
        """Lays out `item` in the box that its parent gives it; returns its rendered height."""
        layout = item.node.layout
        if item.arrangement is Arrangement.LEAF or not item.children:
            return self._leaf(item)
        if not item.boxed:
            return self._children(item, allotted)
        content = self._pad(item, allotted)
        seen = union(child.box for child in item.children)
        top, _, bottom, _ = item.borders
        start = allotted.y + top
        above = max(self._scale.near(seen.y - item.box.y - top, seen.y - start), 0.0)
        inner = self._children(item, Box(content.x, start + above, content.w, content.h))
        end = start + above + inner + bottom
        below = self._scale.near(item.box.bottom - seen.bottom - bottom, item.box.bottom - end)
        layout.padding.top.px, layout.padding.bottom.px = above, max(below, 0.0)
        height = end + layout.padding.bottom.px - allotted.y
        if abs(height - item.box.h) > _HEIGHT_SLACK:
            layout.height.px = round(item.box.h)
            height = max(height, item.box.h)
        return height

    def _leaf(self, item: Item) -> float:
        layout, node = item.node.layout, item.node
        if item.text is not None and item.surface is None and not node.control.type:
            typography = node.style.typography
            return typography.line_height * typography.size.px * len(item.text.lines)
        if node.kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}:
            return item.box.h
        layout.height_sizing = node_pb2.SIZING_FIXED
        layout.height.px = max(round(item.box.h), 1)
        return layout.height.px

    def _pad(self, item: Item, allotted: Box) -> Box:
        """Sets the sides' padding of a painted box; returns its content box."""
        if item.frame is not None:
            return self._contain(item, item.frame)
        content = union(child.box for child in item.children)
        _, end, _, start = item.borders
        left = max(content.x - item.box.x - start, 0.0)
        right = max(item.box.right - content.right - end, 0.0)
        if abs(left - right) > EDGE:
            left = right = min(left, right)
        elif not any(is_flexible(child) for child in item.children):
            left, right = min(left, _GUTTER), min(right, _GUTTER)
        centred = all(
            abs(child.box.center_x - item.box.center_x) <= EDGE for child in item.children
        )
        rows = all(child.children and child.box.w >= content.w - EDGE for child in item.children)
        if centred and not rows and item.arrangement is Arrangement.COLUMN:
            left = right = max(left - _TEXT_ROOM / 2 * content.w, min(left, _LEAST_PAD))
        elif all(abs(child.box.x - content.x) <= EDGE for child in item.children) and not any(
            is_flexible(child) and child.box.right >= content.right - EDGE
            for child in item.children
        ):
            right = max(right - _TEXT_ROOM * content.w, 0.0)
        late = allotted.x - item.box.x
        left, right = max(self._scale.near(left, left - late), 0.0), self._scale.snap(right)
        layout = item.node.layout
        layout.padding.left.px, layout.padding.right.px = left, right
        width = max(allotted.w - left - right - start - end, 1.0)
        return Box(allotted.x + left + start, allotted.y, width, allotted.h)

    def _contain(self, item: Item, frame: Box) -> Box:
        """Keeps a band's content to `frame`, centred where the frame is."""
        layout = item.node.layout
        left, right = frame.x - item.box.x, item.box.right - frame.right
        if abs(left - right) <= 2 * EDGE:
            gutter = self._scale.snap(min(left, right, _GUTTER))
            layout.contained = True
            layout.max_width.px = round(frame.w)
            layout.padding.left.px = layout.padding.right.px = gutter
            return frame
        layout.padding.left.px = self._scale.snap(left)
        layout.padding.right.px = self._scale.snap(right)
        return Box(
            item.box.x + layout.padding.left.px,
            frame.y,
            item.box.w - layout.padding.left.px - layout.padding.right.px,
            frame.h,
        )

    def _children(self, item: Item, content: Box) -> float:
        if item.arrangement is Arrangement.COLUMN:
            return self.column(item, content)
        return self._rows.place(item, content)

    def column(self, item: Item, content: Box) -> float:
        """Lays out the children of `item` below each other; returns their height."""
        layout = item.node.layout
        layout.display, layout.direction = node_pb2.DISPLAY_FLEX, node_pb2.DIRECTION_COLUMN
        children = item.children
        sides = [self.across(child, content) for child in children]
        counts = Counter(value for value in sides if value != node_pb2.ALIGNMENT_STRETCH)
        common = counts.most_common(1)[0][0] if counts else node_pb2.ALIGNMENT_STRETCH
        if len(counts) and counts[common] * 2 >= len(children):
            layout.align_items = common
        else:
            layout.align_items = node_pb2.ALIGNMENT_STRETCH
        for child, value in zip(children, sides, strict=True):
            if value != layout.align_items:
                child.node.layout.align_self = value
        return self._stack(item, content, sides)

    def _allotted(
        self, child: Item, content: Box, top: float, place: node_pb2.Alignment.ValueType
    ) -> Box:
        """Returns the box that a child of a column gets when it begins at `top`."""
        layout, margin = child.node.layout, child.node.layout.margin
        room = max(content.w - margin.left.px - margin.right.px, 1.0)
        width = child.box.w
        if layout.width_sizing == node_pb2.SIZING_FILL:
            width = min(room, layout.max_width.px or room)
        share = {node_pb2.ALIGNMENT_CENTER: 0.5, node_pb2.ALIGNMENT_END: 1.0}.get(place, 0.0)
        return Box(content.x + margin.left.px + share * (room - width), top, width, child.box.h)

    def _stack(
        self, item: Item, content: Box, sides: Sequence[node_pb2.Alignment.ValueType]
    ) -> float:
        """Places the children of a column so that each begins where it was seen.

        `sides` are their alignments. Returns the column's height.
        """
        children, layout = item.children, item.node.layout
        first = self._allotted(children[0], content, content.y, sides[0])
        cursor = content.y + self.place(children[0], first)
        seen = gaps([child.box for child in children], horizontal=False)
        even = self._even_gap(seen)
        steps: list[float] = []
        for child, space, place in zip(children[1:], seen, sides[1:], strict=True):
            if even is None:
                step = self._scale.near(space, child.box.y - cursor)
            else:
                late = cursor + even - child.box.y
                step = even if abs(late) <= _DRIFT else self._scale.snap(child.box.y - cursor)
            steps.append(step)
            top = cursor + step
            cursor = top + self.place(child, self._allotted(child, content, top, place))
        if steps:
            layout.row_gap.px = max(min(steps), 0.0)
        for child, step in zip(children[1:], steps, strict=True):
            if step != layout.row_gap.px:
                child.node.layout.margin.top.px = step - layout.row_gap.px
        return cursor - content.y

    def _even_gap(self, seen: Sequence[float]) -> float | None:
        """Returns the gap of a column whose children follow each other evenly, or None."""
        if not seen:
            return None
        mean = sum(seen) / len(seen)
        if mean < 0 or any(abs(value - mean) > _UNIFORM for value in seen):
            return None
        return self._scale.even(seen)

    def across(self, item: Item, content: Box) -> node_pb2.Alignment.ValueType:
        """Sets the width of a child of a column; returns its Alignment."""
        layout, node = item.node.layout, item.node
        if item.text is not None and item.surface is None and not node.control.type:
            return self._text_across(item, content)
        place = standing(item, content)
        hugging = node.kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}
        if item.children and not hugging and not item.boxed:
            return self._group_across(item, content, place)
        if place == node_pb2.ALIGNMENT_STRETCH:
            layout.width_sizing = node_pb2.SIZING_FILL
            return place
        if hugging:
            layout.width_sizing = node_pb2.SIZING_HUG
        elif item.children or (node.kind == node_pb2.NODE_KIND_INPUT and item.mark is None):
            layout.width_sizing = node_pb2.SIZING_FILL
            layout.max_width.px = round(item.box.w)
        else:
            layout.width_sizing = node_pb2.SIZING_FIXED
            layout.width.px = max(round(item.box.w), 1)
        return self._offset(item, content, place)

    def _group_across(
        self, item: Item, content: Box, place: node_pb2.Alignment.ValueType
    ) -> node_pb2.Alignment.ValueType:
        """A group fills its column, unless it is narrower on purpose."""
        layout = item.node.layout
        layout.width_sizing = node_pb2.SIZING_FILL
        if (
            item.arrangement in {Arrangement.GRID, Arrangement.TABLE}
            and place == node_pb2.ALIGNMENT_CENTER
        ):
            layout.max_width.px = round(item.box.w)
            return self._offset(item, content, place)
        if place == node_pb2.ALIGNMENT_STRETCH and not begins_with_icon(item):
            return place
        if LEAST_INDENT < item.box.x - content.x <= EDGE:
            layout.margin.left.px = self._scale.snap(item.box.x - content.x)
        return node_pb2.ALIGNMENT_STRETCH

    def _offset(
        self, item: Item, content: Box, place: node_pb2.Alignment.ValueType
    ) -> node_pb2.Alignment.ValueType:
        left, right = item.box.x - content.x, content.right - item.box.right
        if place != node_pb2.ALIGNMENT_UNSPECIFIED:
            if item.text is None or item.surface is not None:
                self._indent(item, left, right, place)
            return place
        if left <= right or left < 0:
            item.node.layout.margin.left.px = self._scale.snap(left)
            return node_pb2.ALIGNMENT_START
        item.node.layout.margin.right.px = max(self._scale.snap(right), 0.0)
        return node_pb2.ALIGNMENT_END

    def _indent(
        self, item: Item, left: float, right: float, place: node_pb2.Alignment.ValueType
    ) -> None:
        """Moves what is painted by the little that it stands off its alignment."""
        margin = item.node.layout.margin
        if place == node_pb2.ALIGNMENT_START and left > LEAST_INDENT:
            margin.left.px = self._scale.snap(left)
        elif place == node_pb2.ALIGNMENT_END and right > LEAST_INDENT:
            margin.right.px = self._scale.snap(right)
        elif place == node_pb2.ALIGNMENT_CENTER and abs(left - right) > 2 * LEAST_INDENT:
            edge = margin.left if left > right else margin.right
            edge.px = self._scale.snap(abs(left - right))

    def _text_across(self, item: Item, content: Box) -> node_pb2.Alignment.ValueType:
        layout, style = item.node.layout, item.node.style
        block = item.text
        if block is None:
            return node_pb2.ALIGNMENT_START
        place = side(item.box, content)
        if len(block.lines) == 1:
            layout.width_sizing = node_pb2.SIZING_HUG
            if place == node_pb2.ALIGNMENT_STRETCH:
                place = node_pb2.ALIGNMENT_START
            return self._offset(item, content, place)
        align = text_alignment(item)
        style.typography.align = align
        layout.width_sizing = node_pb2.SIZING_FILL
        wraps = wrap_range(item)
        if align == node_pb2.TEXT_ALIGN_CENTER:
            centred = abs(item.box.center_x - content.center_x) <= max(3.5, 0.012 * content.w)
            place = node_pb2.ALIGNMENT_CENTER if centred else place
        if abs(item.box.x - content.x) <= EDGE or place == node_pb2.ALIGNMENT_CENTER:
            if wraps.admits(content.w):
                return node_pb2.ALIGNMENT_STRETCH
            layout.max_width.px = round(wraps.choose())
            if align == node_pb2.TEXT_ALIGN_CENTER:
                return node_pb2.ALIGNMENT_CENTER
            if abs(item.box.x - content.x) <= EDGE:
                return node_pb2.ALIGNMENT_START
            return place
        mirrored = 2 * (content.center_x - item.box.x)
        if wraps.admits(mirrored) and align != node_pb2.TEXT_ALIGN_END:
            layout.max_width.px = round(mirrored)
            return node_pb2.ALIGNMENT_CENTER
        layout.max_width.px = round(wraps.choose())
        if align == node_pb2.TEXT_ALIGN_END and place == node_pb2.ALIGNMENT_END:
            return place
        return self._offset(item, content, node_pb2.ALIGNMENT_UNSPECIFIED)
