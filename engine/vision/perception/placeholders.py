"""Finds stand-ins for pictures: flat boxes that say their own size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind

_SIZE = re.compile(r"^\s*\d{2,4}\s*[x×X*]\s*\d{2,4}\s*(px)?\s*$")
# Badges on pictures are at most so high, in pixels.
_BADGE = 48
# The body of a card keeps this near its sides, for borders, in pixels.
_FLUSH = 3


def take_placeholders(
    surfaces: Sequence[Found], lines: Sequence[ReadLine]
) -> tuple[list[Found], list[ReadLine], list[Picture]]:
    """Turns flat boxes that hold nothing but a size, as "600 x 400", into pictures.

    One that fills the head of a card was seen as the whole card, in its own colour.
    Returns the remaining surfaces and lines, and the pictures.
    """
    boxes = [item.surface.box for item in surfaces]
    taken: dict[int, Picture] = {}
    bodies: dict[int, int] = {}
    gone: set[int] = set()
    for number, read in enumerate(lines):
        if not _SIZE.match(read.line.text):
            continue
        around = [i for i, box in enumerate(boxes) if box.contains(read.ink)]
        if not around:
            continue
        index = min(around, key=lambda i: boxes[i].area)
        body = next((i for i, box in enumerate(boxes) if _is_body(box, boxes[index])), None)
        others = [r for r in lines if r is not read and boxes[index].contains(r.ink, 1)]
        parts = [box for box in boxes if boxes[index].contains(box) and box.h <= _BADGE]
        parts += [boxes[body]] if body is not None else []
        if any(not any(part.contains(r.ink, 2) for part in parts) for r in others):
            continue
        surface = surfaces[index].surface
        box = surface.box
        if body is not None:
            box = Box(box.x, box.y, box.w, boxes[body].y - box.y)
            bodies[index] = body
        taken[index] = Picture(
            box, PictureKind.PHOTO, surface.fill or "#cccccc", radius=surface.radius
        )
        gone.add(number)
    return (
        [
            _as_card(item, surfaces[bodies[i]]) if i in bodies else item
            for i, item in enumerate(surfaces)
            if i in bodies or (i not in taken and i not in bodies.values())
        ],
        [read for i, read in enumerate(lines) if i not in gone],
        [taken[i] for i in sorted(taken)],
    )


def _is_body(part: Box, card: Box) -> bool:
    """Whether a box is the lower part of another, from side to side."""
    return (
        part != card
        and part.y > card.y + _FLUSH
        and abs(part.x - card.x) <= _FLUSH
        and abs(part.right - card.right) <= _FLUSH
        and abs(part.bottom - card.bottom) <= _FLUSH
    )


def _as_card(whole: Found, body: Found) -> Found:
    """Returns a card that was seen in the colour of its picture, in that of its body."""
    surface = replace(whole.surface, fill=body.surface.fill, gradient=body.surface.gradient)
    return Found(surface, body.labels)
