"""Parts photos that stand without a gap, as in a gallery across the page or behind its sections."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

# In pixels: the least width of the whole, and of one photo.
_LEAST_WIDTH, _LEAST_PART = 480, 160
_MOST_COLUMNS = 6
# How far a seam may be from where equal columns would put it, the least step across it in any
# channel, and the share of a seam that has one.
_NEAR, _STEP, _SEAM, _ROW_SEAM = 3, 12, 0.85, 0.85
# Photos one below the other are at least so high, and nothing but a seam goes all across them.
_LEAST_BAND, _BAND_SEAM = 120, 0.95
# Seams stand out from what is beside them by this much of their share.
_OUT = 0.3


def part_photos(pixels: Pixels, box: Box) -> list[Box]:
    """Returns the photos of equal width that a picture is made of, or the picture itself.

    They stand side by side, in one or two rows, or below each other in one column.
    """
    if box.w < _LEAST_WIDTH or box.h < _LEAST_PART / 2:
        return [box]
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    window = pixels[y:bottom, x:right].astype(np.int16)
    across = (np.abs(np.diff(window, axis=1)).max(axis=2) >= _STEP).mean(axis=0)
    columns = _columns(across, x, right)
    down = (np.abs(np.diff(window, axis=0)).max(axis=2) >= _STEP).mean(axis=1)
    if len(columns) == 1 and box.w < pixels.shape[1]:
        return [box]
    rows = _bands(down, y) if len(columns) == 1 else _rows(down, y)
    return [
        Box(left, top, end - left, low - top)
        for top, low in pairwise(rows)
        for left, end in columns
    ]


def _rows(down: NDArray[np.float64], top: int) -> list[int]:
    """The edges of one row of a gallery, or of two."""
    seams = np.flatnonzero(down >= _ROW_SEAM)
    inner = [int(seam) + 1 for seam in seams if _LEAST_PART / 2 <= seam <= len(down) - 40]
    return [top, *(top + seam for seam in inner[:1]), top + len(down) + 1]


def _bands(down: NDArray[np.float64], top: int) -> list[int]:
    """The edges of the photos that stand below each other."""
    edges, height = [0], len(down) + 1
    for seam in (np.flatnonzero(down >= _BAND_SEAM) + 1).tolist():
        if edges[-1] + _LEAST_BAND <= seam <= height - _LEAST_BAND:
            edges.append(seam)
    return [top + edge for edge in (*edges, height)]


def _columns(across: NDArray[np.float64], left: int, right: int) -> list[tuple[int, int]]:
    usual = float(np.median(across))
    for count in range(2, _MOST_COLUMNS + 1):
        width = (right - left) / count
        if width < _LEAST_PART:
            break
        places = [round(k * width) for k in range(1, count)]
        near = [across[place - 1 - _NEAR : place + _NEAR] for place in places]
        if all(part.max() >= max(_SEAM, usual + _OUT) for part in near):
            cuts = [
                left + place - _NEAR + int(part.argmax())
                for place, part in zip(places, near, strict=True)
            ]
            edges = [left, *cuts, right]
            return list(pairwise(edges))
    return [(left, right)]
