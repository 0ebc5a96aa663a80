"""Finds navigation: bars, side lists and tables of contents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.bands import is_side
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.percepts import Box

_NAVIGATING = {node_pb2.SEMANTIC_ROLE_HEADER, node_pb2.SEMANTIC_ROLE_ASIDE}
_CHECKABLE = {node_pb2.CONTROL_TYPE_CHECKBOX, node_pb2.CONTROL_TYPE_RADIO}
_BAR_HEIGHT = 84.0
_BAR_Y = 260.0
_WORDS = 4
_SIDE_ENTRIES = 4
_ENTRY_HEIGHT = 64.0
_LARGEST_TYPE = 22.0


def mark_navigation(page: Item) -> None:
    """Gives navigation its role; entries that stand between other things are grouped first."""
    for item in list(page.walk()):
        if _is_bar(item):
            item.node.role = node_pb2.SEMANTIC_ROLE_NAV
        if item.node.role in _NAVIGATING:
            _drop_marks(item)
    _mark_sides(page, page.box)


def _drop_marks(bar: Item) -> None:
    """Makes icons of what looks like check boxes in a header or side column."""
    for item in bar.walk():
        if item.mark is not None and item.node.control.type in _CHECKABLE:
            item.node.kind = node_pb2.NODE_KIND_ICON
            item.node.ClearField("control")
            item.node.media.type = node_pb2.MEDIA_TYPE_ICON
            item.node.media.placeholder.value = item.mark.color
            item.mark = item.label = None


def nav_entries(item: Item) -> list[Item]:
    """Returns the texts of a navigation that are entries, without captions of groups."""
    texts = [text for text in item.texts() if text.kind == node_pb2.NODE_KIND_TEXT]
    looks = Counter(_look(text) for text in texts)
    if not looks:
        return []
    usual = looks.most_common(1)[0][0]
    return [text for text in texts if not _is_caption(text, usual)]


def is_entry(item: Item) -> bool:
    """Returns whether an item may be an entry of a navigation: short text, maybe with an icon."""
    texts = list(item.texts())
    if not texts or len(texts) > 2 or item.box.h > _ENTRY_HEIGHT or texts[0].text is None:
        return False
    if any(part.kind == node_pb2.NODE_KIND_INPUT for part in item.walk()):
        return False
    if len(texts) == 2 and texts[1].kind != node_pb2.NODE_KIND_BADGE:
        return False
    block = texts[0].text
    short = len(block.lines) == 1 and len(block.text.split()) <= _WORDS
    return short and block.size <= _LARGEST_TYPE and not block.text.endswith((".", ","))


def _is_bar(item: Item) -> bool:
    if item.node.role != node_pb2.SEMANTIC_ROLE_UNSPECIFIED or item.boxed:
        return False
    if item.arrangement is not Arrangement.ROW or item.box.h > _BAR_HEIGHT:
        return False
    entries = [child for child in item.children if is_entry(child)]
    return len(entries) >= max(3, 0.7 * len(item.children)) and item.box.y < _BAR_Y


def _mark_sides(item: Item, page: Box) -> None:
    for child in item.children:
        aside = child.node.role == node_pb2.SEMANTIC_ROLE_ASIDE or _stands_aside(child, item, page)
        if not (aside and _mark_lists(child)):
            _mark_sides(child, page)


def _stands_aside(item: Item, parent: Item, page: Box) -> bool:
    """Returns whether a column runs beside much wider content."""
    if parent.arrangement is not Arrangement.ROW or len(parent.children) > 3:
        return False
    widest = max(child.box.w for child in parent.children)
    return is_side(item, page) and widest >= 1.6 * item.box.w


def _mark_lists(item: Item) -> bool:
    """Marks the list of entries in a side column; returns whether there was one."""
    if item.arrangement is not Arrangement.COLUMN:
        return any(_mark_lists(child) for child in item.children)
    flat = _entry_count(item.children)
    if flat >= _SIDE_ENTRIES and flat >= 0.8 * len(item.children):
        if item.boxed or item.node.role:
            inner = group(item.children, Arrangement.COLUMN)
            inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
            item.children = [inner]
        else:
            item.node.role = node_pb2.SEMANTIC_ROLE_NAV
        return True
    run = _longest_run(item.children)
    if len(run) >= _SIDE_ENTRIES:
        inner = group(run, Arrangement.COLUMN)
        inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
        at = item.children.index(run[0])
        item.children = [*item.children[:at], inner, *item.children[at + len(run) :]]
        return True
    return any(_mark_lists(child) for child in item.children)


def _entry_count(items: Sequence[Item]) -> int:
    return sum(1 for item in items if _is_list_part(item))


def _is_list_part(item: Item) -> bool:
    """Returns whether an item is an entry, a divider, or a column of entries itself."""
    if is_entry(item) or item.rule is not None:
        return True
    nested = item.arrangement in {Arrangement.COLUMN, Arrangement.ROW} and bool(item.children)
    return nested and all(
        _is_list_part(child) or child.kind == node_pb2.NODE_KIND_ICON for child in item.children
    )


def _longest_run(items: Sequence[Item]) -> list[Item]:
    best: list[Item] = []
    run: list[Item] = []
    for item in items:
        if _is_list_part(item):
            run.append(item)
        else:
            run = []
        if len(run) > len(best):
            best = list(run)
    return best


def _look(item: Item) -> tuple[int, bool]:
    if item.text is None:
        return 0, False
    return round(item.text.size), item.text.weight >= 600


def _is_caption(text: Item, usual: tuple[int, bool]) -> bool:
    if text.text is None or _look(text) == usual:
        return False
    upper = text.node.text.isupper() and len(text.node.text) > 2
    smaller = text.text.size < 0.9 * usual[0]
    bolder = text.text.weight >= 600 and not usual[1]
    return (upper and smaller) or (bolder and text.text.size >= usual[0])
