"""Drops what was seen in photos that content stands on, and keeps what was drawn over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, FormMark, Picture, Rule

Seen = TypeVar("Seen", Picture, Rule, FormMark)

# Texture is measured in blocks of this many pixels.
_BLOCK = 8
# Share of neighbours of exactly equal colour. Fills and text have 0.5 and more, photos less
# than 0.3, photos under a tint a little more.
_UNEVEN = 0.4
# A surface on a photo is flat by this share of its own blocks.
_FLAT = 0.6
_SAME = 0.8
# Sides of a button over the height of its label's ink.
_BUTTON = 5
# Words that the photo itself shows are read with less confidence than those set over it.
SURE = 0.8


def _stands_on(pixels: Pixels, photo: Picture, found: Found, read: Sequence[ReadLine]) -> bool:
    """Whether a surface on a photo was drawn over it, as buttons and cards are."""
    box = found.surface.box
    if not photo.box.contains(box, 2) or _overlap(box, photo.box) >= _SAME * photo.box.area:
        return False
    if any(_is_label(item.ink, box) for item in read):
        return True
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    return min(window.shape[:2]) >= _BLOCK and bool((_evenness(window) >= _UNEVEN).mean() >= _FLAT)


def _is_label(text: Box, box: Box) -> bool:
    """Whether a box is as tight around a line as a button, which may be translucent."""
    return (
        box.contains(text, 1)
        and box.h <= _BUTTON * text.h
        and box.w <= text.w + 2 * _BUTTON * text.h
        and abs(box.center_y - text.center_y) <= text.h / 2
    )


def clear_photos(
    pixels: Pixels,
    photos: Sequence[Picture],
    surfaces: Sequence[Found],
    read: Sequence[ReadLine],
) -> tuple[list[Found], list[ReadLine]]:
    """Drops the surfaces and words that a photo itself shows."""
    kept = [
        item
        for item in surfaces
        if not (photo := _under(item.surface.box, photos)) or _stands_on(pixels, photo, item, read)
    ]
    over = [item.surface.box for item in kept]
    lines = [
        item
        for item in read
        if not _under(item.ink, photos)
        or item.line.confidence >= SURE
        or any(box.contains(item.ink, 2) for box in over if _under(box, photos))
    ]
    return kept, lines


def outside_photos(
    seen: Sequence[Seen], photos: Sequence[Picture], surfaces: Sequence[Found]
) -> list[Seen]:
    """Drops what was seen in a photo, unless it lies on a surface over the photo."""
    over = [item.surface.box for item in surfaces if _under(item.surface.box, photos)]
    return [
        item
        for item in seen
        if not _under(item.box, photos) or any(box.contains(item.box, 2) for box in over)
    ]


def _under(box: Box, photos: Sequence[Picture]) -> Picture | None:
    """Returns the photo that holds most of a box."""
    for photo in photos:
        if _overlap(box, photo.box) >= 0.7 * max(box.area, 1):
            return photo
    return None


def _overlap(first: Box, second: Box) -> float:
    width = min(first.right, second.right) - max(first.x, second.x)
    height = min(first.bottom, second.bottom) - max(first.y, second.y)
    return max(width, 0) * max(height, 0)


def _evenness(pixels: Pixels) -> NDArray[np.float32]:
    """Share of equal neighbours, right and below, for each block of a page, 0 to 1."""
    height, width = (side // _BLOCK * _BLOCK for side in pixels.shape[:2])
    equal = np.zeros(pixels.shape[:2], np.float32)
    equal[:, 1:] += 0.5 * (pixels[:, 1:] == pixels[:, :-1]).all(axis=2)
    equal[1:] += 0.5 * (pixels[1:] == pixels[:-1]).all(axis=2)
    blocks = equal[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)
