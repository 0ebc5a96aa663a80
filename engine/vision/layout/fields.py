"""Gives form fields their labels, and finds forms."""

from __future__ import annotations

import math

from structra.v1 import node_pb2

from engine.vision.layout.controls import control_type
from engine.vision.layout.item import Arrangement, Item
from engine.vision.percepts import Box

_ABOVE = 30.0
_BESIDE = 60.0
# What a check box without a label does in a table.
_CHOOSES = "Select row"
_MARKS = {
    node_pb2.CONTROL_TYPE_CHECKBOX,
    node_pb2.CONTROL_TYPE_RADIO,
    node_pb2.CONTROL_TYPE_SWITCH,
}


def label_fields(page: Item) -> None:
    """Finds the label of every field among the texts beside or above it."""
    texts = [
        item
        for item in page.texts()
        if item.kind in {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_HEADING}
        and item.surface is None
    ]
    tables = [item for item in page.walk() if item.arrangement is Arrangement.TABLE]
    cells = {id(part) for table in tables for part in table.walk()}
    taken: set[int] = set()
    for item in page.walk():
        if item.kind != node_pb2.NODE_KIND_INPUT:
            continue
        control = item.node.control
        find = _beside if control.type in _MARKS else _above
        label = find(item.box, [text for text in texts if id(text) not in taken])
        if label is None:
            if control.type == node_pb2.CONTROL_TYPE_CHECKBOX and id(item) in cells:
                control.label = _CHOOSES
            continue
        taken.add(id(label))
        label.node.kind = node_pb2.NODE_KIND_TEXT
        label.node.heading_level = 0
        item.label = label
        control.label = label.node.text
        if control.type == node_pb2.CONTROL_TYPE_TEXT:
            control.type = control_type(label.node.text)


def _above(box: Box, texts: list[Item]) -> Item | None:
    best, least = None, math.inf
    for text in texts:
        gap = box.y - text.box.bottom
        near = -4 <= gap <= _ABOVE and abs(text.box.x - box.x) <= 24
        beside = (
            abs(text.box.center_y - box.center_y) <= 8 and 0 <= box.x - text.box.right <= _BESIDE
        )
        if len(text.node.text) > 60 or not (near or beside):
            continue
        cost = gap if near else 20 + box.x - text.box.right
        if cost < least:
            best, least = text, cost
    return best


def _beside(box: Box, texts: list[Item]) -> Item | None:
    best, least = None, _BESIDE
    for text in texts:
        gap = text.box.x - box.right
        if abs(text.box.y + min(text.box.h, 26) / 2 - box.center_y) <= 10 and -2 <= gap < least:
            best, least = text, gap
    return best
