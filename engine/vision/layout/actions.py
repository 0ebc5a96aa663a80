"""Makes links and buttons of icons that stand alone where people act."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from structra.v1 import node_pb2

from engine.vision.layout.bars import HEADER_HEIGHT, is_bar
from engine.vision.layout.disclosures import UPRIGHT
from engine.vision.layout.entries import NUMBER
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.wrapping import wrap

_CONTROLS = {node_pb2.NODE_KIND_LINK, node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_INPUT}
# What holds words but is no label that an icon beside it could be the mark of.
_WORDY = {node_pb2.NODE_KIND_BADGE, node_pb2.NODE_KIND_INPUT}
_THINNEST, _LEAST, _LARGEST = 3.0, 8.0, 64.0
_LEAST_SIGN = 12.0
# The longest side of a sign without a box that acts, as larger ones illustrate, and its shortest
# beside its longest at least.
_LARGEST_TOOL, _LEAST_SQUARE = 26.0, 0.6
_WIDEST_LOGO = 240.0
# An icon that stands nearer to a text than this share of its height, or pixels, is its mark.
_NEAR, _NEAR_PX = 0.8, 14.0
# Signs of one row stand this far apart, as shares of their height; stars of a rating stand closer,
# and so may signs in boxes of their own.
_CLOSEST, _CLOSEST_BOXES, _FARTHEST = 0.35, 0.1, 3.5
# How low the lowest sign of a row is beside the highest at least.
_LOWEST = 0.6
# How much boxes of one size differ, in pixels.
_SAME_SIZE = 2.0
# In how many rows of a table icons stand that do something with a record, at least.
_LEAST_RECORDS = 3
# How far a title's tools stand from it at least.
_FAR = 48.0
_STRIP_HEIGHT = 76.0
# How far from the page's side a floating button stands at most, and how wide such a page is at
# least: narrower ones have all their content that near to their sides.
_EDGE, _ROOMY = 64.0, 768.0
# How far the middles of signs in one row are off each other at most, in pixels.
_LEVEL = 4.0
# How many icons a folded menu has at least.
_RAIL = 4


def mark_actions(page: Item) -> None:
    """Makes actions of icons without words; the layout of `page` is known and stays as it is.

    Icons of a bar, rows of nothing but icons, icons below each other at the page's side, and icons
    at the end of a title's strip or, side by side, of any row are links; an icon in a painted box
    of a bar or at the page's side is a button.
    """
    for item in list(page.walk()):
        if is_bar(item) and item.box.h <= HEADER_HEIGHT:
            _mark_bar(item)
        elif item.arrangement is Arrangement.COLUMN:
            _mark_rail(item, page)
    _visit(page)
    _mark_sets(page)
    if page.box.w >= _ROOMY:
        _mark_floating(page)


def _visit(item: Item, *, leads: bool = True) -> None:
    """Marks rows of signs and the tools of titles; `leads` says that the item heads a box."""
    if item.kind in _CONTROLS:
        return
    if item.arrangement is Arrangement.TABLE:
        _mark_cells(item)
        return
    if item.node.role == node_pb2.SEMANTIC_ROLE_NAV:
        return
    if item.arrangement is Arrangement.ROW:
        if _is_row_of_signs(item.children):
            for child in list(item.children):
                wrap(child, item, node_pb2.NODE_KIND_LINK)
        elif leads and item.box.h <= _STRIP_HEIGHT:
            _mark_tools(item)
        _mark_tool_buttons(item.children)
    column = item.arrangement is Arrangement.COLUMN
    for number, child in enumerate(item.children):
        _visit(child, leads=child.boxed or (leads and not (column and number)))


def _mark_cells(table: Item) -> None:
    """Makes links of icons beside each other in the rows of a table: what to do with a record."""
    runs = [
        (row, run)
        for row in table.walk()
        if row.arrangement is Arrangement.ROW
        for signs, parts in groupby(row.children, _is_sign)
        if signs and _is_row_of_signs(run := list(parts))
    ]
    for row, run in runs if len(runs) >= _LEAST_RECORDS else ():
        for sign in run:
            wrap(sign, row, node_pb2.NODE_KIND_LINK)


def _mark_bar(bar: Item) -> None:
    words = [text for text in bar.texts() if text.kind not in _WORDY]
    for parent, child in list(_signs(bar)):
        if any(_marks(child, text) for text in words):
            continue
        if child.surface is not None:
            child.node.kind = node_pb2.NODE_KIND_BUTTON
        else:
            wrap(child, parent, node_pb2.NODE_KIND_LINK)


def _mark_rail(column: Item, page: Item) -> None:
    """Makes navigation of icons below each other along the page's side, as of a folded menu.

    Those of a menu that is not folded mark the words after them.
    """
    signs = [child for child in column.children if child.kind == node_pb2.NODE_KIND_ICON]
    left, right = column.box.center_x - page.box.x, page.box.right - column.box.center_x
    if min(left, right) > _EDGE or len(signs) < _RAIL or len(signs) < len(column.children) - 1:
        return
    if any(_names(text, sign) for text in page.texts() for sign in signs):
        return
    column.node.role = node_pb2.SEMANTIC_ROLE_NAV
    for sign in signs:
        wrap(sign, column, node_pb2.NODE_KIND_LINK)


def _names(text: Item, sign: Item) -> bool:
    """Returns whether a text follows an icon as the words of a menu's entry do."""
    return _follows(text, sign) and text.box.x - sign.box.right <= _FAR


