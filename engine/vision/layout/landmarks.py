"""Finds header, main content, asides, footer, hero and sections."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from structra.v1 import node_pb2

from engine.vision.layout.band_ends import is_open_column, take_first
from engine.vision.layout.bands import is_side
from engine.vision.layout.bars import DISPLAY_TYPE
from engine.vision.layout.entries import is_label
from engine.vision.layout.footers import mark_footer, mark_last, part_notice
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.percepts import Box

_HEADER_HEIGHT, _BAR_HEIGHT = 170.0, 90.0
# A painted band at the top that is taller than a bar, with a title and what belongs to it.
_MASTHEAD_HEIGHT = 260.0
# How tall a notice above the header is at most.
_STRIP_HEIGHT = 60.0
# The share of its band's width that a bar takes at least.
_WIDE_BAR = 0.5
_HERO_LEAST, _HERO_HEIGHT, _HERO_MOST = 160.0, 280.0, 1000.0
# The share of a page's width, or of a row's, that its main part takes at least.
_WIDE = 0.6
# How near a second bar follows a header, in pixels, how many entries it has at least, and which
# share of its texts they are.
_JOINED, _LEAST_ENTRIES, _MOST_ENTRIES = 3.0, 3, 0.7


def mark_landmarks(page: Item, *, headed: bool = False) -> None:
    """Sets the roles of the page's parts; the content between header and footer becomes main.

    `headed` says that a header stands above the page's content already.
    """
    if not headed:
        _part_bar(page)
    part_notice(page)
    bands = page.children
    strips = [] if headed else list(takewhile(_is_strip, bands[:-1]))
    header = _mark_header(bands[len(strips)]) if bands and not headed else None
    footer = mark_footer(page)
    bands = page.children
    inner = [band for band in bands if band not in (*strips, header, footer)]
    if header is not None and inner and _is_second_bar(inner[0], header):
        inner.pop(0).node.role = node_pb2.SEMANTIC_ROLE_HEADER
    inside = False
    for band in inner:
        inside = _mark_columns(band, page.box, headed=headed or header is not None) or inside
    if footer is None and not inside and inner:
        mark_last(inner[-1], page.box)
    if inside:
        return
    _mark_sections(inner, page.box)
    for strip in strips:
        if any(True for _ in strip.texts()):
            strip.node.role = node_pb2.SEMANTIC_ROLE_SECTION
    if not inner or len(bands) == 1:
        return
    main = group(inner, Arrangement.COLUMN)
    main.node.role = node_pb2.SEMANTIC_ROLE_MAIN
    main.box = Box(page.box.x, main.box.y, page.box.w, main.box.h)
    first, last = bands.index(inner[0]), bands.index(inner[-1])
    page.children = [*bands[:first], main, *bands[last + 1 :]]


def _part_bar(page: Item) -> None:
    """Makes a band of its own of the bar that a page's first band, if unpainted, begins with."""
    band = page.children[0] if page.children else None
    if band is None or not is_open_column(band) or _first_bar(band) is not band.children[0]:
        return
    page.children[:1] = take_first(band) or [band]


def keep_one_main(page: Item) -> None:
    """Leaves the role of main content to the first part that has it; others are sections."""
    mains = [item for item in page.walk() if item.node.role == node_pb2.SEMANTIC_ROLE_MAIN]
    for other in mains[1:]:
        other.node.role = node_pb2.SEMANTIC_ROLE_SECTION


def _mark_columns(band: Item, page: Box, *, headed: bool) -> bool:
    """Makes asides of side columns; returns whether the main content was found beside one."""
    if band.arrangement is not Arrangement.ROW:
        return False
    sides = [child for child in band.children if is_side(child, page)]
    rest = [child for child in band.children if child not in sides]
    if not sides or len(rest) != 1:
        return False
    for side in sides:
        if _mostly_text(side):
            side.node.role = node_pb2.SEMANTIC_ROLE_ASIDE
    main = rest[0]
    if main.children and all(child.boxed for child in main.children):
        mark_landmarks(main, headed=headed)
        if len(main.children) == 1:
            main.node.role = node_pb2.SEMANTIC_ROLE_MAIN
        return True
    return False


