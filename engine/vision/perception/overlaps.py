"""Parts pictures that overlap each other: two photos set off, and rows of avatars."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

# Photos set off from each other are at least this large, and so is the step between them; pixels.
_LEAST_PHOTO, _LEAST_STEP = 160, 32
# The outline of each is straight but for this share of it, within so many pixels.
_ROUGH, _STRAIGHT = 0.15, 6
# Soft corners and shadows reach this far, in pixels.
_SOFT = 24
# Avatars in a row: their heights in pixels, the least and the most of them, and how far each is
# moved, over the height.
_HEIGHTS, _COUNTS, _SHIFTS = (16, 72), (3, 8), (0.45, 0.95)
# They are told apart this far below their tops and above their ends, over the height.
_RIM = 0.08
# Share of distinct colours in a photo so small.
_COLORFUL = 0.3


def part_set_off(mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Returns two photos of which one lies over a corner of the other, or the box itself."""
    if min(box.w, box.h) < 1.5 * _LEAST_PHOTO:
        return [box]
    window = mask[int(box.y) : int(box.bottom), int(box.x) : int(box.right)] > 0
    for flipped in (False, True):
        seen = window[:, ::-1] if flipped else window
        corner = _corners(seen)
        if corner is None:
            continue
        upper_right, upper_bottom, lower_left, lower_top = corner
        upper = Box(0, 0, upper_right, upper_bottom)
        lower = Box(lower_left, lower_top, box.w - lower_left, box.h - lower_top)
        return [
            Box(box.x + (box.w - part.right if flipped else part.x), box.y + part.y, part.w, part.h)
            for part in (upper, lower)
        ]
    return [box]


def _corners(seen: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """Where the upper left one of two ends, right and bottom, and the lower right one begins."""
    height, width = seen.shape
    left = seen.argmax(axis=1)
    right = width - seen[:, ::-1].argmax(axis=1)
    beside, below = right < width - _LEAST_STEP, left > _LEAST_STEP
    lower_top = int(np.argmin(beside)) if beside[_SOFT] else 0
    upper_bottom = height - int(np.argmin(below[::-1])) if below[-_SOFT] else height
    if lower_top < _LEAST_STEP or upper_bottom > height - _LEAST_STEP:
        return None
    upper_right = int(np.median(right[:lower_top]))
    lower_left = int(np.median(left[upper_bottom:]))
    off = np.concatenate([right[:lower_top] - upper_right, left[upper_bottom:] - lower_left])
    sizes = (upper_right, upper_bottom, width - lower_left, height - lower_top)
    overlap = upper_right > lower_left and upper_bottom > lower_top
    straight = (np.abs(off) > _STRAIGHT).mean() <= _ROUGH
    if min(sizes) < _LEAST_PHOTO or not overlap or not straight:
        return None
    return upper_right, upper_bottom, lower_left, lower_top


def part_avatars(pixels: Pixels, mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Returns the round avatars of which each overlaps the next, or the box itself."""
    if not _HEIGHTS[0] <= box.h <= _HEIGHTS[1] or box.w <= box.h:
        return [box]
    area = (slice(int(box.y), int(box.bottom)), slice(int(box.x), int(box.right)))
    rim = round(_RIM * box.h)
    counts = {_runs(mask[area][row]) for row in (rim, -1 - rim)}
    count = max(counts)
    if len(counts) > 1 or not _COUNTS[0] <= count <= _COUNTS[1]:
        return [box]
    step = (box.w - box.h) / (count - 1)
    colors = np.unique(pixels[area].reshape(-1, 3), axis=0)
    if not _SHIFTS[0] <= step / box.h <= _SHIFTS[1] or len(colors) < _COLORFUL * box.area:
        return [box]
    return [Box(round(box.x + step * place), box.y, box.h, box.h) for place in range(count)]


def _runs(row: NDArray[np.uint8]) -> int:
    """How many stretches of a row are inked."""
    return int((np.diff(row.astype(np.int8), prepend=0) == 1).sum())
