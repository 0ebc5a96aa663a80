"""Recognises breadcrumbs: the trail of pages that leads to this one, with signs between."""

from __future__ import annotations

import re

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.layout.runs import link_spans

_SIGN = re.compile(r"(\s+[/>›»]\s+)")
_ENTRY = re.compile(r"[A-Z0-9].*[A-Za-z]")
_WORDS, _MOST = 4, 6
# A trail stands above the content, near the top of the page, in pixels.
_LOWEST, _LARGEST = 300.0, 18.0


def mark_trails(page: Item) -> None:
    """Makes navigation of breadcrumbs; all their entries but the last, this page, are links."""
    _visit(page, in_nav=False)


def _visit(item: Item, *, in_nav: bool) -> None:
    in_nav = in_nav or item.node.role == node_pb2.SEMANTIC_ROLE_NAV
    if item.arrangement is Arrangement.TABLE or item.kind == node_pb2.NODE_KIND_BUTTON:
        return
    for number, child in enumerate(item.children):
        if child.kind != node_pb2.NODE_KIND_TEXT or child.label is not None:
            _visit(child, in_nav=in_nav)
        elif _is_trail(child):
            _link_entries(child.node)
            if not in_nav:
                trail = group([child], Arrangement.COLUMN)
                trail.node.role = node_pb2.SEMANTIC_ROLE_NAV
                item.children[number] = trail


def _is_trail(item: Item) -> bool:
    block = item.text
    if block is None or item.surface is not None or len(block.lines) > 1:
        return False
    if item.box.y > _LOWEST or block.size > _LARGEST:
        return False
    entries = _SIGN.split(block.text)[::2]
    return 2 <= len(entries) <= _MOST and all(
        len(entry.split()) <= _WORDS and _ENTRY.match(entry) for entry in entries
    )


def _link_entries(node: node_pb2.Node) -> None:
    """Makes links of all entries but the last, this page."""
    signs = [match.span() for match in _SIGN.finditer(node.text)]
    starts = [0, *(stop for _, stop in signs[:-1])]
    link_spans(node, [(start, stop) for start, (stop, _) in zip(starts, signs, strict=True)])
