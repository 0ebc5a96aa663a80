"""Finds the bar of entries at the top of a page that is no box of its own, as one over a photo."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.entries import NUMBER, is_label
from engine.vision.layout.item import Arrangement, Item

# How low the middle of a bar's entries lies at most, and how far off one level they may be.
_LOWEST, _LEVEL = 100.0, 8.0
_LEAST_ENTRIES = 3
_TALLEST = 120.0
_BARS = {node_pb2.SEMANTIC_ROLE_HEADER, node_pb2.SEMANTIC_ROLE_NAV}


def mark_top_row(page: Item) -> None:
    """Makes links of the labels that stand level at the top of a page, and navigation of their row.

    Pages that have a header or navigation up there already stay as they are.
    """
    labels = _labels(page)
    row = _first_row(labels)
    if len(row) < _LEAST_ENTRIES:
        return
    for entry in row:
        entry.node.kind = node_pb2.NODE_KIND_LINK
    holder = _holder(page, row)
    if holder is not None:
        holder.node.role = node_pb2.SEMANTIC_ROLE_NAV


def _labels(item: Item) -> list[Item]:
    """Returns the labels near the page's top that are in no bar, field, button or table."""
    if item.node.role in _BARS or item.arrangement is Arrangement.TABLE or item.box.y > _LOWEST:
        return []
    if item.kind == node_pb2.NODE_KIND_TEXT and item.text is not None:
        fits = is_label(item) and not NUMBER.match(item.node.text) and item.surface is None
        return [item] if fits and item.box.center_y <= _LOWEST else []
    if item.kind != node_pb2.NODE_KIND_CONTAINER:
        return []
    return [label for child in item.children for label in _labels(child)]


def _first_row(labels: list[Item]) -> list[Item]:
    """Returns the uppermost labels that stand side by side on one level."""
    for first in sorted(labels, key=lambda label: label.box.center_y):
        level = [
            label for label in labels if abs(label.box.center_y - first.box.center_y) <= _LEVEL
        ]
        level.sort(key=lambda label: label.box.x)
        if len(level) >= _LEAST_ENTRIES:
            return level
    return []


def _holder(page: Item, row: list[Item]) -> Item | None:
    """Returns the first group that holds enough of a row and is no taller than a bar."""
    ids = {id(entry) for entry in row}
    bars = (item for item in page.walk() if item.children and item.box.h <= _TALLEST)
    for bar in bars:
        if sum(id(part) in ids for part in bar.walk()) >= _LEAST_ENTRIES:
            return bar
    return None
