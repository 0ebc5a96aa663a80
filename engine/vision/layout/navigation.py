"""Finds navigation: bars, side lists and tables of contents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

from structra.v1 import node_pb2

from engine.vision.color import luminance
from engine.vision.layout.bands import is_side
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.percepts import Box

_NAVIGATING = {node_pb2.SEMANTIC_ROLE_HEADER, node_pb2.SEMANTIC_ROLE_ASIDE}
_CHECKABLE = {node_pb2.CONTROL_TYPE_CHECKBOX, node_pb2.CONTROL_TYPE_RADIO}
_WORDLESS = {
    node_pb2.NODE_KIND_ICON,
    node_pb2.NODE_KIND_IMAGE,
    node_pb2.NODE_KIND_INPUT,
    node_pb2.NODE_KIND_BUTTON,
    node_pb2.NODE_KIND_BADGE,
    node_pb2.NODE_KIND_DIVIDER,
    node_pb2.NODE_KIND_SHAPE,
}
_BAR_HEIGHT = 84.0
_HEADER_HEIGHT = 120.0
_BAR_Y = 260.0
_DARK = 0.5
# The share of the page's width that a painted bar in its middle takes at least.
_BAR_SHARE = 0.5
_BAR_ENTRIES, _HEADER_ENTRIES = 3, 2
_BAR_TEXTS = 14
# The share of a header's entries that a group holds when it is the navigation.
_GROUP_SHARE = 0.75
_WORDS = 4
_SIDE_ENTRIES = 4
# The most columns that stand side by side around content, and what makes one a side column.
_BESIDE = 4
_NARROW, _LEAST_HEIGHT = 0.25, 150.0
_ENTRY_PITCH = 52.0
# The share of a side column's texts that its entries are at least.
_SIDE_SHARE = 0.5
_ENTRY_HEIGHT = 64.0
_LARGEST_TYPE, _LARGEST_BRAND = 22.0, 32.0
_CONTENTS_ENTRIES = 3
_PAIRS = 0.6
_SAME_SIZE, _TITLE = 0.08, 1.25
_NUMBER = re.compile(r"^[\W\d]+$")
_CONTENTS = re.compile(r"contents|on this page|in this (article|guide|page)", re.IGNORECASE)


def mark_navigation(page: Item) -> None:
    """Gives navigation its role; entries that stand between other things are grouped first."""
    for item in list(page.walk()):
        if item.node.role in _NAVIGATING:
            _drop_marks(item)
    for item in list(page.walk()):
        if item.node.role == node_pb2.SEMANTIC_ROLE_HEADER:
            _mark_header(item)
    _mark_bars(page, page.box)
    _mark_sides(page, page.box)
    _mark_contents(page)


def nav_entries(item: Item) -> list[Item]:
    """Returns the texts of a navigation that are entries, without captions of groups."""
    texts = [text for text in item.texts() if text.kind == node_pb2.NODE_KIND_TEXT]
    looks = Counter(_look(text) for text in texts)
    if not looks:
        return []
    usual = looks.most_common(1)[0][0]
    return [
        text
        for text in texts
        if _is_label(text) and not _is_caption(text, usual) and not _NUMBER.match(text.node.text)
    ]


def is_entry(item: Item) -> bool:
    """Returns whether an item may be an entry of a navigation: short text, maybe with an icon."""
    texts = list(item.texts())
    if not texts or len(texts) > 2 or item.box.h > _ENTRY_HEIGHT or texts[0].text is None:
        return False
    if any(part.kind == node_pb2.NODE_KIND_INPUT for part in item.walk()):
        return False
    if len(texts) == 2 and texts[1].kind != node_pb2.NODE_KIND_BADGE:
        return False
    return _is_label(texts[0])


def _is_label(item: Item) -> bool:
    """Returns whether a text is short enough to name a page."""
    block = item.text
    if block is None or len(block.lines) > 1 or block.size > _LARGEST_TYPE:
        return False
    return len(block.text.split()) <= _WORDS and not block.text.endswith((".", ",", ":"))


def _is_brand(item: Item) -> bool:
    """Returns whether a text may be the name of a site: a few words, larger than entries."""
    block = item.text
    if block is None or len(block.lines) > 1 or len(block.text.split()) > _WORDS:
        return False
    return block.size <= _LARGEST_BRAND


def _drop_marks(bar: Item) -> None:
    """Makes icons of what looks like check boxes in a header or side column."""
    for item in bar.walk():
        if item.mark is not None and item.node.control.type in _CHECKABLE:
            item.node.kind = node_pb2.NODE_KIND_ICON
            item.node.ClearField("control")
            item.node.media.type = node_pb2.MEDIA_TYPE_ICON
            item.node.media.placeholder.value = item.mark.color
            item.mark = item.label = None


def _labels(item: Item) -> list[Item]:
    """Returns the texts of a bar that may be entries."""
    return [
        text
        for text in item.texts()
        if text.kind == node_pb2.NODE_KIND_TEXT
        and _is_label(text)
        and not _NUMBER.match(text.node.text)
    ]


def _mark_header(header: Item) -> None:
    """Makes navigation of a header's entries: of the group that holds most, else of the bar."""
    if any(item.node.role == node_pb2.SEMANTIC_ROLE_NAV for item in header.walk()):
        return
    rows = [item for item in header.walk() if _is_row(item) and item.box.h <= _HEADER_HEIGHT]
    if not rows or len(_labels(rows[0])) < _HEADER_ENTRIES:
        return
    all_labels = len(_labels(rows[0]))
    most = rows[0]
    for row in rows[1:]:
        count = len(_labels(row))
        if count >= _HEADER_ENTRIES and count >= _GROUP_SHARE * all_labels:
            most = row
    if most is header:
        _wrap(header)
    else:
        most.node.role = node_pb2.SEMANTIC_ROLE_NAV


