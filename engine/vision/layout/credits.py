"""Makes links of the names in a page's notices: of who made it, and of who owns it."""

from __future__ import annotations

import re

from structra.v1 import node_pb2

from engine.vision.layout.item import Item
from engine.vision.layout.runs import link_spans

_MAKERS = r"(?:made|built|design(?:ed)?|coded|created|crafted|developed|powered|theme|template)\b"
# A name is a word in capitals or an address, and what follows in capitals: "Creative Tim".
_WORD = r"[A-Z][\w'’&-]*(?:\.[a-z]{2,})*"
_NAME = rf"(?P<name>(?>(?:{_WORD}|\w+\.[a-z]{{2,}})(?:\s(?!All\b|Theme\b){_WORD})*))(?!,|\sby\b)"
# Who made a page comes after "by", or after "with" as what it was made with; who owns it, after
# the year that it is from.
_MADE = rf"(?i:\b{_MAKERS}[^.,|·•]{{0,24}}?\b(?:by|with)\s)(?!Love\b)"
_OWNED = (
    rf"(?i:©|\(c\)|copyright)\D{{0,12}}(?:\d{{4}}\s?[-–]\s?)?\d{{4}},?\s(?!(?i:All\b|{_MAKERS}))"
)
_CREDIT = re.compile(rf"(?:{_MADE}|{_OWNED}){_NAME}")
_WORDS = {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK}
# The largest type of a notice outside a footer, in pixels, where it is on the page's lower half;
# how many words a notice has at most, and how many come before a name that is all of a link.
_LARGEST, _LONGEST, _BEFORE = 17.0, 24, 3


def mark_credits(page: Item) -> None:
    """Makes links of the names in short notices, unless parts of them are links already."""
    footers = (item for item in page.walk() if item.node.role == node_pb2.SEMANTIC_ROLE_FOOTER)
    closing = {id(text) for footer in footers for text in footer.texts()}
    for text in page.texts():
        small = text.text is not None and text.text.size <= _LARGEST
        low = small and text.box.y > page.box.center_y
        if text.kind in _WORDS and (low or id(text) in closing):
            _mark(text.node)


def _mark(node: node_pb2.Node) -> None:
    if len(node.text.split()) > _LONGEST or any(run.link for run in node.runs):
        return
    spans = [match.span("name") for match in _CREDIT.finditer(node.text)]
    if not spans:
        return
    if node.kind == node_pb2.NODE_KIND_LINK:
        if len(node.text[: spans[0][0]].split()) < _BEFORE:
            return
        node.kind = node_pb2.NODE_KIND_TEXT
    link_spans(node, spans)
