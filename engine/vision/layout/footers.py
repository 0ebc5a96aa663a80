"""Finds what closes a page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.color import luminance
from engine.vision.layout.band_ends import is_open_column, take_last
from engine.vision.layout.entries import NOTICE, OWNED, is_label
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.percepts import Box

_FOOTER_HEIGHT = 420.0
# How long the texts of a footer are on average at most, in words.
_ENTRY_WORDS = 6.0
_DARK = 0.12
# How far above the page's end a closing notice may end, and how tall it may be.
_MARGIN, _NOTICE_HEIGHT = 120.0, 220.0
# The share of a row's width that the part takes at least in which a page's end is looked for.
_WIDE = 0.6
_CLOSING_ENTRIES = 4
# How many lists side by side make a footer of a band at least, how many entries each has, and how
# many all together.
_LEAST_LISTS, _LIST_ENTRIES, _ALL_ENTRIES = 2, 2, 6
_NOTICE = re.compile(
    rf"{NOTICE.pattern}|privacy|terms|powered by|built with|designed", re.IGNORECASE
)


def part_notice(page: Item) -> None:
    """Makes a footer of the closing part that a page's last band, if unpainted, ends with."""
    band = page.children[-1] if page.children else None
    if band is None or not is_open_column(band) or _find_footer(page.children, page.box):
        return
    if not _is_closing(band.children[-1], page.box):
        return
    parts = take_last(band)
    if parts is not None:
        parts[1].node.role = node_pb2.SEMANTIC_ROLE_FOOTER
        page.children[-1:] = parts


def _is_closing(item: Item, page: Box) -> bool:
    """Returns whether a low part right above a page's end closes it."""
    at_end = item.box.bottom >= page.bottom - _MARGIN and item.box.y > page.y + 0.5 * page.h
    return at_end and item.box.h <= _NOTICE_HEIGHT and _closes(item)


def mark_footer(page: Item) -> Item | None:
    """Returns the footer that ends a page, with the band above if it closes that, or None."""
    footer = _find_footer(page.children, page.box)
    if footer is not None:
        footer = _with_band_above(footer, page)
        footer.node.role = node_pb2.SEMANTIC_ROLE_FOOTER
    return footer


def _find_footer(bands: Sequence[Item], page: Box) -> Item | None:
    if len(bands) < 2:
        return None
    last = bands[-1]
    if last.node.role == node_pb2.SEMANTIC_ROLE_FOOTER:
        return last
    texts = [item.text for item in last.texts() if item.text is not None]
    low = last.box.y > page.y + 0.5 * page.h
    if not texts or not low or last.box.h > 0.5 * page.h:
        return None
    notice = any(_NOTICE.search(text.text) for text in texts)
    words = sum(len(text.text.split()) for text in texts) / len(texts)
    short = last.box.h <= _FOOTER_HEIGHT and words <= _ENTRY_WORDS
    apart = short and (last.surface is not None or _holds_lists(last))
    return last if notice or apart else None


def _holds_lists(band: Item) -> bool:
    """Returns whether columns of entries stand side by side in a band."""
    lists = [
        child
        for row in band.walk()
        if row.arrangement in {Arrangement.ROW, Arrangement.GRID}
        for child in row.children
        if child.arrangement is Arrangement.COLUMN
        and len(child.children) >= _LIST_ENTRIES
        and all(map(is_label, child.children))
    ]
    entries = sum(len(entries.children) for entries in lists)
    return len(lists) >= _LEAST_LISTS and entries >= _ALL_ENTRIES


def _with_band_above(footer: Item, page: Item) -> Item:
    """Returns the footer with the band right above it, which a strip only closes.

    Both are dark, or the band above holds lists of entries.
    """
    if len(page.children) < 3:
        return footer
    above = page.children[-2]
    if above.box.h > _FOOTER_HEIGHT:
        return footer
    surfaces = (above.surface, footer.surface)
    fills = [surface.fill for surface in surfaces if surface is not None and surface.fill]
    dark = len(fills) == len(surfaces) and all(luminance(fill) <= _DARK for fill in fills)
    if not dark and not _holds_lists(above):
        return footer
    both = group([above, footer], Arrangement.COLUMN)
    page.children[-2:] = [both]
    return both


def mark_last(band: Item, page: Box) -> None:
    """Makes a footer of the last part of a page's last band: a notice, or a row of entries."""
    if band.arrangement is Arrangement.ROW:
        widest = max(band.children, key=lambda child: child.box.w)
        if widest.box.w >= _WIDE * band.box.w:
            mark_last(widest, page)
        return
    if band.arrangement is not Arrangement.COLUMN or len(band.children) < 2:
        return
    last = band.children[-1]
    if last.box.bottom < page.bottom - _MARGIN:
        return
    if last.box.h > _NOTICE_HEIGHT or not _closes(last):
        mark_last(last, page)
        return
    if last.box.y <= page.y + 0.5 * page.h:
        return
    if last.children and last.node.role == node_pb2.SEMANTIC_ROLE_UNSPECIFIED:
        footer = last
    else:
        footer = group([last], Arrangement.COLUMN)
        band.children[-1] = footer
    footer.node.role = node_pb2.SEMANTIC_ROLE_FOOTER


def _closes(item: Item) -> bool:
    """Returns whether an item says who owns the page, or is a row of nothing but entries."""
    texts = [text for text in item.texts() if text.text is not None]
    if any(OWNED.search(text.node.text) for text in texts):
        return True
    entries = item.arrangement is Arrangement.ROW and all(map(is_label, texts))
    plain = all(child.text is not None and child.surface is None for child in item.children)
    return entries and plain and len(texts) >= _CLOSING_ENTRIES
