"""Lays out rows whose children are as wide as their content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, union
from engine.vision.layout.levels import Levels
from engine.vision.layout.place import EDGE, LEAST_INDENT
from engine.vision.layout.rules import is_rule
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.spacing import gaps, near
from engine.vision.layout.widths import rendered_span, rendered_width
from engine.vision.percepts import Box

_UNIFORM = 3.0
_FAR = 24.0
_NEAR_END = 64.0
# Rows up to this width fit on a phone and need not wrap.
_FITS_ANYWHERE = 300.0
# What the roundings of a row's even gaps may add up to before a picture, in pixels.
_DRIFT = 0.7
# The gap that is kept between things that the row itself pushes apart, in pixels.
_LEAST_APART = 16.0


class InlineFlow:
    """Writes the layout of rows that place their children by gaps and by what is left over."""

    def __init__(
        self, scale: SpacingScale, levels: Levels, place: Callable[[Item, Box], float]
    ) -> None:
        self._scale = scale
        self._levels = levels
        self._place = place

    def place(self, item: Item, content: Box) -> float:
        """Lays out the children of `item` in `content`; returns their height."""
        layout, children = item.node.layout, item.children
        layout.display, layout.direction = node_pb2.DISPLAY_FLEX, node_pb2.DIRECTION_ROW
        layout.wrap = item.box.w > _FITS_ANYWHERE
        heights = []
        for child, top in zip(children, self._levels.start(item, content.y), strict=True):
            hug(child)
            heights.append(self._place(child, replace(child.box, y=top)))
        self._along(item, content)
        return self._levels.settle(item, heights, content.y)

    def _along(self, item: Item, content: Box) -> None:
        """Chooses what places the children along the row."""
        layout, children = item.node.layout, item.children
        boxes = [child.box for child in children]
        spaces = gaps(boxes, horizontal=True)
        left, right = boxes[0].x - content.x, content.right - boxes[-1].right
        uniform = near(spaces, _UNIFORM)
        hugging = layout.width_sizing == node_pb2.SIZING_HUG
        if uniform and (len(boxes) > 2 or spaces[0] <= 2 * _FAR) and max(spaces) <= 3 * _FAR:
            self._evenly(item, spaces)
            self._justify(item, content)
        elif max(spaces) > _FAR and max(left, right) <= EDGE and _spread(spaces) and not hugging:
            layout.justify_content = node_pb2.DISTRIBUTION_SPACE_BETWEEN
            layout.column_gap.px = min(_LEAST_APART, self._scale.snap(max(min(spaces), 0)))
            self._end_where_seen(children[-1])
        elif (
            _may_grow(item, spaces)
            and _reaches(right, content)
            and not (uniform and len(boxes) > 2)
        ):
            self._grown(item, spaces, content)
        elif uniform:
            self._evenly(item, spaces)
            self._justify(item, content)
        else:
            self._set(item, self._steps(spaces, _rendered_gaps(children), 0.0))
            self._justify(item, content)

    def _grown(self, item: Item, spaces: Sequence[float], content: Box) -> None:
        """Lets the child before the widest space grow: what follows ends where the row does."""
        children, widest = item.children, spaces.index(max(spaces))
        children[widest].node.layout.grow = 1
        needed = _rendered_gaps(children)
        left = rendered_span(children[0])[0] - content.x
        right = content.right - rendered_span(children[-1])[1]
        first, last = children[0].node.layout.margin, children[-1].node.layout.margin
        if left > LEAST_INDENT:
            first.left.px = self._scale.snap(left)
        if right > LEAST_INDENT:
            last.right.px = self._scale.snap(right)
        before = self._steps(spaces[:widest], needed[:widest], first.left.px - left)
        after = self._steps(spaces[:widest:-1], needed[:widest:-1], last.right.px - right)
        self._set(item, [*before, None, *reversed(after)])

    def _evenly(self, item: Item, spaces: Sequence[float]) -> None:
        """Sets one gap for a row; where it would leave a picture off its place, several."""
        needed = _rendered_gaps(item.children)
        gap = max(self._scale.even(needed), 0.0)
        item.node.layout.column_gap.px = gap
        late = 0.0
        for child, space in zip(item.children[1:], needed, strict=True):
            late += gap - space
            if child.text is None and abs(late) > _DRIFT:
                self._set(item, self._steps(spaces, needed, 0.0))
                return

    def _end_where_seen(self, row: Item) -> None:
        """Lets a row that ends at an edge begin where it was seen.

        What its last text runs wider than in the source is taken from the space before it.
        """
        wider = rendered_width(row) - row.box.w
        if row.arrangement is not Arrangement.ROW or row.boxed or wider < LEAST_INDENT:
            return
        spaces = _rendered_gaps(row.children)
        spaces[-1] -= wider
        if spaces[-1] >= 0:
            self._set(row, self._steps(spaces, spaces, 0.0))

    def _steps(
        self, spaces: Sequence[float], needed: Sequence[float], late: float
    ) -> list[float | None]:
        """Returns steps for `spaces` so that no child is left off its place by roundings.

        `needed` are the spaces between the children as they come out; `late` is by how
        much the first of them is off.
        """
        steps: list[float | None] = []
        for space, need in zip(spaces, needed, strict=True):
            step = self._scale.near(space, need - late)
            late += step - need
            steps.append(step)
        return steps

    def _set(self, item: Item, steps: Sequence[float | None]) -> None:
        """Sets a row's gap, and margins where a step is another; None is left to the row."""
        known = [step for step in steps if step is not None]
        gap = max(min(known, default=_LEAST_APART), 0.0)
        if len(known) < len(steps):
            gap = min(gap, _FAR)
        item.node.layout.column_gap.px = gap
        for child, step in zip(item.children[1:], steps, strict=True):
            if step is not None and (step != gap or child.node.layout.margin.left.px):
                child.node.layout.margin.left.px = step - gap

    def _justify(self, item: Item, content: Box) -> None:
        layout, children = item.node.layout, item.children
        left, right = children[0].box.x - content.x, content.right - children[-1].box.right
        if abs(left) <= EDGE:
            if left > LEAST_INDENT:
                layout.padding.left.px += self._scale.snap(left)
            return
        end = right
        if any(child.text is None for child in children):
            end = content.right - rendered_span(children[-1])[1]
        if abs(left - right) <= 2 * EDGE:
            layout.justify_content = node_pb2.DISTRIBUTION_CENTER
            if abs(left - end) > 2 * LEAST_INDENT:
                edge = layout.padding.left if left > end else layout.padding.right
                edge.px += self._scale.snap(abs(left - end))
        elif abs(right) <= EDGE or (right < 0.25 * left and right < 48):
            layout.justify_content = node_pb2.DISTRIBUTION_END
            if end > LEAST_INDENT:
                layout.padding.right.px += self._scale.snap(end)
        else:
            layout.padding.left.px += self._scale.snap(left)