def _is_row(item: Item) -> bool:
    one_row = item.arrangement is Arrangement.GRID and len(item.children) == item.columns
    return item.arrangement is Arrangement.ROW or one_row


def _wrap(bar: Item) -> None:
    """Puts all that a bar holds into a navigation inside it."""
    inner = group(bar.children, bar.arrangement, bar.columns)
    inner.slots, bar.slots = bar.slots, []
    inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
    bar.children, bar.arrangement, bar.columns = [inner], Arrangement.COLUMN, 0


def _mark_bars(item: Item, page: Box) -> None:
    """Marks rows of entries near the top of the page, and painted bars of them anywhere."""
    for child in item.children:
        role = child.node.role
        if role in {node_pb2.SEMANTIC_ROLE_NAV, node_pb2.SEMANTIC_ROLE_FOOTER}:
            continue
        if role == node_pb2.SEMANTIC_ROLE_HEADER and child.box.h <= _HEADER_HEIGHT:
            continue
        if _is_bar(child, page) or _is_painted_bar(child, item, page):
            if child.boxed:
                _wrap(child)
            else:
                child.node.role = node_pb2.SEMANTIC_ROLE_NAV
        else:
            _mark_bars(child, page)


def _is_bar(item: Item, page: Box) -> bool:
    if item.node.role != node_pb2.SEMANTIC_ROLE_UNSPECIFIED or item.boxed:
        return False
    if item.arrangement is not Arrangement.ROW or item.box.h > _BAR_HEIGHT:
        return False
    entries = [child for child in item.children if is_entry(child)]
    near_top = item.box.y < page.y + _BAR_Y
    return len(entries) >= max(_BAR_ENTRIES, 0.7 * len(item.children)) and near_top


def _is_painted_bar(item: Item, parent: Item, page: Box) -> bool:
    """Returns whether a wide painted box holds one row of entries and controls, and no prose."""
    sectional = {node_pb2.SEMANTIC_ROLE_UNSPECIFIED, node_pb2.SEMANTIC_ROLE_SECTION}
    if item.surface is None or item.node.role not in sectional or not _is_row(item):
        return False
    if item.box.h > _BAR_HEIGHT or item.box.w < _BAR_SHARE * page.w:
        return False
    # A light strip farther down heads a table or a card.
    if item.box.y > page.y + _BAR_Y and luminance(item.surface.fill or "#ffffff") > _DARK:
        return False
    alike = [
        other
        for other in parent.children
        if other is not item and abs(other.box.w - item.box.w) <= 2 and other.box.h <= _BAR_HEIGHT
    ]
    labels = _labels(item)
    leaves = [part for part in item.parts() if not part.children]
    rest = [part for part in leaves if part.kind not in _WORDLESS and part not in labels]
    plain = all(_is_brand(part) for part in rest) and len(rest) <= 1
    return plain and _BAR_ENTRIES <= len(labels) <= _BAR_TEXTS and len(alike) < 2


def _mark_sides(item: Item, page: Box) -> None:
    for child in item.children:
        aside = child.node.role == node_pb2.SEMANTIC_ROLE_ASIDE or _stands_aside(child, item, page)
        if not (aside and _mark_lists(child, sum(1 for _ in child.texts()))):
            _mark_sides(child, page)


def _stands_aside(item: Item, parent: Item, page: Box) -> bool:
    """Returns whether a column runs beside much wider content, at its left or right."""
    if parent.arrangement is not Arrangement.ROW or len(parent.children) > _BESIDE:
        return False
    if parent.node.role == node_pb2.SEMANTIC_ROLE_FOOTER:
        return False
    widest = max(parent.children, key=lambda child: child.box.w)
    if is_side(item, page) and widest.box.w >= 1.6 * item.box.w:
        return True
    outer = item in (parent.children[0], parent.children[-1])
    if item.box.h > _ENTRY_PITCH * sum(1 for _ in item.texts()):
        return False
    narrow = item.box.w <= _NARROW * page.w and widest.box.w >= 2.5 * item.box.w
    return outer and narrow and widest.box.h >= item.box.h >= _LEAST_HEIGHT


