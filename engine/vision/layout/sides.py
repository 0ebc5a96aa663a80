"""Takes a side column off a page before the rest is cut into rows."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.layout.cut import arrange
from engine.vision.layout.entries import is_label
from engine.vision.layout.item import Arrangement, Item, column, group, union
from engine.vision.layout.spacing import split
from engine.vision.percepts import Box

_EDGE = 24.0
_WIDEST = 0.34
_LEAST_HEIGHT = 400.0
_SLACK = 2.0
# Of a column of entries that is not painted: how many there are at least, and their share.
_LEAST_ENTRIES, _MOST_LABELS = 5, 0.75


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
        return arrange(items)
    above = [item for item in items if item.box.bottom <= side.box.y + _SLACK]
    rest = [item for item in items if item is not side and item not in above]
    main = arrange(rest)
    pair = [side, main] if side.box.x <= main.box.x else [main, side]
    row = group(pair, Arrangement.ROW)
    if not above:
        return row
    top = arrange(above)
    parts = top.children if top.arrangement is Arrangement.COLUMN and not top.boxed else [top]
    return group([*parts, row], Arrangement.COLUMN)


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
