"""Parts links that commas list, such as the tags of an article."""

from __future__ import annotations

import re

from structra.v1 import node_pb2

from engine.vision.layout.item import Item
from engine.vision.layout.runs import link_spans

# What stands between the links of a list.
_COMMA = re.compile(r"\s*,\s+")
# How many words each of them has at most; the parts of a sentence are longer.
_WORDS = 2
_BARS = {node_pb2.SEMANTIC_ROLE_HEADER, node_pb2.SEMANTIC_ROLE_NAV}


def part_lists(item: Item) -> None:
    """Makes a link of each short part that commas separate in what looks like one link."""
    node = item.node
    if node.role in _BARS:
        return
    if node.kind == node_pb2.NODE_KIND_LINK and not node.runs:
        spans = _listed(node.text, 0)
        if spans:
            node.kind = node_pb2.NODE_KIND_TEXT
            link_spans(node, spans)
    elif node.kind == node_pb2.NODE_KIND_TEXT:
        _part_runs(node)
    for child in item.children:
        part_lists(child)


def _part_runs(node: node_pb2.Node) -> None:
    spans: list[tuple[int, int]] = []
    start = 0
    for run in node.runs:
        found = _listed(run.text, start) if run.link else []
        if found:
            run.link = False
        spans += found
        start += len(run.text)
    if spans:
        link_spans(node, spans)


def _listed(text: str, start: int) -> list[tuple[int, int]]:
    """Returns where the parts of a list begin and end, counted from `start`; [] if it is none.

    They are short and begin alike, all with a capital or none; else the comma is part of a title.
    """
    if not _COMMA.search(text):
        return []
    spans = []
    begin = 0
    for comma in [*_COMMA.finditer(text), None]:
        end = comma.start() if comma is not None else len(text.rstrip(" .,"))
        if not 1 <= len(text[begin:end].split()) <= _WORDS:
            return []
        if text[begin].isupper() != text[0].isupper():
            return []
        spans.append((start + begin, start + end))
        begin = comma.end() if comma is not None else end
    return spans