def _mark_sets(page: Item) -> None:
    """Makes links of signs side by side that follow words whose marks they are not.

    They are the tools of a row: what can be done with the entry of a table, a panel or a message.
    """
    words = list(page.texts())
    alone = [
        (parent, sign)
        for parent, sign in _signs(page)
        if _is_tool(sign) and not any(_marks(sign, text) for text in words)
    ]
    for parent, sign in alone:
        nearest = min(
            (_gap(sign, other) for _, other in alone if other is not sign), default=math.inf
        )
        long = max(sign.box.w, sign.box.h)
        spaced = _CLOSEST * long <= nearest <= _FARTHEST * long
        if spaced and any(_follows(sign, text) for text in words):
            wrap(sign, parent, node_pb2.NODE_KIND_LINK)


def _is_tool(sign: Item) -> bool:
    """Returns whether an unpainted icon has the size of one that acts and is about square."""
    short, long = sorted((sign.box.w, sign.box.h))
    square = short >= _LEAST_SQUARE * long
    return sign.kind == node_pb2.NODE_KIND_ICON and square and _LEAST_SIGN <= long <= _LARGEST_TOOL


def _gap(sign: Item, other: Item) -> float:
    """Returns how far signs stand apart that are level, in pixels; infinity if they are not."""
    if abs(sign.box.center_y - other.box.center_y) > _LEVEL:
        return math.inf
    return max(sign.box.x, other.box.x) - min(sign.box.right, other.box.right)


def _follows(item: Item, other: Item) -> bool:
    """Returns whether an item stands level with another and after it."""
    level = min(item.box.bottom, other.box.bottom) - max(item.box.y, other.box.y)
    return level > 0 and other.box.right <= item.box.x


def _mark_floating(page: Item) -> None:
    """Makes buttons of the painted icons that stand in the page's side margins."""
    words = list(page.texts())
    for _, child in list(_signs(page)):
        aside = min(child.box.x - page.box.x, page.box.right - child.box.right) <= _EDGE
        lone = child.surface is not None and not any(_marks(child, text) for text in words)
        if aside and lone:
            child.node.kind = node_pb2.NODE_KIND_BUTTON


def _signs(item: Item) -> Iterator[tuple[Item, Item]]:
    """Yields the icons below an item that stand in no control, each with its parent."""
    if item.kind in _CONTROLS:
        return
    for child in item.children:
        if _is_sign(child) or _is_small_picture(child):
            yield item, child
        else:
            yield from _signs(child)


def _is_sign(item: Item) -> bool:
    """Returns whether an item is an icon, or a small painted box around icons."""
    if max(item.box.w, item.box.h) > _LARGEST or item.box.h < _LEAST or item.box.w < _THINNEST:
        return False
    if item.kind == node_pb2.NODE_KIND_ICON:
        return item.picture is None or item.picture.shape not in UPRIGHT
    painted = item.surface is not None and item.kind == node_pb2.NODE_KIND_CONTAINER
    icons = all(child.kind == node_pb2.NODE_KIND_ICON for child in item.children)
    return painted and bool(item.children) and icons


def _is_small_picture(item: Item) -> bool:
    """Returns whether an item is a picture as low as a logo or a portrait in a bar."""
    low = _LEAST_SIGN <= item.box.h <= _LARGEST and item.box.w <= _WIDEST_LOGO
    return item.kind == node_pb2.NODE_KIND_IMAGE and low


def _marks(sign: Item, text: Item) -> bool:
    """Returns whether an icon stands right beside a text, whose mark it then is."""
    level = min(sign.box.bottom, text.box.bottom) - max(sign.box.y, text.box.y)
    gap = max(text.box.x - sign.box.right, sign.box.x - text.box.right)
    return level > 0 and gap <= max(_NEAR_PX, _NEAR * sign.box.h)


def _is_row_of_signs(items: Sequence[Item]) -> bool:
    if len(items) < 2 or not all(map(_is_sign, items)):
        return False
    height = max(item.box.h for item in items)
    spaces = [after.box.x - before.box.right for before, after in pairwise(items)]
    if height < _LEAST_SIGN or min(item.box.h for item in items) < _LOWEST * height:
        return False
    painted = all(item.surface is not None for item in items)
    closest = _CLOSEST_BOXES if painted else _CLOSEST
    return closest * height <= min(spaces) and max(spaces) <= _FARTHEST * height


def _mark_tool_buttons(items: Sequence[Item]) -> None:
    """Makes buttons of signs in boxes painted alike that stand right beside each other."""
    for first, second in pairwise(filter(_is_painted_sign, items)):
        gap = second.box.x - first.box.right
        if gap <= _NEAR * first.box.h and _painted_alike(first, second):
            first.node.kind = second.node.kind = node_pb2.NODE_KIND_BUTTON


def _is_painted_sign(item: Item) -> bool:
    return item.kind == node_pb2.NODE_KIND_CONTAINER and _is_sign(item)


def _painted_alike(first: Item, second: Item) -> bool:
    if first.surface is None or second.surface is None:
        return False
    one, other = first.surface, second.surface
    sized = max(abs(first.box.w - second.box.w), abs(first.box.h - second.box.h)) <= _SAME_SIZE
    return sized and one.fill == other.fill


def _mark_tools(row: Item) -> None:
    """Makes links of the icons that end a row that a text begins, far from the text."""
    first, last = row.children[0], row.children[-1]
    if not any(True for _ in first.texts()) or any(True for _ in last.texts()):
        return
    if last.box.x - first.box.right < _FAR:
        return
    signs = [(row, last)] if _is_sign(last) else list(_signs(last))
    for parent, child in signs:
        if child.surface is None:
            wrap(child, parent, node_pb2.NODE_KIND_LINK)
        elif not any(NUMBER.match(text.node.text) for text in first.texts()):
            child.node.kind = node_pb2.NODE_KIND_BUTTON
