"""Makes links of the entries below titles that name lists of links."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.entries import NUMBER
from engine.vision.layout.item import Arrangement, Item

# What blogs and other sites of articles call the lists beside and below their content.
_TITLE = re.compile(
    r"(all )?(categories|tags|topics|archives?)|tag cloud"
    r"|(recent|latest|related|popular|similar|more) (posts?|articles?|comments?|news|stories)"
    r"|((useful|quick|related) )?links|blogroll|friends|elsewhere|social|follow us"
    r"|see also|further reading",
    re.IGNORECASE,
)
# How much larger the title is than an entry at least, how many words and lines an entry has at
# most, and how large it is at least beside the largest; what is smaller notes something.
_LARGER, _WORDS, _LINES, _NOTE = 1.1, 10, 2, 0.92
_LEAST = 2
_PLAIN = {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_HEADING}
_MARKS = {node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_DIVIDER}


def mark_link_lists(page: Item) -> None:
    """Makes links of the short texts that follow a title such as "Recent posts" in its column."""
    for column in page.walk():
        if column.arrangement is not Arrangement.COLUMN:
            continue
        for number, child in enumerate(column.children):
            title = _lone_text(child)
            if title is not None and _TITLE.fullmatch(title.node.text.strip()):
                entries = _entries(title, column.children[number + 1 :])
                for entry in entries if len(entries) >= _LEAST else ():
                    entry.node.kind = node_pb2.NODE_KIND_LINK


def _lone_text(item: Item) -> Item | None:
    """Returns the text that an item is, or holds beside nothing but icons."""
    texts = [part for part in item.children if part.kind not in _MARKS] or [item]
    text = texts[0]
    return text if len(texts) == 1 and text.kind in _PLAIN and text.text is not None else None


def _entries(title: Item, following: Sequence[Item]) -> list[Item]:
    """Returns the entries among what follows a title, up to what is none of its list."""
    found: list[Item] = []
    for item in following:
        texts = list(item.texts())
        if any(part.arrangement is Arrangement.TABLE for part in item.walk()):
            break
        if not all(_is_listed(text, title) for text in texts):
            break
        found += texts
    largest = max((text.font_size for text in found), default=0.0)
    return [
        text
        for text in found
        if text.kind == node_pb2.NODE_KIND_TEXT
        and text.font_size >= _NOTE * largest
        and not NUMBER.match(text.node.text)
    ]


def _is_listed(text: Item, title: Item) -> bool:
    """Returns whether a text may be part of the list below a title: short, and set smaller."""
    if text.text is None or text.text.text.endswith((".", ":")):
        return False
    short = len(text.node.text.split()) <= _WORDS and len(text.text.lines) <= _LINES
    return short and _LARGER * text.font_size <= title.font_size
