"""Puts the laid out items together into one node tree."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.item import Item
from engine.vision.layout.leaves import bounds

_REASONS = {
    node_pb2.NODE_KIND_HEADING: "Its type stands out from body text and heads what follows.",
    node_pb2.NODE_KIND_TEXT: "Its type is that of running text or a label.",
    node_pb2.NODE_KIND_LINK: "It is coloured, underlined or placed as links are.",
    node_pb2.NODE_KIND_BUTTON: "A small painted box holds a short text in its middle.",
    node_pb2.NODE_KIND_BADGE: "A very small painted box holds a short text.",
    node_pb2.NODE_KIND_INPUT: "A box or mark looks like a form field.",
    node_pb2.NODE_KIND_IMAGE: "It is a picture without readable structure.",
    node_pb2.NODE_KIND_ICON: "It is a small drawing in few colours.",
    node_pb2.NODE_KIND_CHART: "It is a drawing with axes or data marks.",
    node_pb2.NODE_KIND_TABLE: "Short cells stand in regular rows and columns.",
    node_pb2.NODE_KIND_LIST: "Like items follow each other at an even distance.",
    node_pb2.NODE_KIND_DIVIDER: "It is a thin line between contents.",
    node_pb2.NODE_KIND_SHAPE: "It is painted but holds nothing.",
    node_pb2.NODE_KIND_TABS: "Short entries stand in a row above what they switch.",
    node_pb2.NODE_KIND_CONTAINER: "It groups what stands together.",
}


def emit(item: Item) -> node_pb2.Node:
    """Returns the node of `item` with all below it; ids and layouts must be set."""
    node = item.node
    node.bounds.CopyFrom(bounds(item.box))
    if not node.decision.reason:
        node.decision.role = node_pb2.DECISION_ROLE_LOCAL
        node.decision.reason = _REASONS.get(node.kind, "It follows from its place and look.")
    if item.label is not None:
        node.control.label_node_id = item.label.node.id
    del node.children[:]
    for child in item.children:
        node.children.append(emit(child))
    return node
