"""Settles what a card and the parts along its edges draw there: its border and its corners."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.vision.layout.item import Item
from engine.vision.percepts import Box, Percepts, Surface

# Edges that are one lie no further apart than a border and its blur, in pixels.
_SLACK = 2.0
# A smaller difference of corners cannot be seen, in pixels.
_LEAST_CORNER = 2.0


def share_borders(percepts: Percepts) -> Percepts:
    """Returns percepts in which a part along a card's edge leaves the border there to the card."""
    bordered = [item for item in percepts.surfaces if item.border_color]
    surfaces = [_within_border(item, bordered) for item in percepts.surfaces]
    return replace(percepts, surfaces=tuple(surfaces))


def _within_border(part: Surface, bordered: Sequence[Surface]) -> Surface:
    if not part.border_color:
        return part
    cards = [
        card
        for card in bordered
        if card.box.area > part.box.area and card.box.contains(part.box, _SLACK)
    ]
    card = min(cards, key=lambda card: card.box.area, default=None)
    if card is None:
        return part
    shared = [
        own and outer and abs(inner_edge - outer_edge) <= _SLACK
        for own, outer, inner_edge, outer_edge in zip(
            part.border_sides, card.border_sides, _edges(part.box), _edges(card.box), strict=True
        )
    ]
    if not any(shared):
        return part
    width = card.border_width
    top, right, bottom, left = (width if one else 0.0 for one in shared)
    box = part.box
    inner = Box(box.x + left, box.y + top, box.w - left - right, box.h - top - bottom)
    kept = [own and not one for own, one in zip(part.border_sides, shared, strict=True)]
    return replace(
        part,
        box=inner,
        border_color=part.border_color if any(kept) else None,
        border_width=part.border_width if any(kept) else 0.0,
        border_sides=(kept[0], kept[1], kept[2], kept[3]),
    )


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.y, box.right, box.bottom, box.x


def clip_corners(page: Item) -> None:
    """Clips what is painted in the round corners of a card to them, where nothing overhangs."""
    for item in page.walk():
        radius = item.node.style.radius.px
        if radius < _LEAST_CORNER or not item.children:
            continue
        inner = [part for child in item.children for part in child.walk()]
        if all(item.box.contains(part.box, _SLACK) for part in inner) and any(
            _fills_corner(part, item, radius) for part in inner
        ):
            item.node.layout.clip = True


def _fills_corner(part: Item, card: Item, radius: float) -> bool:
    """Returns whether a part is painted in a corner that the card rounds off more than it."""
    painted = part.picture is not None or (part.surface is not None and part.surface.fill)
    if not painted or part.node.style.radius.px > radius - _LEAST_CORNER:
        return False
    reach = _SLACK + max(card.borders)
    top, right, bottom, left = (
        abs(own - outer) <= reach
        for own, outer in zip(_edges(part.box), _edges(card.box), strict=True)
    )
    return (top or bottom) and (left or right)
