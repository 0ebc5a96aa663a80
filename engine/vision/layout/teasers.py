"""Makes links of the titles of teasers: entries of a blog or news list, told by their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item

_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}\.?\s+{_MONTH}\b|\bmin(ute)?s? read\b"
    r"|\b\d+ (minute|hour|day|week)s? ago\b|\bposted (by|on|in)\b",
    re.IGNORECASE,
)
_LEAST, _LEAST_SIZE = 2, 18.0
_SAME_SIZE = 0.1


def mark_teasers(page: Item) -> None:
    """Links the titles that dates go with, when at least two of one size stand on the page."""
    parents = {id(child): item for item in page.walk() for child in item.children}
    titles = [
        item
        for item in page.walk()
        if item.kind == node_pb2.NODE_KIND_HEADING
        and item.text is not None
        and item.text.size >= _LEAST_SIZE
    ]
    dated = [title for title in titles if _is_dated(title, titles, parents)]
    for title in dated:
        alike = [other for other in dated if _size_gap(title, other) <= _SAME_SIZE]
        if len(alike) >= _LEAST and not title.node.runs:
            title.node.runs.add(text=title.node.text, link=True)


def _size_gap(first: Item, second: Item) -> float:
    if first.text is None or second.text is None:
        return 1.0
    return abs(first.text.size - second.text.size) / first.text.size


def _is_dated(title: Item, titles: list[Item], parents: dict[int, Item]) -> bool:
    """Returns whether a date goes with a title, and no button that leads on instead of it."""
    texts = list(_around(title, titles, parents))
    if any(text.kind == node_pb2.NODE_KIND_BUTTON for text in texts):
        return False
    return any(_DATE.search(text.node.text) for text in texts)


def _around(title: Item, titles: list[Item], parents: dict[int, Item]) -> Iterator[Item]:
    """Yields the texts that go with a title and no other: its group's, else those that follow."""
    others = {id(other) for other in titles if other is not title}
    item, parent = title, parents.get(id(title))
    while parent is not None and not any(id(part) in others for part in parent.walk()):
        item, parent = parent, parents.get(id(parent))
    yield from (text for text in item.texts() if text is not title)
    if parent is None or parent.arrangement is not Arrangement.COLUMN:
        return
    for sibling in parent.children[parent.children.index(item) + 1 :]:
        if any(id(part) in others for part in sibling.walk()):
            return
        yield from sibling.texts()
