"""Finds texts that are headings because most of what is set in their style is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from structra.v1 import node_pb2

from engine.vision.color import distance
from engine.vision.layout.bars import is_bar
from engine.vision.layout.entries import is_underlined
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.tables import headable

# Sizes that are one but for how exactly they are read, and colours.
_SAME_SIZE, _SAME_COLOR = 0.06, 48.0
_BOLD = 600
# How much larger than body type a text that is not bold is at least, and how many words it has.
_LARGER, _WORDS = 1.15, 7
# How many headings a style has at least, and how many for each other text in it.
_LEAST, _SHARE = 2, 0.5
_NO_TITLE = (".", ",", ";")
_SIDE_BY_SIDE = {Arrangement.ROW, Arrangement.GRID}


def styled_as(headings: Sequence[Item], page: Item, body: float) -> list[Item]:
    """Returns the texts of a page that are set as many of its `headings` and few other texts are.

    `body` is the body size in CSS pixels.
    """
    known = {id(item) for item in headings}
    texts = [item for item in _leading(page) if id(item) not in known and _stands_out(item, body)]
    found = []
    for text in texts:
        ours = sum(_alike(text, heading) for heading in headings)
        others = sum(_alike(text, other) for other in texts)
        if ours >= max(_LEAST, _SHARE * others):
            found.append(text)
    return found


def _leading(item: Item) -> Iterator[Item]:
    """Yields the texts that may head something: not last in a column, not one of a mixed row."""
    if is_bar(item) or item.node.role == node_pb2.SEMANTIC_ROLE_FOOTER:
        return
    if item.kind == node_pb2.NODE_KIND_BUTTON:
        return
    texts = [child for child in item.children if child.text is not None]
    if item.arrangement is Arrangement.COLUMN:
        yield from (text for text in texts if text is not item.children[-1] or len(texts) == 1)
    elif item.arrangement in _SIDE_BY_SIDE and _is_row_of_titles(item, texts):
        yield from texts
    for child in headable(item):
        yield from _leading(child)


def _is_row_of_titles(item: Item, texts: Sequence[Item]) -> bool:
    """Returns whether all texts side by side are of one style."""
    alike = len(texts) > 1 and all(_alike(texts[0], text) for text in texts[1:])
    return alike and not any(
        child.text is None and any(True for _ in child.texts()) for child in item.children
    )


def _stands_out(item: Item, body: float) -> bool:
    """Returns whether a short text is bold or larger than body type, and may be a title."""
    block = item.text
    if block is None or item.kind != node_pb2.NODE_KIND_TEXT or item.surface is not None:
        return False
    if len(block.lines) > 1 or len(block.text.split()) > _WORDS or is_underlined(block):
        return False
    if block.text.endswith(_NO_TITLE) or ":" in block.text:
        return False
    return block.weight >= _BOLD or block.size >= _LARGER * body


def _alike(first: Item, second: Item) -> bool:
    one, other = first.text, second.text
    if one is None or other is None:
        return False
    near = abs(one.size - other.size) <= _SAME_SIZE * other.size
    heavy = (one.weight >= _BOLD) == (other.weight >= _BOLD)
    return near and heavy and distance(one.color, other.color) <= _SAME_COLOR