def _mark_lists(item: Item, texts: int) -> bool:
    """Marks the list of entries in a side column of `texts` texts; returns whether there is one."""
    if item.arrangement is not Arrangement.COLUMN:
        return any(_mark_lists(child, texts) for child in item.children)
    flat = _entry_count(item.children)
    if _alternates(item.children) or _mostly_numbers(item):
        return False
    most = sum(1 for _ in item.texts()) >= _SIDE_SHARE * texts
    if most and flat >= _SIDE_ENTRIES and flat >= 0.8 * len(item.children):
        if item.boxed or item.node.role:
            inner = group(item.children, Arrangement.COLUMN)
            inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
            item.children = [inner]
        else:
            item.node.role = node_pb2.SEMANTIC_ROLE_NAV
        return True
    run = _longest_run(item.children)
    if len(run) >= max(_SIDE_ENTRIES, _SIDE_SHARE * texts):
        inner = group(run, Arrangement.COLUMN)
        inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
        at = item.children.index(run[0])
        item.children = [*item.children[:at], inner, *item.children[at + len(run) :]]
        return True
    return any(_mark_lists(child, texts) for child in item.children)


def _entry_count(items: Sequence[Item]) -> int:
    return sum(1 for item in items if _is_list_part(item))


def _is_list_part(item: Item) -> bool:
    """Returns whether an item is an entry, a divider, or a column of entries itself."""
    if is_entry(item) or item.rule is not None:
        return True
    nested = item.arrangement in {Arrangement.COLUMN, Arrangement.ROW} and bool(item.children)
    if nested and item.arrangement is Arrangement.COLUMN and _is_pair(item.children):
        return False
    if not any(True for _ in item.texts()):
        return False
    return nested and all(
        _is_list_part(child) or child.kind == node_pb2.NODE_KIND_ICON for child in item.children
    )


def _is_pair(items: Sequence[Item]) -> bool:
    """Returns whether two texts are a label and its value: one is set larger than the other."""
    if len(items) != 2 or items[0].text is None or items[1].text is None:
        return False
    first, second = items[0].text.size, items[1].text.size
    return abs(first - second) > _SAME_SIZE * max(first, second)


def _mostly_numbers(item: Item) -> bool:
    texts = list(item.texts())
    return 2 * sum(bool(_NUMBER.match(text.node.text)) for text in texts) > len(texts)


def _alternates(items: Sequence[Item]) -> bool:
    """Returns whether labels and values follow each other, told apart by their size."""
    pairs = list(zip(items[::2], items[1::2], strict=False))
    return len(pairs) > 1 and sum(map(_is_pair, pairs)) >= _PAIRS * len(pairs)


def _longest_run(items: Sequence[Item]) -> list[Item]:
    """Returns the longest run of entries; a title that is set larger than they are ends one."""
    sizes = [text.text.size for item in items for text in item.texts() if text.text is not None]
    usual = median(sizes) if sizes else 0.0
    best: list[Item] = []
    run: list[Item] = []
    for item in items:
        title = item.text is not None and item.text.size > _TITLE * usual
        if _is_list_part(item) and not title:
            run.append(item)
        else:
            run = []
        if len(run) > len(best):
            best = list(run)
    return best


def _mark_contents(page: Item) -> None:
    """Makes navigation of the entries below a title such as "Contents"."""
    for item in list(page.walk()):
        if item.arrangement is not Arrangement.COLUMN or len(item.children) <= _CONTENTS_ENTRIES:
            continue
        if any(part.node.role == node_pb2.SEMANTIC_ROLE_NAV for part in item.walk()):
            continue
        title, entries = item.children[0], item.children[1:]
        text = next(iter(title.texts()), None)
        if text is None or not _is_label(text) or not _CONTENTS.search(text.node.text):
            continue
        labels = list(_entry_run(entries))
        if len(labels) >= _CONTENTS_ENTRIES:
            inner = group(labels, Arrangement.COLUMN)
            inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
            item.children = [title, inner, *entries[len(labels) :]]


def _entry_run(items: Sequence[Item]) -> Iterator[Item]:
    """Yields the first items as long as they hold nothing but one-line texts."""
    for item in items:
        texts = list(item.texts())
        if not texts or any(text.text is None or len(text.text.lines) > 1 for text in texts):
            return
        yield item


def _look(item: Item) -> tuple[int, bool]:
    if item.text is None:
        return 0, False
    return round(item.text.size), item.text.weight >= 600


def _is_caption(text: Item, usual: tuple[int, bool]) -> bool:
    if text.text is None or _look(text) == usual or text.text.first.underline:
        return False
    upper = text.node.text.isupper() and len(text.node.text) > 2
    smaller = text.text.size < 0.9 * usual[0]
    bolder = text.text.weight >= 600 and not usual[1]
    return (upper and smaller) or (bolder and text.text.size >= usual[0])
