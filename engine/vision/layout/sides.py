"""Takes side columns off a page before the rest is cut into rows."""

from __future__ import annotations

from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.cut import arrange
from engine.vision.layout.entries import is_label
from engine.vision.layout.item import Arrangement, Item, column, group, union
from engine.vision.layout.page_columns import page_columns
from engine.vision.layout.spacing import split
from engine.vision.percepts import Box

_EDGE = 24.0
_WIDEST = 0.34
_LEAST_HEIGHT = 400.0
_SLACK = 2.0
# Of a column of entries that is not painted: how many there are at least, and their share.
_LEAST_ENTRIES, _MOST_LABELS = 5, 0.75
# Cards from which on a side column holds parts of their own.
_CARDS = 2


def arrange_page(items: Sequence[Item], page: Box) -> Item:
    """Returns one item that holds `items` (at least one), as they lie on a page.

    A side column often ends above the content beside it. What follows then
    stands below it by height but beside it by place, and so is kept beside it.
    One that is not painted is told by its entries and by running beside all the rest.
    """
    columns = split(items, horizontal=False)
    if len(columns) > 1 and _is_menu(columns[0], page):
        main = arrange([item for column in columns[1:] for item in column])
        return group([_menu(columns[0], main.box.x, page), main], Arrangement.ROW)
    side = next((item for item in items if _is_side(item, items, page)), None)
    if side is None:
        return _arrange_columns(items, page)
    above = [item for item in items if item.box.bottom <= side.box.y + _SLACK]
    rest = [item for item in items if item is not side and item not in above]
    main = _arrange_columns(rest, _beside(side.box, page))
    pair = [side, main] if side.box.x <= main.box.x else [main, side]
    row = group(pair, Arrangement.ROW)
    return group([*_parts([above]), row], Arrangement.COLUMN) if above else row


def _beside(side: Box, page: Box) -> Box:
    """Returns the part of a page that a column at its edge leaves."""
    if side.x <= page.x + _EDGE:
        return Box(side.right, page.y, page.right - side.right, page.h)
    return Box(page.x, page.y, side.x - page.x, page.h)


def _arrange_columns(items: Sequence[Item], page: Box) -> Item:
    """Returns items arranged as columns where one goes on below the others, else as rows."""
    rows = split(items, horizontal=True)
    found = page_columns(rows, page)
    if found is None:
        return arrange(items)
    made = arrange(found.main)
    if found.after:
        made = group([made, _aside(found.after)], Arrangement.ROW)
    if found.before:
        made = group([_aside(found.before), made], Arrangement.ROW)
    parts = [*_parts(rows[: found.start]), made, *_parts(rows[found.end :])]
    return parts[0] if len(parts) == 1 else group(parts, Arrangement.COLUMN)


def _aside(items: Sequence[Item]) -> Item:
    """Returns a side column; one of several cards says nothing of what it is."""
    made = column([arrange(items)])
    if sum(child.boxed for child in made.children) < _CARDS:
        made.node.role = node_pb2.SEMANTIC_ROLE_ASIDE
    return made


def _parts(rows: Sequence[Sequence[Item]]) -> list[Item]:
    """Returns the parts of a column that rows, if there are any, are arranged as."""
    items = [item for row in rows for item in row]
    if not items:
        return []
    made = arrange(items)
    return made.children if made.arrangement is Arrangement.COLUMN and not made.boxed else [made]


def _is_menu(items: Sequence[Item], page: Box) -> bool:
    """Returns whether a column is narrow, high, not a single box, and mostly of short labels."""
    box = union(item.box for item in items)
    if len(items) < _LEAST_ENTRIES or box.w > _WIDEST * page.w or box.h < _LEAST_HEIGHT:
        return False
    texts = [text for item in items for text in item.texts()]
    labels = sum(map(is_label, texts))
    return labels >= max(_LEAST_ENTRIES, _MOST_LABELS * len(texts))


def _menu(items: Sequence[Item], end: float, page: Box) -> Item:
    """Returns a side column that takes the page's edge, with as much space below as above it."""
    menu = column([arrange(items)])
    inset = union(item.box for item in items)
    bottom = min(inset.bottom + inset.y - page.y, page.bottom)
    menu.box = Box(page.x, page.y, (inset.right + end) / 2 - page.x, bottom - page.y)
    menu.boxed = True
    return menu


def _is_side(item: Item, items: Sequence[Item], page: Box) -> bool:
    """Returns whether everything level with a painted column and below stands beside it."""
    box = item.box
    if item.surface is None or box.w > _WIDEST * page.w or box.h < _LEAST_HEIGHT:
        return False
    rest = [other for other in items if other is not item and other.box.bottom > box.y + _SLACK]
    if not rest:
        return False
    if box.x <= page.x + _EDGE:
        return all(other.box.x >= box.right - _SLACK for other in rest)
    if box.right >= page.right - _EDGE:
        return all(other.box.right <= box.x + _SLACK for other in rest)
    return False
