"""Gives every node a readable, stable, unique id."""

from __future__ import annotations

import re
from collections import Counter
from itertools import dropwhile

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item

_ROLE_NAMES = {
    node_pb2.SEMANTIC_ROLE_HEADER: "header",
    node_pb2.SEMANTIC_ROLE_NAV: "nav",
    node_pb2.SEMANTIC_ROLE_MAIN: "main",
    node_pb2.SEMANTIC_ROLE_ASIDE: "aside",
    node_pb2.SEMANTIC_ROLE_FOOTER: "footer",
    node_pb2.SEMANTIC_ROLE_FORM: "form",
    node_pb2.SEMANTIC_ROLE_HERO: "hero",
    node_pb2.SEMANTIC_ROLE_LIST_ITEM: "item",
    node_pb2.SEMANTIC_ROLE_TABLE_ROW: "row",
    node_pb2.SEMANTIC_ROLE_TABLE_CELL: "cell",
    node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL: "column-title",
    node_pb2.SEMANTIC_ROLE_BLOCKQUOTE: "quote",
    node_pb2.SEMANTIC_ROLE_CODE_BLOCK: "code",
}
_KIND_NAMES = {
    node_pb2.NODE_KIND_HEADING: "title",
    node_pb2.NODE_KIND_TEXT: "text",
    node_pb2.NODE_KIND_LINK: "link",
    node_pb2.NODE_KIND_BUTTON: "button",
    node_pb2.NODE_KIND_INPUT: "field",
    node_pb2.NODE_KIND_IMAGE: "image",
    node_pb2.NODE_KIND_ICON: "icon",
    node_pb2.NODE_KIND_LIST: "list",
    node_pb2.NODE_KIND_TABLE: "table",
    node_pb2.NODE_KIND_DIVIDER: "divider",
    node_pb2.NODE_KIND_SHAPE: "shape",
    node_pb2.NODE_KIND_BADGE: "badge",
    node_pb2.NODE_KIND_CHART: "chart",
    node_pb2.NODE_KIND_TABS: "tabs",
}
_GROUP_NAMES = {
    Arrangement.GRID: "grid",
    Arrangement.ROW: "row",
    Arrangement.STACK: "stack",
    Arrangement.TABLE: "table",
}
_WORD = re.compile(r"[a-z0-9]+")
_LONGEST = 32
_SECTION_ROLES = {node_pb2.SEMANTIC_ROLE_SECTION, node_pb2.SEMANTIC_ROLE_ARTICLE}


def slug(text: str, words: int = 3) -> str:
    """Returns the first words of `text` as an id part, from the first that is no figure.

    Empty when all are figures or single letters, as in the size of a picture.
    """
    parts = _WORD.findall(text.lower().replace("'", "").replace("’", ""))
    told = list(dropwhile(lambda part: not part[0].isalpha(), parts))[:words]
    if not any(len(part) > 1 and part.isalpha() for part in told):
        return ""
    return "-".join(told)[:_LONGEST].strip("-")


def name_nodes(page: Item) -> None:
    """Sets `node.id` on the page and everything in it."""
    _Namer().visit(page, "")


class _Namer:
    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def visit(self, item: Item, section: str) -> None:
        node = item.node
        if not node.id:
            node.id = self._unique(self._name(item, section))
        else:
            self._used[node.id] += 1
        inner = section
        if node.role in _SECTION_ROLES or node.role in {
            node_pb2.SEMANTIC_ROLE_HEADER,
            node_pb2.SEMANTIC_ROLE_HERO,
            node_pb2.SEMANTIC_ROLE_FOOTER,
            node_pb2.SEMANTIC_ROLE_ASIDE,
        }:
            inner = node.id
        for child in item.children:
            self.visit(child, inner)

    def _name(self, item: Item, section: str) -> str:
        node = item.node
        if node.role in _SECTION_ROLES:
            titles = (text for text in item.texts() if text.node.heading_level)
            title = next((text.text.text for text in titles if text.text is not None), "")
            return slug(title) or "section"
        name = _ROLE_NAMES.get(node.role) or _KIND_NAMES.get(node.kind)
        if name is None:
            if item.surface is not None and item.boxed:
                name = "card"
            else:
                name = _GROUP_NAMES.get(item.arrangement, "group")
        if node.role in {node_pb2.SEMANTIC_ROLE_HERO, node_pb2.SEMANTIC_ROLE_MAIN}:
            return name
        return f"{section}-{name}" if section else name

    def _unique(self, name: str) -> str:
        self._used[name] += 1
        count = self._used[name]
        if count == 1:
            return name
        candidate = f"{name}-{count}"
        while self._used[candidate]:
            count += 1
            candidate = f"{name}-{count}"
        self._used[name] = count
        self._used[candidate] += 1
        return candidate
