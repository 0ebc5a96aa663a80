"""Tells links from other text."""

from __future__ import annotations

import re
from collections import Counter

from structra.v1 import node_pb2

from engine.vision.color import contrast, distance, saturation
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.navigation import nav_entries
from engine.vision.percepts import Family

_CHROMATIC = 0.22
_SAME = 48.0
_MAX_WORDS = 9
_SHORT = 4
_ACCENT_SHARE = 0.3
_BAR_HEIGHT = 120.0
_PLAIN = {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_HEADING}
_NOTICE = re.compile(r"©|copyright|all rights|\(c\)", re.IGNORECASE)
_SEPARATOR = re.compile(r"(\s+[·|•/–]\s+)")
_NUMBER = re.compile(r"^[\W\d]+$")


def mark_links(page: Item) -> None:
    """Makes links of navigation items, coloured or underlined text, and footer entries."""
    accents = _accents(page)
    _visit(page, accents, in_nav=False, in_footer=False)


def _accents(page: Item) -> list[str]:
    """Returns the chromatic colours that short, free text is set in, most used first."""
    counts: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for item in page.texts():
        if item.surface is not None or item.text is None:
            continue
        words = len(item.text.text.split())
        plain[item.text.color] += words
        if saturation(item.text.color) >= _CHROMATIC and words <= _MAX_WORDS:
            counts[item.text.color] += 1
        for run in item.node.runs:
            if run.HasField("color") and saturation(run.color.value) >= _CHROMATIC:
                counts[run.color.value] += 1
    body = plain.most_common(1)[0][0] if plain else "#000000"
    found = [
        (color, count) for color, count in counts.most_common() if distance(color, body) > _SAME
    ]
    return [color for color, count in found[:3] if count >= _ACCENT_SHARE * found[0][1]]


def _visit(item: Item, accents: list[str], *, in_nav: bool, in_footer: bool) -> None:
    role = item.node.role
    if role == node_pb2.SEMANTIC_ROLE_NAV and not in_nav:
        for entry in nav_entries(item):
            entry.node.kind = node_pb2.NODE_KIND_LINK
        in_nav = True
    in_footer = in_footer or role == node_pb2.SEMANTIC_ROLE_FOOTER
    if role == node_pb2.SEMANTIC_ROLE_HEADER:
        _mark_header(item)
    if item.kind == node_pb2.NODE_KIND_TEXT and item.text is not None:
        if _is_link(item, accents, in_nav=in_nav, in_footer=in_footer):
            item.node.kind = node_pb2.NODE_KIND_LINK
        else:
            _mark_runs(item, accents, in_footer=in_footer)
    for child in item.children if item.kind != node_pb2.NODE_KIND_BUTTON else ():
        _visit(child, accents, in_nav=in_nav, in_footer=in_footer)
    if item.arrangement in {Arrangement.COLUMN, Arrangement.ROW}:
        _spread(item)


def _mark_header(header: Item) -> None:
    """Makes links of a header's brand and of the short texts beside it."""
    if header.box.h > _BAR_HEIGHT:
        return
    texts = [text for text in header.texts() if text.kind in _PLAIN and text.text is not None]
    for text in texts:
        words = len(text.node.text.split())
        if words <= _SHORT and not _NUMBER.match(text.node.text):
            text.node.kind = node_pb2.NODE_KIND_LINK
            text.node.heading_level = 0


def _is_link(item: Item, accents: list[str], *, in_nav: bool, in_footer: bool) -> bool:
    block = item.text
    if block is None:
        return False
    text = block.text
    words = len(text.split())
    if _NUMBER.match(text) or words > _MAX_WORDS or item.node.runs:
        return False
    if block.family is Family.MONO:
        return False
    if in_nav:
        return False
    if block.first.underline and all(line.underline for line in block.lines):
        return True
    if in_footer:
        return words <= _SHORT and not _NOTICE.search(text) and not text.endswith((".", ":"))
    return _accented(block.color, block.first.background, accents)


def _accented(color: str, background: str, accents: list[str]) -> bool:
    if saturation(color) < _CHROMATIC or contrast(color, background) < 1.6:
        return False
    return any(distance(color, accent) <= _SAME for accent in accents)


def _mark_runs(item: Item, accents: list[str], *, in_footer: bool) -> None:
    if in_footer and not item.node.runs:
        _part_runs(item)
    for run in item.node.runs:
        coloured = run.HasField("color") and saturation(run.color.value) >= _CHROMATIC
        accent = coloured and any(distance(run.color.value, a) <= _SAME for a in accents)
        if (run.underline or accent) and not run.code:
            run.link = True


def _part_runs(item: Item) -> None:
    """Makes links of the parts of a footer line that signs such as "·" separate."""
    parts = _SEPARATOR.split(item.node.text)
    if len(parts) < 3 or any(len(part.split()) > _SHORT for part in parts):
        return
    for part in parts:
        plain = _SEPARATOR.fullmatch(part) or _NOTICE.search(part) or _NUMBER.match(part)
        item.node.runs.add(text=part, link=not plain)


def _spread(item: Item) -> None:
    """Makes links of texts among links that look just like them."""
    texts = [child for child in item.children if child.text is not None and not child.surface]
    links = [child for child in texts if child.kind == node_pb2.NODE_KIND_LINK]
    if len(links) < 2 or len(links) * 2 < len(texts):
        return
    for child in texts:
        if child.kind == node_pb2.NODE_KIND_TEXT and any(_alike(child, link) for link in links):
            words = len(child.node.text.split())
            if words <= _SHORT and not _NUMBER.match(child.node.text):
                child.node.kind = node_pb2.NODE_KIND_LINK


def _alike(first: Item, second: Item) -> bool:
    if first.text is None or second.text is None:
        return False
    return (
        abs(first.text.size - second.text.size) < 0.6
        and distance(first.text.color, second.text.color) < _SAME
    )
