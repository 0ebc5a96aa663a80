"""Finds navigation in headers and other bars."""

from __future__ import annotations

from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.color import luminance
from engine.vision.layout.entries import LARGEST_TYPE, NUMBER, is_entry, is_label
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.percepts import Box

_LEAST_FILTERS = 3
_CHECKABLE = {node_pb2.CONTROL_TYPE_CHECKBOX, node_pb2.CONTROL_TYPE_RADIO}
_SECTIONAL = {node_pb2.SEMANTIC_ROLE_UNSPECIFIED, node_pb2.SEMANTIC_ROLE_SECTION}
_WORDLESS = {
    node_pb2.NODE_KIND_ICON,
    node_pb2.NODE_KIND_IMAGE,
    node_pb2.NODE_KIND_INPUT,
    node_pb2.NODE_KIND_BUTTON,
    node_pb2.NODE_KIND_BADGE,
    node_pb2.NODE_KIND_DIVIDER,
    node_pb2.NODE_KIND_SHAPE,
}
_SIGNS = {node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_IMAGE}
_TOOLS = 3
# Type from this size on, in pixels, opens a page: alone in a header it is the page's title. It is
# well above the 16 of body type, give or take how sizes are read.
DISPLAY_TYPE = 19.0
_BAR_HEIGHT = 84.0
# How tall a header is at most that is one bar of entries, in CSS pixels; in taller ones stand
# titles too.
HEADER_HEIGHT = 120.0
# How far down a bar begins at most: on the page, and on a photo, where a masthead is taller.
_BAR_Y, _PHOTO_BAR_Y = 260.0, 340.0
_DARK = 0.5
# The share of the page's width that a painted bar in its middle takes at least.
_BAR_SHARE = 0.5
_BAR_ENTRIES, _HEADER_ENTRIES = 3, 2
_BAR_TEXTS = 14
# How exactly cells line up with the head of their column, how far below it, in pixels, how many
# tell that it is one, and the share of a bar's labels that are such heads at least in a table.
_LINED_UP, _COLUMN, _COLUMN_CELLS, _HEADS_SHARE = 3.0, 300.0, 3, 0.6
# The share of a header's entries that a group holds when it is the navigation.
_GROUP_SHARE = 0.75


def is_bar(item: Item) -> bool:
    """Returns whether an item is a navigation or a header that is one bar.

    One that holds nothing but a line of display type is the page's title.
    """
    if item.node.role != node_pb2.SEMANTIC_ROLE_HEADER:
        return item.node.role == node_pb2.SEMANTIC_ROLE_NAV
    texts = [text.text for text in item.texts() if text.text is not None]
    title = len(texts) == 1 and texts[0].size >= DISPLAY_TYPE
    return item.box.h <= HEADER_HEIGHT and not title


def drop_marks(bar: Item) -> None:
    """Makes icons of what looks like check boxes in a header or side column.

    Several empty ones are the filters that a side column offers.
    """
    marks = [
        (item, item.mark)
        for item in bar.walk()
        if item.mark is not None and item.node.control.type in _CHECKABLE
    ]
    empty = sum(not mark.checked for _, mark in marks)
    if bar.node.role != node_pb2.SEMANTIC_ROLE_HEADER and empty >= _LEAST_FILTERS:
        return
    for item, mark in marks:
        item.node.kind = node_pb2.NODE_KIND_ICON
        item.node.ClearField("control")
        item.node.media.type = node_pb2.MEDIA_TYPE_ICON
        item.node.media.placeholder.value = mark.color
        item.mark = item.label = None


def _labels(item: Item) -> list[Item]:
    """Returns the texts of a bar that may be entries."""
    return [
        text
        for text in item.texts()
        if text.kind == node_pb2.NODE_KIND_TEXT
        and is_label(text)
        and not NUMBER.match(text.node.text)
    ]


def mark_header(header: Item) -> None:
    """Makes navigation of a header's entries: of the group that holds most, else of the bar."""
    if any(item.node.role == node_pb2.SEMANTIC_ROLE_NAV for item in header.walk()):
        return
    rows = [item for item in header.walk() if _is_row(item) and item.box.h <= HEADER_HEIGHT]
    if not rows:
        return
    if len(_labels(rows[0])) < _HEADER_ENTRIES:
        if _holds_tools(rows[0]) or _is_named(rows[0]):
            _take(rows[0], header)
        return
    all_labels = len(_labels(rows[0]))
    most = rows[0]
    for row in rows[1:]:
        count = len(_labels(row))
        if count >= _HEADER_ENTRIES and count >= _GROUP_SHARE * all_labels:
            most = row
    _take(most, header)


