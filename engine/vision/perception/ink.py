"""Separates a line's ink from what it stands on."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

# Below this difference from the background a pixel is not ink.
_FAINT = 12
# A background colour must hold this share of a line's box to be called flat.
_FLAT_SHARE = 0.25
# And this share of the box's edges, which letters touch but do not fill.
_EDGE_SHARE = 0.25
# What covers this share of the edges is the ground of a picture or gradient.
_ALL_AROUND = 0.9
# On pictures, coverage below this is taken for the picture's own variation.
_PICTURE_FLOOR = 0.35


@dataclass(frozen=True, slots=True)
class Ink:
    """Ink coverage of a window, 0 to 1 for each pixel.

    `x` and `y` are the window's corner on the page; colours are BGR; `flat` is
    false on photos and gradients, where coverage is a guess.
    """

    x: int
    y: int
    coverage: NDArray[np.float32]
    color: tuple[int, int, int]
    background: tuple[int, int, int]
    flat: bool


def read_ink(pixels: Pixels, box: Box, pad: int = 0) -> Ink | None:
    """Returns the ink within `box` grown by `pad`, or None when there is none."""
    height, width = pixels.shape[:2]
    left, top = max(int(box.x) - pad, 0), max(int(box.y) - pad, 0)
    right = min(int(np.ceil(box.right)) + pad, width)
    bottom = min(int(np.ceil(box.bottom)) + pad, height)
    window = pixels[top:bottom, left:right]
    if window.size == 0:
        return None
    background, flat = _background(window)
    if not flat:
        return _ink_on_picture(window, left, top)
    difference = _difference(window, background)
    strongest = int(difference.max())
    if strongest < _FAINT:
        return None
    color = _painted(window, difference, strongest)
    reach = max(*(abs(a - b) for a, b in zip(color, background, strict=True)), 1)
    coverage = np.minimum(difference.astype(np.float32) / reach, 1)
    coverage[difference < _FAINT // 2] = 0
    return Ink(left, top, coverage, color, background, flat)


def _ink_on_picture(window: Pixels, left: int, top: int) -> Ink | None:
    """Ink on uneven ground: the lighter or darker part, whichever is of one colour."""
    light = np.asarray(cv2.cvtColor(window, cv2.COLOR_BGR2GRAY), np.uint8)
    threshold, _ = cv2.threshold(light, 0, 255, cv2.THRESH_OTSU)
    bright = light > threshold
    if bright.all() or not bright.any():
        return None
    inked = bright if _is_ink(bright, light) else ~bright
    values = window[inked].astype(np.float64)
    extreme = np.percentile(light[inked], 85 if inked is bright else 15)
    core = values[(light[inked] >= extreme) if inked is bright else (light[inked] <= extreme)]
    color = np.median(core, axis=0).astype(int)
    ground = np.median(window[~inked], axis=0).astype(int)
    ink = (int(color[0]), int(color[1]), int(color[2]))
    reach = np.abs(color - ground).max()
    if reach < _FAINT:
        return None
    coverage = 1 - _difference(window, ink).astype(np.float32) / float(reach)
    coverage[coverage < _PICTURE_FLOOR] = 0
    return Ink(
        left, top, coverage, ink, (int(ground[0]), int(ground[1]), int(ground[2])), flat=False
    )


def _background(window: Pixels) -> tuple[tuple[int, int, int], bool]:
    """Returns the colour that the line stands on, and whether the ground is of that colour.

    The most frequent colour may be that of bold letters on a gradient; a ground shows at the
    window's edges too.
    """
    packed = pack(window)
    values, counts = np.unique(packed, return_counts=True)
    best = int(values[int(counts.argmax())])
    if counts.max() >= _FLAT_SHARE * packed.size and _is_around(packed == best):
        return unpack(best), True
    # A slight gradient or compression noise spreads one colour over its neighbours.
    coarse = (packed >> 3) & 0x1F1F1F
    values, counts = np.unique(coarse, return_counts=True)
    near = coarse == int(values[int(counts.argmax())])
    middle = np.median(window[near], axis=0).astype(int)
    flat = bool(counts.max() >= _FLAT_SHARE * packed.size) and _is_around(near)
    return (int(middle[0]), int(middle[1]), int(middle[2])), flat


def _is_ink(part: NDArray[np.bool_], light: NDArray[np.uint8]) -> bool:
    """Whether this part is the letters rather than the rest."""
    around = float(_edges(part).mean())
    if not 1 - _ALL_AROUND < around < _ALL_AROUND:
        return bool(around < 0.5)
    # Text is even in colour and covers the lesser part.
    spread = [float(light[side].std()) * float(side.mean()) ** 0.5 for side in (part, ~part)]
    return bool(spread[0] <= spread[1])


def _is_around(ground: NDArray[np.bool_]) -> bool:
    return bool(_edges(ground).mean() >= _EDGE_SHARE)


def _edges(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])


def _difference(window: Pixels, color: tuple[int, int, int]) -> NDArray[np.uint8]:
    absolute = cv2.absdiff(window, np.array([*color, 0], np.float64))
    blue, green, red = cv2.split(absolute)
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def _painted(window: Pixels, difference: NDArray[np.uint8], strongest: int) -> tuple[int, int, int]:
    """The colour that was painted: that of the fully covered pixels, not of soft edges."""
    near = difference >= max(strongest * 0.85, _FAINT)
    candidates = window[near]
    packed = pack(candidates).ravel()
    values, counts = np.unique(packed, return_counts=True)
    best = int(counts.argmax())
    if counts[best] >= max(3, 0.2 * packed.size):
        return unpack(int(values[best]))
    top = np.sort(difference[near])[-max(1, int(near.sum()) // 4)]
    middle = np.median(window[difference >= top], axis=0).astype(int)
    return int(middle[0]), int(middle[1]), int(middle[2])


def pack(window: Pixels) -> NDArray[np.int32]:
    """Packs BGR pixels into one integer each."""
    wide = window.astype(np.int32)
    return np.asarray(wide[..., 0] | wide[..., 1] << 8 | wide[..., 2] << 16, np.int32)


def unpack(value: int) -> tuple[int, int, int]:
    """The inverse of `pack` for one colour."""
    return value & 255, value >> 8 & 255, value >> 16 & 255
