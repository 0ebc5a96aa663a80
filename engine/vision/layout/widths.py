"""How wide items come out, as far as that differs from what was seen."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item

_ROOM_BEFORE = {node_pb2.ALIGNMENT_CENTER: 0.5, node_pb2.ALIGNMENT_END: 1.0}
_ROOM_BEFORE_ROW = {node_pb2.DISTRIBUTION_CENTER: 0.5, node_pb2.DISTRIBUTION_END: 1.0}
_PILLS = {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}


def rendered_width(item: Item) -> float:
    """Returns the width in pixels of an item that is laid out and as wide as its content.

    Texts run wider or narrower in the font that code falls back to, and take
    along the buttons and groups that hold them.
    """
    layout = item.node.layout
    if layout.width_sizing != node_pb2.SIZING_HUG:
        return layout.width.px or item.box.w
    if item.kind in _PILLS:
        return item.box.w + _excess(item) + _rounding(item)
    if item.text is not None and item.surface is None:
        return item.box.w + _excess(item)
    return item.box.w if item.boxed else _content_width(item)


def _content_width(item: Item) -> float:
    """Returns the width in pixels that the children of an item need."""
    layout = item.node.layout
    if not item.children:
        return item.box.w
    if item.arrangement is Arrangement.ROW and layout.display == node_pb2.DISPLAY_FLEX:
        gaps = layout.column_gap.px * (len(item.children) - 1)
        return gaps + _sides(item) + sum(map(_outer_width, item.children))
    if item.arrangement is Arrangement.COLUMN:
        return _sides(item) + max(map(_width_in_column, item.children))
    return item.box.w


def _width_in_column(item: Item) -> float:
    """Returns the width that a column as wide as its content must have for a child."""
    fills = item.node.layout.width_sizing == node_pb2.SIZING_FILL
    margin = item.node.layout.margin
    return margin.left.px + _content_width(item) + margin.right.px if fills else _outer_width(item)


def rendered_span(item: Item) -> tuple[float, float]:
    """Returns where an item starts and ends whose content comes out where it was seen.

    What is set around its middle, or to its end, grows to both sides, or to its start.
    """
    width = rendered_width(item)
    start = item.box.x - _share_before(item) * (width - item.box.w)
    return start, start + width


def _share_before(item: Item) -> float:
    """Returns the share of a column's growth that lies before what was its start."""
    if item.arrangement is not Arrangement.COLUMN or item.boxed:
        return 0.0
    shares = {_side(child, item) for child in item.children}
    return shares.pop() if len(shares) == 1 else 0.0


def _side(child: Item, column: Item) -> float:
    """Returns which part of the room beside it a child of a column leaves before it."""
    layout = child.node.layout
    if layout.width_sizing == node_pb2.SIZING_FILL:
        return _ROOM_BEFORE_ROW.get(layout.justify_content, 0.0)
    align = layout.align_self or column.node.layout.align_items
    return _ROOM_BEFORE.get(align, 0.0)


def _excess(item: Item) -> float:
    """Returns how much wider a line of text runs than in the source, in pixels."""
    block = item.text
    if block is None or item.setting is None or len(block.lines) > 1:
        return 0.0
    return item.setting.line_width(block.first) - block.first.box.w


def _rounding(item: Item) -> float:
    """Returns how much wider a control gets because its padding is in whole pixels."""
    padding = item.node.layout.padding
    return sum(round(side.px) - side.px for side in (padding.left, padding.right))


def _outer_width(item: Item) -> float:
    margin = item.node.layout.margin
    return margin.left.px + rendered_width(item) + margin.right.px


def _sides(item: Item) -> float:
    padding, (_, right, _, left) = item.node.layout.padding, item.borders
    return padding.left.px + padding.right.px + left + right
