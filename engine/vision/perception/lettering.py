"""Makes pictures of words that are drawn, as the names of products in a script."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import bgr_of
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.solid_icons import off_mixture
from engine.vision.percepts import Picture, PictureKind

# Drawn names are at least so large, in pixels, and have at least so many letters.
_LEAST_SIZE, _LEAST_LETTERS = 24, 4
# So few pieces over the letters are left where these are joined, of so many pixels at least;
# scripts of type are joined, too.
_JOINED, _PIECE = 0.4, 4
# Outlines and shades of other colours, so far from a mixture of ink and ground, take this share of
# the ink; type has one colour.
_OFF, _SHADED = 48, 0.2


def take_lettering(
    pixels: Pixels, pictures: Sequence[Picture], read: Sequence[ReadLine]
) -> tuple[list[Picture], list[ReadLine]]:
    """Returns the pictures, drawn names among them with what touches them, and the other lines."""
    drawn = [item for item in read if _is_drawn(pixels, item)]
    kept = list(pictures)
    for item in drawn:
        parts = [other for other in kept if other.box.intersection(item.ink) > 0]
        box = item.ink
        for part in parts:
            box = box.union(part.box)
        kept = [other for other in kept if other not in parts]
        kept.append(Picture(box, PictureKind.LOGO, item.line.color))
    return kept, [item for item in read if item not in drawn]


def _is_drawn(pixels: Pixels, item: ReadLine) -> bool:
    """Whether the letters of a line are joined to each other and painted in several colours."""
    letters = sum(char.isalnum() for char in item.line.text)
    if letters < _LEAST_LETTERS or item.line.font_size < _LEAST_SIZE:
        return False
    box = item.ink
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)].astype(np.int16)
    color, ground = (
        np.array(bgr_of(value), np.float64) for value in (item.line.color, item.line.background)
    )
    contrast = float(np.abs(color - ground).max())
    inked = np.abs(window - ground).max(axis=2) > contrast / 2
    _, _, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    pieces = int((stats[1:, cv2.CC_STAT_AREA] >= _PIECE).sum())
    if not 0 < pieces <= _JOINED * letters:
        return False
    shaded = off_mixture(window[inked], color, ground) > _OFF
    return float(shaded.mean()) >= _SHADED
