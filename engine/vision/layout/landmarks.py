"""Finds header, navigation, main content, asides, footer, hero and sections."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, group, union
from engine.vision.layout.spacing import gaps, near
from engine.vision.percepts import Box

_HEADER_HEIGHT = 170.0
_HERO_HEIGHT = 280.0
_NAV_WORDS = 3
_NOTICE = re.compile(
    r"©|copyright|all rights|\(c\)|privacy|terms|powered by|built with|designed", re.IGNORECASE
)


def mark_landmarks(page: Item) -> None:
    """Sets the roles of the page's parts; the content between header and footer becomes main."""
    bands = page.children
    header = _mark_header(bands[0]) if bands else None
    footer = _find_footer(bands, page.box)
    if footer is not None:
        footer.node.role = node_pb2.SEMANTIC_ROLE_FOOTER
    for item in list(page.walk()):
        _mark_nav(item, page.box)
    inner = [band for band in bands if band is not header and band is not footer]
    _mark_sections(inner, page.box)
    if not inner or len(bands) == 1:
        return
    main = group(inner, Arrangement.COLUMN)
    main.node.role = node_pb2.SEMANTIC_ROLE_MAIN
    main.box = Box(0, main.box.y, page.box.w, main.box.h)
    first, last = bands.index(inner[0]), bands.index(inner[-1])
    page.children = [*bands[:first], main, *bands[last + 1 :]]


def _mark_header(band: Item) -> Item | None:
    if band.box.h <= _HEADER_HEIGHT and band.box.y <= 4:
        if any(True for _ in band.texts()) and _spans(band):
            band.node.role = node_pb2.SEMANTIC_ROLE_HEADER
            return band
        return None
    first = band.children[0] if band.arrangement is Arrangement.COLUMN and band.children else None
    if first is None or first.box.h > 90 or first.box.bottom > _HEADER_HEIGHT:
        return None
    if first.arrangement is Arrangement.ROW and first.box.w > 0.5 * band.box.w:
        first.node.role = node_pb2.SEMANTIC_ROLE_HEADER
    return None


def _spans(band: Item) -> bool:
    """Returns whether a band is a bar: things side by side, not a stack of text."""
    return band.arrangement is not Arrangement.COLUMN or any(
        child.arrangement is Arrangement.ROW for child in band.children
    )


def _find_footer(bands: Sequence[Item], page: Box) -> Item | None:
    if len(bands) < 2:
        return None
    last = bands[-1]
    text = " ".join(item.node.text for item in last.texts())
    low = last.box.y > 0.5 * page.h
    if low and last.box.h <= 0.5 * page.h and (_NOTICE.search(text) or last.box.h <= 420):
        return last if text else None
    return None


def _mark_nav(item: Item, page: Box) -> None:
    if item.node.role != node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
        return
    entries = [child for child in item.children if _entry(child)]
    if len(entries) < max(3, 0.7 * len(item.children)):
        return
    boxes = [child.box for child in entries]
    if item.arrangement is Arrangement.ROW and item.box.y < 220 and item.box.h <= 80:
        item.node.role = node_pb2.SEMANTIC_ROLE_NAV
    elif item.arrangement is Arrangement.COLUMN and len(entries) >= 4:
        side = item.box.right < 0.3 * page.w or item.box.x > 0.72 * page.w
        spaces = gaps(boxes, horizontal=False)
        if side and item.box.w < 330 and near(spaces, 14) and item.box.y < 0.5 * page.h:
            item.node.role = node_pb2.SEMANTIC_ROLE_NAV


def _entry(item: Item) -> bool:
    """Returns whether an item may be an entry of a navigation: short text, maybe with an icon."""
    texts = list(item.texts())
    if len(texts) != 1 or texts[0].text is None or item.box.h > 64:
        return False
    if item.kind == node_pb2.NODE_KIND_INPUT:
        return False
    block = texts[0].text
    return len(block.lines) == 1 and len(block.text.split()) <= _NAV_WORDS and block.size <= 22


def _mark_sections(bands: Sequence[Item], page: Box) -> None:
    for index, band in enumerate(bands):
        if band.node.role != node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
            continue
        hero = (
            index == 0
            and band.box.y < 0.25 * page.h
            and band.box.h >= _HERO_HEIGHT
            and band.box.h <= 1000
            and len(bands) > 1
        )
        band.node.role = node_pb2.SEMANTIC_ROLE_HERO if hero else node_pb2.SEMANTIC_ROLE_SECTION


def content_box(items: Sequence[Item]) -> Box:
    """Returns the box around `items`."""
    return union(item.box for item in items)
