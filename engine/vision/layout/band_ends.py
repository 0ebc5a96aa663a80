"""Takes the bar at the top of a band, and the notice at its end, off as bands of their own.

A header or footer is a box with padding, though nothing is painted that shows how far it reaches:
it is taken to have as much space on its inner side as on the page's edge, or to reach to the rule
that parts it from the rest.
"""

from __future__ import annotations

from engine.vision.layout.item import Arrangement, Item, column
from engine.vision.layout.rules import is_rule
from engine.vision.percepts import Box

# How far from the bar or notice a rule that parts it from the rest stands at most, in pixels.
_PARTS = 48.0
# How far from the page's top a bar stands at most that is the page's own, in pixels.
_PADDING = 48.0


def is_open_column(band: Item) -> bool:
    """Returns whether nothing is painted behind the parts that a band has below each other."""
    painted = band.surface is not None or band.picture is not None
    return not painted and band.arrangement is Arrangement.COLUMN and len(band.children) > 1


def take_first(band: Item) -> tuple[Item, Item] | None:
    """Returns the band of the first child of an unpainted band and that of the others, if any."""
    first, rest = band.children[0], band.children[1:]
    above = first.box.y - band.box.y
    if not rest or above > _PADDING or min(item.box.y for item in rest) < first.box.bottom:
        return None
    edge = first.box.bottom + max(above, 0.0)
    taken = [first]
    if _parts(rest[0], rest[0].box.y - first.box.bottom) and len(rest) > 1:
        taken.append(rest.pop(0))
        edge = taken[-1].box.bottom
    return _cut(band, taken, rest, min(edge, rest[0].box.y))


def take_last(band: Item) -> tuple[Item, Item] | None:
    """Returns the band of all children of an unpainted band but the last, and that of the last."""
    rest, last = band.children[:-1], band.children[-1]
    if not rest:
        return None
    edge = last.box.y - max(band.box.bottom - last.box.bottom, 0.0)
    taken = [last]
    if _parts(rest[-1], last.box.y - rest[-1].box.bottom) and len(rest) > 1:
        taken.insert(0, rest.pop())
        edge = taken[0].box.y
    return _cut(band, rest, taken, max(edge, rest[-1].box.bottom))


def _parts(item: Item, space: float) -> bool:
    return is_rule([item]) and space <= _PARTS


def _cut(band: Item, above: list[Item], below: list[Item], edge: float) -> tuple[Item, Item]:
    """Returns two bands that meet at `edge` and keep their content where `band` does."""
    box = band.box
    boxes = (
        Box(box.x, box.y, box.w, edge - box.y),
        Box(box.x, edge, box.w, box.bottom - edge),
    )
    upper, lower = column(above), column(below)
    for part, own in zip((upper, lower), boxes, strict=True):
        part.box, part.boxed, part.frame = own, True, band.frame
    return upper, lower
