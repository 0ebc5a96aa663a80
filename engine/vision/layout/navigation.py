"""Finds navigation: bars, side lists and tables of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from structra.v1 import node_pb2

from engine.vision.layout.bands import is_side
from engine.vision.layout.bars import drop_marks, mark_bars, mark_header
from engine.vision.layout.entries import CONTENTS, NUMBER, OWNED, is_entry, is_label
from engine.vision.layout.item import Arrangement, Item, group, union
from engine.vision.percepts import Box

_NAVIGATING = {node_pb2.SEMANTIC_ROLE_HEADER, node_pb2.SEMANTIC_ROLE_ASIDE}
# How many entries a list in a side column has at least: in any, in one that is painted or ruled
# off at the page's edge, and in a footer.
_SIDE_ENTRIES, _FEW_ENTRIES, _FOOTER_ENTRIES = 4, 3, 3
# How near to the page's edge such a column is, in pixels, and how much of its height a line takes
# that parts it from the rest.
_EDGE, _PARTED = 24.0, 0.9
# The most columns that stand side by side around content, and what makes one a side column.
_BESIDE = 4
# How tall it is at least, unless the content beside it is this many times as tall.
_NARROW, _LEAST_HEIGHT, _MUCH_HIGHER = 0.25, 150.0, 4.0
_ENTRY_PITCH = 52.0
# The share of a side column's texts that its entries are at least.
_SIDE_SHARE = 0.5
# The share of a list's texts that figures are at most.
_MOST_FIGURES = 0.5
_CONTENTS_ENTRIES = 3
_PAIRS = 0.6
_SAME_SIZE, _TITLE = 0.08, 1.25
_FIGURE = 1.7
_PRICE = re.compile(r"[$€£¥]\s?\d|^[\d.,]+[%kKmM+]?$")


def mark_navigation(page: Item) -> None:
    """Gives navigation its role; entries that stand between other things are grouped first."""
    for item in list(page.walk()):
        if item.node.role in _NAVIGATING:
            drop_marks(item)
    for item in list(page.walk()):
        if item.node.role == node_pb2.SEMANTIC_ROLE_HEADER:
            mark_header(item)
    mark_bars(page)
    _mark_sides(page, page.box)
    _mark_contents(page)
    for item in list(page.walk()):
        if item.node.role == node_pb2.SEMANTIC_ROLE_FOOTER:
            _mark_footer(item)


def _mark_footer(footer: Item) -> None:
    """Marks the rows of a footer that hold entries and nothing else."""
    for row in footer.walk():
        if row is footer or row.arrangement is not Arrangement.ROW:
            continue
        notice = any(OWNED.search(text.node.text) for text in row.texts())
        if len(row.children) >= _FOOTER_ENTRIES and not notice and all(map(is_entry, row.children)):
            row.node.role = node_pb2.SEMANTIC_ROLE_NAV


def _mark_sides(item: Item, page: Box) -> None:
    for child in item.children:
        aside = child.node.role == node_pb2.SEMANTIC_ROLE_ASIDE or _stands_aside(child, item, page)
        least = _FEW_ENTRIES if _is_shell(child, page) else _SIDE_ENTRIES
        if not (aside and _mark_lists(child, sum(1 for _ in child.texts()), least)):
            _mark_sides(child, page)


def _is_shell(item: Item, page: Box) -> bool:
    """Returns whether a column at the page's edge is painted, or a line parts it from the rest."""
    at_edge = item.box.x <= page.x + _EDGE or item.box.right >= page.right - _EDGE
    parted = any(
        part.rule is not None and part.box.h >= _PARTED * item.box.h for part in item.children
    )
    return at_edge and (item.surface is not None or parted)


def _stands_aside(item: Item, parent: Item, page: Box) -> bool:
    """Returns whether a column runs beside much wider content, at its left or right."""
    if parent.arrangement is not Arrangement.ROW or len(parent.children) > _BESIDE:
        return False
    widest = max(parent.children, key=lambda child: child.box.w)
    boxes = [text.box for text in item.texts()]
    sparse = not boxes or union(boxes).h > _ENTRY_PITCH * len(boxes)
    if sparse and item.surface is None:
        return False
    if is_side(item, page) and widest.box.w >= 1.6 * item.box.w:
        return True
    outer = item in (parent.children[0], parent.children[-1])
    narrow = item.box.w <= _NARROW * page.w and widest.box.w >= 2.5 * item.box.w
    high = widest.box.h >= item.box.h >= _LEAST_HEIGHT or widest.box.h >= _MUCH_HIGHER * item.box.h
    return outer and narrow and not sparse and high


