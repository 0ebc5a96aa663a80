"""Finds stand-ins for pictures: flat boxes that say their own size."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Picture, PictureKind

_SIZE = re.compile(r"^\s*\d{2,4}\s*[x×X*]\s*\d{2,4}\s*(px)?\s*$")
_BADGE = 40


def take_placeholders(
    surfaces: Sequence[Found], lines: Sequence[ReadLine]
) -> tuple[list[Found], list[ReadLine], list[Picture]]:
    """Turns flat boxes that hold nothing but a size, as "600 x 400", into pictures.

    Returns the remaining surfaces and lines, and the pictures.
    """
    boxes = [item.surface.box for item in surfaces]
    taken: dict[int, Picture] = {}
    gone: set[int] = set()
    for number, read in enumerate(lines):
        if not _SIZE.match(read.line.text):
            continue
        around = [i for i, box in enumerate(boxes) if box.contains(read.ink)]
        if not around:
            continue
        index = min(around, key=lambda i: boxes[i].area)
        others = [r for r in lines if r is not read and boxes[index].contains(r.ink, 1)]
        badges = [box for box in boxes if boxes[index].contains(box) and box.h <= _BADGE]
        if any(not any(badge.contains(r.ink, 2) for badge in badges) for r in others):
            continue
        surface = surfaces[index].surface
        taken[index] = Picture(
            surface.box, PictureKind.PHOTO, surface.fill or "#cccccc", radius=surface.radius
        )
        gone.add(number)
    return (
        [item for i, item in enumerate(surfaces) if i not in taken],
        [read for i, read in enumerate(lines) if i not in gone],
        [taken[i] for i in sorted(taken)],
    )
