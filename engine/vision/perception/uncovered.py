"""Cuts drawings back to what shows of them where cards lie over a part of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.vision.percepts import Box, Picture, PictureKind

# The share of a line that lies upon a picture and a card, where the card hides the picture. What
# hangs over a card's edge, such as a portrait, lies above it and has no words there.
_WRITTEN = 0.3
# What shows of a drawing is at least this wide and high, in pixels.
_LEAST = 24
# Cards are at least this high, in pixels: bars are made of glass more often, and what shows of a
# drawing above them is as much a part of it.
_CARD_HEIGHT = 120


def uncovered(
    pictures: Sequence[Picture], cards: Sequence[Box], text: Sequence[Box]
) -> list[Picture]:
    """Returns the pictures, drawings that cards lie over partly cut to the largest part that shows.

    A drawing of which too little shows is left out. Photos stay whole: their boxes are those of
    files. `cards` are painted boxes, `text` the boxes of the page's lines.
    """
    shown = []
    for picture in pictures:
        drawn = picture.kind is PictureKind.ILLUSTRATION
        over = _over(picture.box, cards, text) if drawn else []
        box = picture.box
        for card in over:
            box = _largest_beside(box, card)
        if not over:
            shown.append(picture)
        elif min(box.w, box.h) >= _LEAST:
            shown.append(replace(picture, box=box, background=False))
    return shown


def _over(box: Box, cards: Sequence[Box], text: Sequence[Box]) -> list[Box]:
    """Returns the cards that lie over a part of a drawing; none if words stand on itself."""
    written = [line for line in text if _lies_in(line, box)]
    over = [
        card
        for card in cards
        if card.h >= _CARD_HEIGHT
        and box.intersection(card) > 0
        and not box.contains(card, 1)
        and not card.contains(box, 1)
        and any(_lies_in(line, card) for line in written)
    ]
    free = [line for line in written if not any(_lies_in(line, card) for card in over)]
    return [] if free else over


def _lies_in(line: Box, box: Box) -> bool:
    return line.intersection(box) >= _WRITTEN * line.area


def _largest_beside(box: Box, card: Box) -> Box:
    """Returns the largest of the parts of `box` to the left, the right, above and below `card`."""
    parts = (
        Box(box.x, box.y, card.x - box.x, box.h),
        Box(card.right, box.y, box.right - card.right, box.h),
        Box(box.x, box.y, box.w, card.y - box.y),
        Box(box.x, card.bottom, box.w, box.bottom - card.bottom),
    )
    return max(parts, key=lambda part: max(part.w, 0) * max(part.h, 0))
