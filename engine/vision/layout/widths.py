"""How wide items come out, as far as that differs from what was seen."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item

_PILLS = {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}


def rendered_width(item: Item) -> float:
    """Returns the width in pixels of an item that is laid out and as wide as its content.

    Texts run wider or narrower in the font that code falls back to, and take
    along the buttons and groups that hold them.
    """
    layout = item.node.layout
    if layout.width_sizing != node_pb2.SIZING_HUG:
        return layout.width.px or item.box.w
    if item.text is not None and (item.surface is None or item.kind in _PILLS):
        return item.box.w + _excess(item)
    if item.boxed or not item.children:
        return item.box.w
    if item.arrangement is Arrangement.ROW and layout.display == node_pb2.DISPLAY_FLEX:
        gaps = layout.column_gap.px * (len(item.children) - 1)
        return gaps + _sides(item) + sum(map(_outer_width, item.children))
    if item.arrangement is Arrangement.COLUMN:
        return _sides(item) + max(map(_outer_width, item.children))
    return item.box.w


def _excess(item: Item) -> float:
    """Returns how much wider a line of text runs than in the source, in pixels."""
    block = item.text
    if block is None or item.setting is None or len(block.lines) > 1:
        return 0.0
    return item.setting.line_width(block.first) - block.first.box.w


def _outer_width(item: Item) -> float:
    margin = item.node.layout.margin
    return margin.left.px + rendered_width(item) + margin.right.px


def _sides(item: Item) -> float:
    padding = item.node.layout.padding
    return padding.left.px + padding.right.px
