"""Splits a page into flat regions: maximal areas whose neighbouring pixels hardly differ.

Pages are drawn from flat fills, hairlines and anti-aliased glyphs, so regions of
near-equal neighbours are exactly the things that were painted: a band, the inside
of a card, one side of a border. Connectivity is decided at the cracks between
pixels (a map of twice the size), so that one-pixel lines survive.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

# Neighbours are joined when no channel differs by this much. Gradients and soft
# shadows change by 1 or 2 a pixel; the faintest cards in use (#fff on #f8f9fa) by 5.
_STEP = 3
# Regions with fewer pixels are only seen as detail (glyphs, photos).
_MIN_PIXELS = 10
# Soft edges of contrasts from a step to this are parted, where the fills this many pixels off
# are flat on both sides.
_FAINT, _SOFT_REACH = 12, 2


@dataclass(frozen=True, slots=True)
class Region:
    """A flat region; `box` bounds its pixels, `color` is its mean BGR colour."""

    label: int
    box: Box
    pixels: int
    color: tuple[int, int, int]

    @property
    def hex(self) -> str:
        return hex_of(self.color)

    @property
    def share(self) -> float:
        """The share of the bounding box that it fills, 0 to 1."""
        return self.pixels / self.box.area


@dataclass(frozen=True, slots=True)
class FlatMap:
    """The label of every pixel, and the regions worth naming by label."""

    labels: NDArray[np.int32]
    regions: dict[int, Region]
    sizes: NDArray[np.int64]


def flat_map(pixels: Pixels) -> FlatMap:
    """Labels a page (height x width x 3, BGR)."""
    height, width = pixels.shape[:2]
    same = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    same[::2, ::2] = 1
    same[::2, 1::2] = _largest_step(pixels[:, 1:], pixels[:, :-1]) < _STEP
    same[1::2, ::2] = _largest_step(pixels[1:], pixels[:-1]) < _STEP
    _part_soft_edges(pixels, same)
    _, doubled, stats, _ = cv2.connectedComponentsWithStats(same, connectivity=4, ltype=cv2.CV_32S)
    labels = np.ascontiguousarray(doubled[::2, ::2], np.int32)
    flat = labels.ravel()
    sizes = np.bincount(flat, minlength=len(stats))
    named = np.flatnonzero(sizes >= _MIN_PIXELS)
    named = named[named != 0]
    sums = [np.bincount(flat, pixels[:, :, c].ravel(), len(stats))[named] for c in range(3)]
    means = np.rint(np.stack(sums, axis=1) / sizes[named][:, None]).astype(int)
    boxes = (stats[named][:, :4] + 1) // 2
    regions = {
        int(label): Region(
            int(label),
            Box(int(box[0]), int(box[1]), int(box[2]), int(box[3])),
            int(sizes[label]),
            (int(mean[0]), int(mean[1]), int(mean[2])),
        )
        for label, box, mean in zip(named, boxes, means, strict=True)
    }
    return FlatMap(labels, regions, sizes)


def _part_soft_edges(pixels: Pixels, same: NDArray[np.uint8]) -> None:
    """Leaves a pixel between two flat fills of low contrast joined to the nearer one only.

    Along a round corner such pixels differ from each other less than a step, so that the fill
    would leak into the ground over them. `same` is twice the page's size less one.
    """
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    for lines, cracks in ((gray, same), (gray.T, same.T)):
        count = len(lines) - 2 * _SOFT_REACH
        if count <= 0 or lines.shape[1] <= 2:
            continue
        around = [lines[k : count + k, 1:-1] for k in range(2 * _SOFT_REACH + 1)]
        contrast = cv2.absdiff(around[1], around[3])
        # Few pixels are beside a faint step, so that the rest is looked at for those only.
        row, column = np.nonzero(cv2.inRange(contrast, _STEP, _FAINT))
        farther, before, soft, after, beyond = (
            part[row, column].astype(np.int16) for part in around
        )
        rise, fall = np.abs(soft - before), np.abs(after - soft)
        between = (np.minimum(rise, fall) > 0) & (rise + fall == np.abs(after - before))
        flat = (farther == before) & (beyond == after)
        # A straight shadow also steps between like lines, but is the same along them.
        along = lines[row + _SOFT_REACH, column], lines[row + _SOFT_REACH, column + 2]
        parted = between & flat & ((along[0] != soft) | (along[1] != soft))
        nearer = (rise < fall)[parted]
        row, column = 2 * (row[parted] + _SOFT_REACH), 2 * (column[parted] + 1)
        cracks[np.where(nearer, row + 1, row - 1), column] = 0
        cracks[row, column - 1] = 0
        cracks[row, column + 1] = 0


def _largest_step(first: Pixels, second: Pixels) -> Pixels:
    if not first.size:
        return np.zeros(first.shape[:2], np.uint8)
    blue, green, red = cv2.split(cv2.absdiff(first, second))
    return np.asarray(cv2.max(cv2.max(blue, green), red), np.uint8)


def hex_of(bgr: tuple[int, int, int] | NDArray[np.generic]) -> str:
    """Returns "#rrggbb"."""
    return f"#{int(bgr[2]):02x}{int(bgr[1]):02x}{int(bgr[0]):02x}"


def mean_hex(window: Pixels) -> str:
    """The colour that pixels have from afar; a picture's most frequent one is often the page's."""
    return hex_of(window.reshape(-1, 3).mean(axis=0).round().astype(int))


def bgr_of(color: str) -> tuple[int, int, int]:
    """The inverse of `hex_of`."""
    return int(color[5:7], 16), int(color[3:5], 16), int(color[1:3], 16)


def distance(first: tuple[int, int, int], second: tuple[int, int, int]) -> int:
    """The largest difference of any channel, 0 to 255."""
    return max(abs(a - b) for a, b in zip(first, second, strict=True))