def hug(child: Item) -> None:
    """Makes a child of a row as wide as its content, or as it was seen when it has none."""
    layout = child.node.layout
    if child.text is not None or child.children:
        layout.width_sizing = node_pb2.SIZING_HUG
        painted = child.surface is not None and child.kind == node_pb2.NODE_KIND_CONTAINER
        if painted or _is_as_wide_as_rules(child):
            layout.width_sizing = node_pb2.SIZING_FIXED
            layout.width.px = round(child.box.w)
        return
    layout.width_sizing = node_pb2.SIZING_FIXED
    layout.width.px = max(round(child.box.w), 1)


def _is_as_wide_as_rules(item: Item) -> bool:
    """Returns whether only rules, which have no width of their own, tell how wide a column is."""
    rest = [child for child in item.children if not is_rule([child])]
    columnar = item.arrangement is Arrangement.COLUMN and len(rest) < len(item.children)
    return columnar and bool(rest) and union(child.box for child in rest).w < item.box.w - EDGE


def _rendered_gaps(items: Sequence[Item]) -> list[float]:
    """Returns the gaps that let the content of all items be where it was seen."""
    spans = [rendered_span(item) for item in items]
    return [after[0] - before[1] for before, after in pairwise(spans)]


def _may_grow(row: Item, spaces: Sequence[float]) -> bool:
    """Returns whether the widest space of a row may come from its left neighbour's growth.

    A row that is as wide as its content has no space to share, and a picture
    must keep its size.
    """
    grown = row.children[spaces.index(max(spaces))]
    hugging = row.node.layout.width_sizing == node_pb2.SIZING_HUG
    rigid = grown.picture is not None or grown.surface is not None
    return max(spaces) > _FAR and not hugging and not rigid


def _reaches(right: float, content: Box) -> bool:
    """Returns whether a row ends near enough to its container's end to be meant to."""
    return right <= max(EDGE, min(0.06 * content.w, _NEAR_END))


def _spread(spaces: Sequence[float]) -> bool:
    """Returns whether the spaces are about as `space-between` would make them."""
    return len(spaces) == 1 or near(spaces, max(8.0, 0.05 * max(spaces)))
