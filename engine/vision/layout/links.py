"""Tells links from other text."""

from __future__ import annotations

import re
from itertools import zip_longest

from structra.v1 import node_pb2

from engine.vision.color import distance
from engine.vision.layout.bars import is_bar
from engine.vision.layout.entries import (
    CODE,
    NOTICE,
    NUMBER,
    PERIOD,
    REMARK,
    is_underlined,
    nav_entries,
    subtitles,
)
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.link_colors import is_accented, link_colors
from engine.vision.layout.link_parts import part_lists
from engine.vision.layout.runs import mark_runs, part_entries
from engine.vision.percepts import Family

_SAME = 48.0
_MAX_WORDS = 9
_SHORT = 4
_BOLD = 600
_LARGER = 1.25
# How far down a navigation begins that a name may head, and how tall that head is.
_TOP, _BRAND_HEIGHT = 100.0, 90.0
# How far down a name begins at most that stands alone, how far above all else it ends at least, and
# its largest type, in pixels.
_BRAND_TOP, _ALONE, _LARGEST_BRAND = 60.0, 100.0, 24.0
# What asks to be pressed however it looks, and addresses, which are but data in tables.
_ACTION = re.compile(
    r"(view|see|read|show|learn|load) (more|all)|edit|delete|settings", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
# What names or dates a record: a number without unit or currency, a time, how long ago it was.
_KEY = re.compile(r"#?\d[\d:]*|\d+ \w+ ago")
# How exactly the entries of a list line up, in pixels, and how many of them tell that it is one.
_LINED_UP, _LIST = 3.0, 3
_PLAIN = {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_HEADING}


def mark_links(page: Item) -> None:
    """Makes links of navigation items, coloured or underlined text, and footer entries.

    The label of a field is none, whatever its colour.
    """
    accents = link_colors(page)
    labels = {id(item.label) for item in page.walk() if item.label is not None}
    _visit(page, accents, labels, in_nav=False, in_footer=False)
    _go_on(page)
    _link_keys(page, accents)
    part_lists(page)
    _mark_lone_brand(page)


def _go_on(page: Item) -> None:
    """Makes links of texts that line up with a navigation's entries and are set as they are."""
    texts = [text for text in page.texts() if text.kind in _PLAIN and _is_short(text)]
    for nav in page.walk():
        if nav.node.role != node_pb2.SEMANTIC_ROLE_NAV:
            continue
        entries = [text for text in nav.texts() if text.kind == node_pb2.NODE_KIND_LINK]
        for text in texts:
            alike = sum(
                abs(text.box.x - entry.box.x) <= _LINED_UP and _alike(text, entry)
                for entry in entries
            )
            if alike >= _LIST:
                text.node.kind = node_pb2.NODE_KIND_LINK
                text.node.heading_level = 0


def _link_keys(page: Item, accents: list[str]) -> None:
    """Makes links of figures below each other in the colour of links, as the keys of records."""
    keys = [
        text
        for text in page.texts()
        if text.kind == node_pb2.NODE_KIND_TEXT
        and text.text is not None
        and _KEY.fullmatch(text.node.text)
        and is_accented(text.text.color, text.text.first.background, accents)
    ]
    for key in keys:
        column = [other for other in keys if abs(other.box.x - key.box.x) <= _LINED_UP]
        if len(column) >= _LIST:
            key.node.kind = node_pb2.NODE_KIND_LINK


def _visit(
    item: Item,
    accents: list[str],
    labels: set[int],
    *,
    in_nav: bool,
    in_footer: bool,
    in_table: bool = False,
    below: Item | None = None,
) -> None:
    role = item.node.role
    in_table = in_table or item.arrangement is Arrangement.TABLE
    if role == node_pb2.SEMANTIC_ROLE_NAV and not in_nav:
        for entry in nav_entries(item):
            if id(entry) not in labels:
                entry.node.kind = node_pb2.NODE_KIND_LINK
        _mark_brand(item)
        in_nav = True
    in_footer = in_footer or role == node_pb2.SEMANTIC_ROLE_FOOTER
    if role == node_pb2.SEMANTIC_ROLE_HEADER:
        _mark_header(item)
    if role == node_pb2.SEMANTIC_ROLE_ASIDE and item.surface is not None:
        _mark_brand(item)
    if item.kind == node_pb2.NODE_KIND_TEXT and item.text is not None:
        if in_footer and not item.node.runs:
            part_entries(item)
        data = in_table and _ADDRESS.fullmatch(item.text.text.strip())
        no_link = data or id(item) in labels
        if not no_link and _is_link(item, below, accents, in_nav=in_nav, in_footer=in_footer):
            item.node.kind = node_pb2.NODE_KIND_LINK
        elif not any(run.link for run in item.node.runs):
            mark_runs(item, accents, in_footer=in_footer)
    if item.kind == node_pb2.NODE_KIND_BUTTON:
        return
    column = item.arrangement is Arrangement.COLUMN
    for child, after in zip_longest(item.children, item.children[1:]):
        _visit(
            child,
            accents,
            labels,
            in_nav=in_nav,
            in_footer=in_footer,
            in_table=in_table,
            below=after if column else None,
        )
    if item.arrangement in {Arrangement.COLUMN, Arrangement.ROW}:
        _spread(item)


def _mark_brand(bar: Item) -> None:
    """Makes a link of the name that heads a navigation: its first text, before any entry."""
    first = next(iter(bar.texts()), None)
    if bar.box.y <= _TOP and first is not None and first.box.y - bar.box.y <= _BRAND_HEIGHT:
        _link_name(first)


def _mark_lone_brand(page: Item) -> None:
    """Makes a link of a bold name that stands high above all else of a page, as over a photo."""
    texts = sorted(page.texts(), key=_top)
    first = next(iter(texts), None)
    if first is None or first.font_size > _LARGEST_BRAND or first.box.y > _BRAND_TOP:
        return
    below = (text for text in texts if text.box.y >= first.box.bottom)
    if first.surface is None and all(_top(text) - first.box.bottom >= _ALONE for text in below):
        _link_name(first)


def _link_name(item: Item) -> None:
    """Makes a link of a short text in bold type."""
    if item.text is None or item.kind not in _PLAIN or item.node.runs:
        return
    words = item.node.text.split()
    short = len(item.text.lines) == 1 and len(words) <= _SHORT and not NUMBER.match(item.node.text)
    if short and item.text.weight >= _BOLD:
        item.node.kind = node_pb2.NODE_KIND_LINK
        item.node.heading_level = 0


def _top(item: Item) -> float:
    return item.box.y


def _mark_header(header: Item) -> None:
    """Makes links of a header's brand and of the short texts beside it."""
    if not is_bar(header):
        return
    texts = [
        text
        for text in header.texts()
        if text.kind == node_pb2.NODE_KIND_TEXT and not text.node.runs
    ]
    notes = subtitles(header)
    for text in texts:
        if id(text) in notes:
            continue
        words = len(text.node.text.split())
        if words <= _SHORT and not NUMBER.match(text.node.text):
            text.node.kind = node_pb2.NODE_KIND_LINK


def _is_link(
    item: Item, below: Item | None, accents: list[str], *, in_nav: bool, in_footer: bool
) -> bool:
    block = item.text
    if block is None:
        return False
    text = block.text
    words = len(text.split())
    if NUMBER.match(text) or words > _MAX_WORDS or any(map(_is_styled, item.node.runs)):
        return False
    if PERIOD.search(text) or CODE.search(text):
        return False
    asks = _ACTION.fullmatch(text.strip()) or _ADDRESS.fullmatch(text.strip())
    if asks and not in_nav:
        return True
    if is_underlined(block):
        return True
    if block.family is Family.MONO:
        return False
    if in_nav:
        return False
    if _is_eyebrow(item, below):
        return False
    if in_footer:
        return words <= _SHORT and not NOTICE.search(text) and not text.endswith((".", ":"))
    if REMARK.match(text):
        return False
    return is_accented(block.color, block.first.background, accents)


def _is_styled(run: node_pb2.TextRun) -> bool:
    """Returns whether more than its weight tells a run from the rest of its text."""
    colored = run.HasField("color") or run.HasField("background")
    return colored or run.underline or run.italic or run.code or run.link or run.break_after


def _is_eyebrow(item: Item, below: Item | None) -> bool:
    """Returns whether a text in capitals introduces the larger text right below it."""
    if item.text is None or below is None or below.text is None or not item.text.text.isupper():
        return False
    near = below.box.y - item.box.bottom <= 3 * item.text.size
    return near and below.text.size >= _LARGER * item.text.size


def _spread(item: Item) -> None:
    """Makes links of texts among links that look just like them."""
    texts = [child for child in item.children if child.text is not None and not child.surface]
    links = [child for child in texts if child.kind == node_pb2.NODE_KIND_LINK]
    if len(links) < 2 or len(links) * 2 < len(texts):
        return
    for child in texts:
        plain = child.kind == node_pb2.NODE_KIND_TEXT and _is_short(child)
        if plain and any(_alike(child, link) for link in links):
            child.node.kind = node_pb2.NODE_KIND_LINK


def _is_short(item: Item) -> bool:
    """Returns whether a text is no longer than an entry, and no figure."""
    text = item.node.text
    return len(text.split()) <= _SHORT and not NUMBER.match(text)


def _alike(first: Item, second: Item) -> bool:
    if first.text is None or second.text is None:
        return False
    return (
        abs(first.text.size - second.text.size) < 0.6
        and distance(first.text.color, second.text.color) < _SAME
    )
