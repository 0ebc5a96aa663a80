"""Takes surfaces for photos where their fill, or what is seen in it, shows that they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.fills import plane_of
from engine.vision.perception.flatmap import FlatMap, bgr_of, distance, hex_of
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind

# A smooth fill this far from any linear gradient is a photo out of focus, of so many pixels at
# least and so high at most; what is higher goes through several sections.
_BLURRED, _LEAST_BLURRED, _HIGHEST_BLURRED = 6.0, 10_000, 1_000
# A surface is a dim photo when this many patches stand out from it only this much.
_PATCHES, _DIM, _LEAST_DIM, _LARGEST_PATCH = 5, 70, 40_000, 24
# Photos hold no more surfaces than these: a button or two.
_HELD = 4
# Pieces of different sizes in a photo in focus, over its lines, and the share of its area that
# the largest of them has at least.
_STREWN, _STREWN_PER_LINE, _LARGE_PIECE = 12, 8, 0.1
_LEAST_STREWN = (250, 150)
# An icon stands this close to its text.
_LABEL = 48
# A box whose own fill varies this much (standard deviation) under pictures that cover
# this share of it is a photo, such as a sky with things in it.
_SOFT, _COVERED, _LEAST_SOFT_SIDE = 4.0, 0.08, 80


def take_blurred_photos(
    pixels: Pixels, regions: FlatMap, surfaces: Sequence[Found], text: Sequence[Box]
) -> tuple[list[Found], list[Picture]]:
    """Turns surfaces whose fill is neither flat nor a gradient into pictures."""

    def photo_of(item: Found) -> Picture | None:
        region = regions.regions.get(item.labels[0])
        box = item.surface.box
        if region is None or box.area < _LEAST_BLURRED or box.h > _HIGHEST_BLURRED:
            return None
        plane = plane_of(pixels, regions, region)
        if plane is None or plane.error < _BLURRED:
            return None
        return _photo(item, item.surface.fill or region.hex, text)

    return _take(surfaces, photo_of)


def take_dim_photos(
    pixels: Pixels,
    surfaces: Sequence[Found],
    pictures: Sequence[Picture],
    text: Sequence[Box],
) -> tuple[list[Found], list[Picture]]:
    """Turns surfaces strewn with faint patches into photos that hold those patches."""

    def photo_of(item: Found) -> Picture | None:
        box, color = item.surface.box, item.surface.fill
        if box.area < _LEAST_DIM or color is None or _held(box, surfaces) > _HELD:
            return None
        fill = bgr_of(color)
        faint = [
            picture
            for picture in pictures
            if box.contains(picture.box)
            and not _labels(picture.box, text)
            and _contrast(pixels, picture.box, fill) <= _DIM
        ]
        largest = max((min(patch.box.w, patch.box.h) for patch in faint), default=0)
        if len(faint) < _PATCHES or largest < _LARGEST_PATCH:
            return None
        return _photo(item, color, text)

    kept, photos = _take(surfaces, photo_of)
    return kept, [*photos, *_outside(pictures, photos)]


def take_strewn_photos(
    surfaces: Sequence[Found], pictures: Sequence[Picture], read: Sequence[ReadLine]
) -> tuple[list[Found], list[Picture], list[ReadLine]]:
    """Turns surfaces strewn with pieces of many sizes, and hardly any text, into photos.

    What such a photo shows in sharp focus on an even ground, as code on a screen, is read as
    icons and words of it.
    """

    def photo_of(item: Found) -> Picture | None:
        box, color = item.surface.box, item.surface.fill
        if color is None or box.w < _LEAST_STREWN[0] or box.h < _LEAST_STREWN[1]:
            return None
        parts = [picture.box for picture in pictures if box.contains(picture.box)]
        lines = sum(box.contains(line.ink) for line in read)
        sizes = {(round(part.w), round(part.h)) for part in parts}
        if len(sizes) < _STREWN or len(parts) < _STREWN_PER_LINE * lines:
            return None
        if max(part.area for part in parts) < _LARGE_PIECE * box.area:
            return None
        return _photo(item, color) if _held(box, surfaces) <= _HELD else None

    kept, photos = _take(surfaces, photo_of)
    words = [line for line in read if not any(photo.box.contains(line.ink) for photo in photos)]
    return kept, [*photos, *_outside(pictures, photos)], words


def take_soft_photos(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    pictures: Sequence[Picture],
    text: Sequence[Box],
) -> tuple[list[Found], list[Picture]]:
    """Turns boxes that hold no text into photos where their fill is uneven under pictures."""

    def photo_of(item: Found) -> Picture | None:
        box = item.surface.box
        covered = sum(p.box.area for p in pictures if box.contains(p.box, 1))
        if min(box.w, box.h) < _LEAST_SOFT_SIDE or covered < _COVERED * box.area:
            return None
        if any(box.contains(line, 1) for line in text):
            return None
        if _unevenness(pixels, regions, item) < _SOFT:
            return None
        window = pixels[int(box.y) : int(box.bottom) : 3, int(box.x) : int(box.right) : 3]
        return _photo(item, hex_of(np.median(window.reshape(-1, 3), axis=0).astype(int)))

    kept, photos = _take(surfaces, photo_of)
    return kept, [*photos, *_outside(pictures, photos)]


def _take(
    surfaces: Sequence[Found], photo_of: Callable[[Found], Picture | None]
) -> tuple[list[Found], list[Picture]]:
    """Returns the surfaces that are no photos, and the photos that the others are."""
    kept: list[Found] = []
    photos: list[Picture] = []
    for item in surfaces:
        photo = photo_of(item)
        if photo is None:
            kept.append(item)
        else:
            photos.append(photo)
    return kept, photos


def _photo(item: Found, color: str, text: Sequence[Box] = ()) -> Picture:
    """Returns the photo that a surface is, a background where it holds `text`."""
    box = item.surface.box
    over = any(box.contains(line) for line in text)
    return Picture(box, PictureKind.PHOTO, color, background=over, radius=item.surface.radius)


def _held(box: Box, surfaces: Sequence[Found]) -> int:
    """Returns how many other surfaces a box holds."""
    return sum(box.contains(other.surface.box, -1) for other in surfaces)


def _outside(pictures: Sequence[Picture], photos: Sequence[Picture]) -> list[Picture]:
    """Returns the pictures that no photo holds."""
    return [p for p in pictures if not any(photo.box.contains(p.box, 1) for photo in photos)]


def _unevenness(pixels: Pixels, regions: FlatMap, item: Found) -> float:
    """How far the fill's own colour strays, once a linear gradient is told."""
    region = regions.regions.get(item.labels[0])
    if region is None or item.surface.fill is None:
        return 0.0
    box = region.box
    area = (slice(int(box.y), int(box.bottom), 2), slice(int(box.x), int(box.right), 2))
    own = regions.labels[area] == region.label
    values = pixels[area][own].astype(np.float64)
    if not len(values):
        return 0.0
    fill = np.array(bgr_of(item.surface.fill), np.float64)
    return float(np.sqrt(((values - fill) ** 2).mean()))


def _labels(box: Box, text: Sequence[Box]) -> bool:
    """Whether a line of text stands beside a small picture, which makes it an icon."""
    return max(box.w, box.h) < _LABEL and any(
        abs(line.center_y - box.center_y) < line.h
        and -2 <= max(line.x - box.right, box.x - line.right) <= _LABEL
        for line in text
    )


def _contrast(pixels: Pixels, box: Box, fill: tuple[int, int, int]) -> int:
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    low, high = np.percentile(window.reshape(-1, 3), (5, 95), axis=0).astype(int)
    ends = [(int(end[0]), int(end[1]), int(end[2])) for end in (low, high)]
    return max(distance(end, fill) for end in ends)
