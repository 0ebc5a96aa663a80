"""Puts links and buttons around icons and pictures."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.item import Item


def wrap(sign: Item, parent: Item, kind: node_pb2.NodeKind.ValueType) -> None:
    """Makes a control of a painted box, or puts one around an icon or picture in its place."""
    if sign.surface is not None:
        sign.node.kind = kind
        return
    control = Item(sign.box, node_pb2.Node(kind=kind, confidence=0.7), [sign])
    control.node.role, sign.node.role = sign.node.role, node_pb2.SEMANTIC_ROLE_UNSPECIFIED
    own, layout = sign.node.layout, control.node.layout
    layout.margin.CopyFrom(own.margin)
    layout.align_self, layout.grow = own.align_self, own.grow
    layout.column_span, layout.row_span = own.column_span, own.row_span
    fills = own.width_sizing == node_pb2.SIZING_FILL
    layout.width_sizing = node_pb2.SIZING_FILL if fills else node_pb2.SIZING_HUG
    for name in ("margin", "align_self", "grow", "column_span", "row_span"):
        own.ClearField(name)
    parent.children[parent.children.index(sign)] = control