def _mostly_text(item: Item) -> bool:
    return sum(1 for _ in item.texts()) >= 3


def _is_strip(band: Item) -> bool:
    """Returns whether a low band above the header holds at most a sentence, as a notice does."""
    texts = [text for text in band.texts() if text.kind == node_pb2.NODE_KIND_TEXT]
    return band.box.h <= _STRIP_HEIGHT and len(texts) <= 1 and not any(map(is_label, texts))


def _mark_header(band: Item) -> Item | None:
    """Marks the header that a page's first band is, or holds; returns the band if it is one."""
    painted = band.surface is not None or band.picture is not None
    if band.box.h <= _HEADER_HEIGHT:
        if not any(True for _ in band.texts()):
            return None
    elif not painted or band.box.h > _MASTHEAD_HEIGHT:
        bar = _first_bar(band)
        if bar is not None:
            bar.node.role = node_pb2.SEMANTIC_ROLE_HEADER
        return None
    band.node.role = node_pb2.SEMANTIC_ROLE_HEADER
    return band


def _is_second_bar(band: Item, header: Item) -> bool:
    """Returns whether a painted bar of entries follows a header without a gap."""
    if band.surface is None or band.box.h > _BAR_HEIGHT:
        return False
    texts = list(band.texts())
    below = abs(band.box.y - header.box.bottom) <= _JOINED and header.box.h <= _BAR_HEIGHT
    entries = sum(map(is_label, texts))
    return below and entries >= max(_LEAST_ENTRIES, _MOST_ENTRIES * len(texts))


def _first_bar(band: Item) -> Item | None:
    """Returns the wide row at the very top of a tall band, such as the bar above a hero's text."""
    bars = [
        item
        for item in _rows(band)
        if item.box.w > _WIDE_BAR * band.box.w
        and item.box.h <= (_BAR_HEIGHT if item.surface is None else _HEADER_HEIGHT)
        and item.box.bottom <= band.box.y + _HEADER_HEIGHT
        and any(True for _ in item.texts())
    ]
    return min(bars, key=lambda bar: bar.box.y, default=None)


def _rows(item: Item) -> Iterator[Item]:
    """Yields the rows that an item is or holds, but for those of tables."""
    if item.arrangement is Arrangement.TABLE:
        return
    if item.arrangement is Arrangement.ROW:
        yield item
    for child in item.children:
        yield from _rows(child)


def _opens(band: Item) -> bool:
    """Returns whether a band looks like an opening: tall, or with display type."""
    sizes = [text.text.size for text in band.texts() if text.text is not None]
    display = bool(sizes) and max(sizes) >= DISPLAY_TYPE and band.box.h >= _HERO_LEAST
    return display or band.box.h >= _HERO_HEIGHT


def _mark_sections(bands: Sequence[Item], page: Box) -> None:
    for index, band in enumerate(bands):
        if band.node.role != node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
            continue
        first = index == 0 and len(bands) > 1 and band.box.y < page.y + 0.25 * page.h
        hero = first and band.box.h <= _HERO_MOST and _opens(band)
        band.node.role = node_pb2.SEMANTIC_ROLE_HERO if hero else node_pb2.SEMANTIC_ROLE_SECTION
        if index == 0 and not hero:
            _mark_opening(band, page)


def _mark_opening(band: Item, page: Box) -> None:
    """Makes a hero of the painted box that a page's first, unpainted band begins with."""
    if band.arrangement is not Arrangement.COLUMN or not band.children:
        return
    first = band.children[0]
    painted = first.surface is not None or first.picture is not None
    if first.box.h > _HERO_MOST:
        return
    if not painted:
        _mark_opening(first, page)
    elif first.box.w >= _WIDE * page.w and _opens(first):
        first.node.role = node_pb2.SEMANTIC_ROLE_HERO
