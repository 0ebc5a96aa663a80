"""Recognises the numbers of a list's pages."""

from __future__ import annotations

from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item

_LEAST, _FARTHEST = 3, 90.0
_WORDS = frozenset(["next", "previous", "prev", "older", "newer", "first", "last"])


def mark_pagination(page: Item) -> None:
    """Makes links of the numbers of pages that stand in a row, and of the words beside them."""
    for row in page.walk():
        if row.arrangement is not Arrangement.ROW:
            continue
        entries = [part for part in row.texts() if _is_entry(part)]
        numbers = [part for part in entries if part.node.text.isdigit()]
        if len(entries) < sum(1 for _ in row.texts()):
            continue
        steps = [
            int(after.node.text) - int(before.node.text) for before, after in pairwise(numbers)
        ]
        near = all(
            after.box.x - before.box.right <= _FARTHEST for before, after in pairwise(numbers)
        )
        if near and steps.count(1) >= _LEAST - 1 and min(steps) >= 1:
            for part in entries:
                if part.surface is None:
                    part.node.kind = node_pb2.NODE_KIND_LINK


def _is_entry(item: Item) -> bool:
    text = item.node.text.strip()
    return (
        text.isdigit()
        or text.lower().strip("«»‹›←→<> ") in _WORDS
        or not any(letter.isalnum() for letter in text)
    )
