"""Parts an application's shell: a top bar and a side bar of one colour, which are one region."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.vision.perception.flatmap import FlatMap, Region
from engine.vision.percepts import Box

# How high bars are and how wide side bars, in pixels, and these at most as a share of the page.
_HIGH, _WIDE, _SHARE = (32, 160), (48, 400), 0.4
# A side bar reaches at least this far below the top bar, in pixels.
_LEAST_SIDE = 200
# Edges are straight within so many pixels, in this share of their lines.
_STRAIGHT, _EVEN = 3, 0.9


def shell_parts(regions: FlatMap, region: Region) -> list[Region]:
    """Returns the top bar and the side bar on the left that a region is made of.

    Empty when it is no such region of the page's corner. The side bar begins below the top bar.
    """
    width = regions.labels.shape[1]
    box = region.box
    if box.x > 1 or box.y > _STRAIGHT or box.right < width - 1 or box.h < _HIGH[0] + _LEAST_SIDE:
        return []
    mine = regions.labels[int(box.y) : int(box.bottom)] == region.label
    found = _corner(mine)
    if found is None:
        return []
    high, wide = found
    bar = Box(0, box.y, width, high)
    side = Box(0, box.y + high, wide, box.h - high)
    return [_part(regions, region, bar), _part(regions, region, side)]


def _corner(seen: NDArray[np.bool_]) -> tuple[int, int] | None:
    """Returns how high the bar along the top is and how wide the one along the left; or None."""
    height, width = seen.shape
    first, last = seen.argmax(axis=1), width - seen[:, ::-1].argmax(axis=1)
    across = last >= width - 1
    high = int(np.argmin(across)) if not across.all() else height
    below = last[high + _STRAIGHT :]
    if not _HIGH[0] <= high <= _HIGH[1] or len(below) < _LEAST_SIDE:
        return None
    wide = int(np.median(below))
    if not _WIDE[0] <= wide <= min(_WIDE[1], _SHARE * width):
        return None
    even = (np.abs(below - wide) <= _STRAIGHT).mean() >= _EVEN
    return (high, wide) if even and (first <= 1).mean() >= _EVEN else None


def _part(regions: FlatMap, region: Region, box: Box) -> Region:
    area = (slice(int(box.y), int(box.bottom)), slice(int(box.x), int(box.right)))
    return replace(region, box=box, pixels=int((regions.labels[area] == region.label).sum()))