def _take(row: Item, header: Item) -> None:
    """Makes navigation of a row of a header; of all in it when it is the header itself."""
    if row is header:
        _wrap(header)
    else:
        row.node.role = node_pb2.SEMANTIC_ROLE_NAV


def _holds_tools(row: Item) -> bool:
    """Returns whether a bar without entries holds a search field and signs, as a tool bar does."""
    leaves = [part for part in row.parts() if not part.children or part.kind in _WORDLESS]
    fields = sum(part.kind == node_pb2.NODE_KIND_INPUT for part in leaves)
    signs = sum(part.kind in _SIGNS for part in leaves)
    return fields + signs + len(_labels(row)) >= _TOOLS and fields + signs > 0


def _is_named(row: Item) -> bool:
    """Returns whether a bar has a name, and a button or an entry to go on with."""
    buttons = any(part.kind == node_pb2.NODE_KIND_BUTTON for part in row.parts())
    titled = any(text.text is not None and text.text.size > LARGEST_TYPE for text in row.texts())
    return bool(_labels(row)) and (buttons or titled)


def _is_row(item: Item) -> bool:
    one_row = item.arrangement is Arrangement.GRID and len(item.children) == item.columns
    return item.arrangement is Arrangement.ROW or one_row


def _wrap(bar: Item) -> None:
    """Puts all that a bar holds into a navigation inside it."""
    inner = group(bar.children, bar.arrangement, bar.columns)
    inner.slots, bar.slots = bar.slots, []
    inner.node.role = node_pb2.SEMANTIC_ROLE_NAV
    bar.children, bar.arrangement, bar.columns = [inner], Arrangement.COLUMN, 0


def mark_bars(page: Item) -> None:
    """Marks rows of entries near the top of the page, and painted bars of them anywhere.

    The rows of a table are neither, nor is what heads its columns.
    """
    _mark_bars(page, page.box, [text.box for text in page.texts()])


def _mark_bars(item: Item, page: Box, texts: Sequence[Box]) -> None:
    if item.arrangement is Arrangement.TABLE:
        return
    for child in item.children:
        if is_bar(child) or child.node.role == node_pb2.SEMANTIC_ROLE_FOOTER:
            continue
        lowest = page.y + (_BAR_Y if item.picture is None else _PHOTO_BAR_Y)
        bar = _is_open_bar(child, lowest) or _is_painted_bar(child, item, page)
        if bar and not _heads_columns(child, texts):
            if child.boxed:
                _wrap(child)
            else:
                child.node.role = node_pb2.SEMANTIC_ROLE_NAV
        else:
            _mark_bars(child, page, texts)


def _heads_columns(bar: Item, texts: Sequence[Box]) -> bool:
    """Returns whether texts below the labels of a bar line up with most of them, as in a table."""
    labels = [label.box for label in _labels(bar)]
    heads = [
        label
        for label in labels
        if sum(_stands_below(box, label) for box in texts) >= _COLUMN_CELLS
    ]
    return bool(heads) and len(heads) >= _HEADS_SHARE * len(labels)


def _stands_below(box: Box, label: Box) -> bool:
    return label.bottom <= box.y <= label.bottom + _COLUMN and abs(box.x - label.x) <= _LINED_UP


def _is_open_bar(item: Item, lowest: float) -> bool:
    if item.node.role not in _SECTIONAL or item.surface is not None:
        return False
    if item.arrangement is not Arrangement.ROW or item.box.h > _BAR_HEIGHT:
        return False
    entries = [child for child in item.children if is_entry(child)]
    marks = sum(child.kind in _SIGNS for child in item.children)
    enough = len(entries) >= max(_BAR_ENTRIES, 0.7 * (len(item.children) - marks))
    return enough and item.box.y < lowest


def _is_painted_bar(item: Item, parent: Item, page: Box) -> bool:
    """Returns whether a wide painted box holds one row of entries and controls, and no prose."""
    if item.surface is None or item.node.role not in _SECTIONAL or not _is_row(item):
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
    return len(rest) <= 1 and _BAR_ENTRIES <= len(labels) <= _BAR_TEXTS and len(alike) < 2
