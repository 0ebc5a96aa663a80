"""Finds pictures that are flat: stand-ins that say their own size, and textured fills."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.imaging import Pixels
from engine.vision.perception.fills import plane_of
from engine.vision.perception.flatmap import FlatMap
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind

_SIZE = re.compile(r"^\s*\d{2,4}\s*[x×X*]\s*\d{2,4}\s*(px)?\s*$")
# A smooth fill this far from any linear gradient is a photo out of focus.
_PHOTO_ERROR = 6.0
_LEAST_PHOTO = 10_000
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


def take_photos(
    pixels: Pixels, regions: FlatMap, surfaces: Sequence[Found], text: Sequence[Box]
) -> tuple[list[Found], list[Picture]]:
    """Turns surfaces whose fill is neither flat nor a gradient into pictures."""
    kept: list[Found] = []
    photos: list[Picture] = []
    for item in surfaces:
        surface = item.surface
        region = regions.regions.get(item.labels[0])
        if region is None or surface.box.area < _LEAST_PHOTO:
            kept.append(item)
            continue
        plane = plane_of(pixels, regions, region)
        if plane is None or plane.error < _PHOTO_ERROR:
            kept.append(item)
            continue
        over = any(surface.box.contains(line) for line in text)
        photos.append(
            Picture(
                surface.box,
                PictureKind.PHOTO,
                surface.fill or region.hex,
                background=over,
                radius=surface.radius,
            )
        )
    return kept, photos
