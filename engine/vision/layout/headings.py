"""Tells headings from other text and gives them levels."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item

_MAX_WORDS = 18
_LARGE = 1.22
_BOLD = 600
_BAR_HEIGHT = 120.0
_NO_TITLES = {node_pb2.SEMANTIC_ROLE_NAV}
_NOT_A_TITLE = re.compile(r"^[\W\d_]*$|^[$€£¥]?\s?[\d.,]+\s?[%kKmM+]?(\s*/\s*\w+\.?)?$")
_SENTENCE = re.compile(r"[.;,]$")


def mark_headings(page: Item, body: float) -> None:
    """Makes headings of the texts that stand out and head something; sets their levels.

    `body` is the page's body size in CSS pixels. One heading becomes level 1;
    the others follow their size.
    """
    chosen = [item for item in _candidates(page) if _is_heading(*item, body)]
    items = [item for item, _ in chosen]
    _set_levels(items, page)


def _candidates(page: Item) -> list[tuple[Item, Sequence[Item]]]:
    """Returns free texts with their siblings."""
    out: list[tuple[Item, Sequence[Item]]] = []

    def visit(item: Item) -> None:
        bar = item.node.role == node_pb2.SEMANTIC_ROLE_HEADER and item.box.h <= _BAR_HEIGHT
        if bar or item.arrangement is Arrangement.TABLE or item.node.role in _NO_TITLES:
            return
        if item.kind == node_pb2.NODE_KIND_BUTTON:
            return
        for child in item.children:
            if child.text is not None and child.kind == node_pb2.NODE_KIND_TEXT:
                out.append((child, item.children if item.arrangement is Arrangement.COLUMN else ()))
            visit(child)

    visit(page)
    return out


def _is_heading(item: Item, siblings: Sequence[Item], body: float) -> bool:
    block = item.text
    if block is None or _NOT_A_TITLE.match(block.text) or len(block.text) < 2:
        return False
    words = len(block.text.split())
    if words > _MAX_WORDS or len(block.lines) > 5 or block.family.value == "mono":
        return False
    if block.size >= _LARGE * body:
        bold = block.weight >= _BOLD or block.size >= 1.6 * body
        return bold or words <= 10
    if block.weight < _BOLD or block.size < 0.92 * body or words > 12:
        return False
    if _SENTENCE.search(block.text) or block.text.endswith(":") or len(block.lines) > 2:
        return False
    return _heads_something(item, siblings)


def _heads_something(item: Item, siblings: Sequence[Item]) -> bool:
    """Returns whether other content, not more of the same, follows below in the same column."""
    try:
        index = siblings.index(item)
    except ValueError:
        return False
    after = siblings[index + 1] if index + 1 < len(siblings) else None
    if after is None:
        return False
    gap = after.box.y - item.box.bottom
    if gap > 3.5 * (item.text.size if item.text else 16):
        return False
    block = after.text
    if block is None or item.text is None:
        return True
    return block.weight < item.text.weight or block.size < 0.9 * item.text.size


def _set_levels(items: list[Item], page: Item) -> None:
    for item in items:
        item.node.kind = node_pb2.NODE_KIND_HEADING
    if not items:
        return
    top = [item for item in items if item.box.y < 0.6 * page.box.h] or items
    first = max(top, key=lambda item: (round(_size(item)), -item.box.y))
    first.node.heading_level = 1
    sizes = sorted({round(_size(item)) for item in items if item is not first}, reverse=True)
    steps: list[int] = []
    for size in sizes:
        if not steps or size < 0.93 * steps[-1]:
            steps.append(size)
    for item in items:
        if item is not first:
            rank = sum(1 for step in steps if step > 1.03 * _size(item))
            item.node.heading_level = min(2 + rank, 6)


def _size(item: Item) -> float:
    return item.text.size if item.text is not None else 0.0
