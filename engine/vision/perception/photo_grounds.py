"""Finds photos that content stands on, and drops what was seen in the photo itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import mean_hex
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.photo_grids import part_photos
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, FormMark, Picture, PictureKind, Rule

Seen = TypeVar("Seen", Picture, Rule, FormMark)

# Texture is measured in blocks of this many pixels.
_BLOCK = 8
# Share of neighbours of exactly equal colour. Fills and text have 0.5 and more, photos less
# than 0.3, photos under a tint a little more.
_UNEVEN = 0.4
# Texture this many blocks apart is of one photo: headlines and buttons lie between.
_REACH = 5
_LEAST_AREA = 40_000
# What is higher is the texture of a page.
_HIGHEST = 1_000
# Shares of the box: within the outline, and with texture of its own.
_FILLED, _TEXTURED = 0.85, 0.6
# Root mean square distance of block colours from a plane; gradients have less.
_PLANE_ERROR = 2.0
# Where a photo ends: pixels around the blocks' edge, the share of the edge with a step, the
# least step, and how far an even part of the photo reaches at most.
_SLACK, _SHARP, _STEP, _FARTHEST = 12, 0.5, 6, 320
# A surface on a photo is flat by this share of its own blocks.
_FLAT = 0.6
_SAME = 0.8
# Sides of a button over the height of its label's ink.
_BUTTON = 5
# Words that the photo itself shows are read with less confidence than those set over it.
SURE = 0.8


def find_photo_grounds(pixels: Pixels, text: Sequence[Box]) -> list[Picture]:
    """Returns the photos behind whole bands with text, as backgrounds, from top to bottom.

    Narrower ones are told from pictures side by side by nothing that is measured here.
    """
    if pixels.shape[0] * pixels.shape[1] < _LEAST_AREA:
        return []
    even = _evenness(pixels)
    uneven = (even < _UNEVEN).astype(np.uint8)
    kernel = np.ones((_REACH, _REACH), np.uint8)
    joined = cv2.morphologyEx(uneven, cv2.MORPH_CLOSE, kernel)
    joined = cv2.morphologyEx(joined, cv2.MORPH_OPEN, kernel)
    outlines, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    found = []
    for outline in outlines:
        x, y, w, h = cv2.boundingRect(outline)
        # A contour runs through the middles of its blocks.
        filled = (cv2.contourArea(outline) + w + h - 1) / (w * h)
        blocks = slice(y, y + h), slice(x, x + w)
        if not _LEAST_AREA / _BLOCK**2 <= w * h <= w * _HIGHEST / _BLOCK or filled < _FILLED:
            continue
        if uneven[blocks].mean() < _TEXTURED or _is_plane(pixels, blocks):
            continue
        box = _to_the_pixel(pixels, Box(x * _BLOCK, y * _BLOCK, w * _BLOCK, h * _BLOCK))
        band = box.x == 0 and box.right == pixels.shape[1]
        if len(part_photos(pixels, box)) > 1:
            continue
        if band and any(box.contains(line) for line in text):
            window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
            found.append(Picture(box, PictureKind.PHOTO, mean_hex(window), background=True))
    return sorted(found, key=lambda item: (item.box.y, item.box.x))


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


def _is_plane(pixels: Pixels, blocks: tuple[slice, slice]) -> bool:
    """Whether the colours run as evenly as a gradient's."""
    rows, columns = (slice(part.start * _BLOCK, part.stop * _BLOCK) for part in blocks)
    coarse = cv2.resize(pixels[rows, columns], (24, 24), interpolation=cv2.INTER_AREA)
    v, u = np.mgrid[0:24, 0:24].reshape(2, -1) / 23
    design = np.stack([np.ones_like(u), u, v], axis=1)
    values = coarse.reshape(-1, 3).astype(np.float64)
    # Text and buttons lie over gradients too: the half that fits best decides.
    best = np.arange(len(values))
    for _ in range(3):
        fit, *_ = np.linalg.lstsq(design[best], values[best], rcond=None)
        errors = np.abs(design @ fit - values).max(axis=1)
        best = errors.argsort(kind="stable")[: len(errors) // 2]
    return bool(errors[best].max() < _PLANE_ERROR)


def _to_the_pixel(pixels: Pixels, box: Box) -> Box:
    """Moves each edge to the sharpest step near it."""
    columns = slice(int(box.x), int(box.right))
    rows = slice(int(box.y), int(box.bottom))
    across = (_steps(pixels[rows], axis=1) >= _STEP).mean(axis=0)
    down = (_steps(pixels[:, columns], axis=0) >= _STEP).mean(axis=1)
    left, right = _snap(across, box.x, -1), _snap(across, box.right, 1)
    # Only a band's photo is known to go on.
    far = _FARTHEST if left == 0 and right == pixels.shape[1] else 0
    top, bottom = _snap(down, box.y, -1, far), _snap(down, box.bottom, 1, far)
    return Box(left, top, right - left, bottom - top)


def _steps(pixels: Pixels, axis: int) -> NDArray[np.int16]:
    return np.asarray(np.abs(np.diff(pixels.astype(np.int16), axis=axis)).max(axis=2), np.int16)


def _snap(steps: NDArray[np.float64], edge: float, outwards: int, far: int = 0) -> int:
    """Returns where an edge is; `steps[i]` lies between i and i + 1, `outwards` is -1 or 1.

    An even part of the photo, such as the sky, may lie between the texture and the edge: up to
    `far` pixels.
    """
    near, end = int(edge), len(steps) + 1
    first, last = max(near - _SLACK, 0), min(near + _SLACK, end - 1)
    if near <= _SLACK or near >= end - _SLACK:
        return 0 if near <= _SLACK else end
    if steps[first:last].max() >= _SHARP:
        return first + 1 + int(steps[first:last].argmax())
    beyond = steps[near:] if outwards > 0 else steps[:near][::-1]
    sharp = np.flatnonzero(beyond[:far] >= _SHARP)
    if not len(sharp):
        return near
    return near + int(sharp[0]) + 1 if outwards > 0 else near - int(sharp[0])
