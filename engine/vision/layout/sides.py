"""Takes a painted side column off a page before the rest is cut into rows."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.percepts import Box

_EDGE = 24.0
_WIDEST = 0.34
_LEAST_HEIGHT = 400.0
_SLACK = 2.0


def arrange_page(items: Sequence[Item], page: Box) -> Item:
    """Returns one item that holds `items` (at least one), as they lie on a page.

    A side column often ends above the content beside it. What follows then
    stands below it by height but beside it by place, and so is kept beside it.
    """
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