def _mark_lists(item: Item, texts: int, least: int) -> bool:
    """Marks the list of `least` or more entries in a side column of `texts` texts.

    Returns whether there is one.
    """
    if item.arrangement is not Arrangement.COLUMN:
        return any(_mark_lists(child, texts, least) for child in item.children)
    parts = [child for child in item.children if child.kind != node_pb2.NODE_KIND_ICON]
    flat = _entry_count(parts)
    if _alternates(item.children) or _offers(item) or _counts(item):
        return False
    most = sum(1 for _ in item.texts()) >= _SIDE_SHARE * texts
    if most and flat >= least and flat >= 0.8 * len(parts):
        if item.boxed or item.node.role:
            inner = group(item.children, Arrangement.COLUMN)
            inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
            item.children = [inner]
        else:
            item.node.role = node_pb2.SEMANTIC_ROLE_NAV
        return True
    run = _longest_run(item.children)
    if _text_count(run) >= max(least, _SIDE_SHARE * texts):
        inner = group(run, Arrangement.COLUMN)
        inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
        at = item.children.index(run[0])
        item.children = [*item.children[:at], inner, *item.children[at + len(run) :]]
        return True
    return any(_mark_lists(child, texts, least) for child in item.children)


def _counts(item: Item) -> bool:
    """Returns whether most texts of a column are figures, as on an axis or in a table."""
    figures = [bool(NUMBER.match(text.node.text)) for text in item.texts()]
    return sum(figures) > _MOST_FIGURES * len(figures)


def _entry_count(items: Sequence[Item]) -> int:
    return sum(1 for item in items if _is_list_part(item))


def _text_count(items: Sequence[Item]) -> int:
    return sum(1 for item in items for _ in item.texts())


def _is_list_part(item: Item) -> bool:
    """Returns whether an item is an entry, a divider, or a column of entries itself."""
    if is_entry(item) or item.rule is not None:
        return True
    nested = item.arrangement in {Arrangement.COLUMN, Arrangement.ROW} and bool(item.children)
    if nested and item.arrangement is Arrangement.COLUMN and _is_pair(item.children):
        return False
    if not any(True for _ in item.texts()):
        return False
    return nested and all(_is_list_part(child) or _is_icons(child) for child in item.children)


def _is_icons(item: Item) -> bool:
    """Returns whether an item is an icon, or icons below each other."""
    return item.kind == node_pb2.NODE_KIND_ICON or (
        bool(item.children) and all(map(_is_icons, item.children))
    )


def _is_pair(items: Sequence[Item]) -> bool:
    """Returns whether two texts are a label and its value: one is set larger than the other."""
    if len(items) != 2 or items[0].text is None or items[1].text is None:
        return False
    first, second = items[0].text.size, items[1].text.size
    return abs(first - second) > _SAME_SIZE * max(first, second)


def _offers(item: Item) -> bool:
    """Returns whether a figure in large type, such as a price, stands among the texts."""
    texts = [text for text in item.texts() if text.text is not None]
    sizes = [text.text.size for text in texts if text.text is not None]
    usual = median(sizes) if sizes else 0.0
    return any(
        text.text is not None and text.text.size > _FIGURE * usual and _PRICE.search(text.node.text)
        for text in texts
    )


def _alternates(items: Sequence[Item]) -> bool:
    """Returns whether labels and values follow each other, told apart by their size."""
    pairs = list(zip(items[::2], items[1::2], strict=False))
    return len(pairs) > 1 and sum(map(_is_pair, pairs)) >= _PAIRS * len(pairs)


def _longest_run(items: Sequence[Item]) -> list[Item]:
    """Returns the run of most entries; a title that is set larger than they are ends one."""
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
        if _text_count(run) > _text_count(best):
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
        if text is None or not is_label(text) or not CONTENTS.search(text.node.text):
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
