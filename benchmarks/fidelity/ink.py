"""Finds what pictures really paint within their boxes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.fidelity.measured import Page, Picture
from engine.geometry import Box

# Channel difference from the ground at which a pixel counts as painted.
_INK_LEAST = 12
# Share of the box's frame that must be of one colour for it to be the ground.
_GROUND_LEAST = 0.5
# A frame whose colours lie this close to their median, but for the rest of the
# percentile, is a gradient.
_GRADIENT_SHARE, _GRADIENT_MOST = 90, 24.0


def with_ink(page: Page, pixels: NDArray[np.uint8]) -> Page:
    """Returns the page with each icon's painted part; icons that paint nothing are left out."""
    pictures = [_with_ink(picture, pixels) for picture in page.pictures]
    return replace(page, pictures=tuple(item for item in pictures if item))


def _with_ink(picture: Picture, pixels: NDArray[np.uint8]) -> Picture | None:
    if not picture.icon:
        return picture
    box = picture.box
    left, top = max(0, math.floor(box.x)), max(0, math.floor(box.y))
    part = pixels[top : math.ceil(box.bottom), left : math.ceil(box.right)].astype(np.int16)
    if min(part.shape[:2]) < 2:
        return None
    frame = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
    colors, counts = np.unique(frame, axis=0, return_counts=True)
    ground = colors[counts.argmax()]
    slack = 0.0
    if counts.max() < _GROUND_LEAST * len(frame):
        # On a gradient the ground varies, but little around a small icon.
        ground = np.median(frame, axis=0)
        slack = float(np.percentile(np.abs(frame - ground).max(axis=1), _GRADIENT_SHARE))
        if slack > _GRADIENT_MOST:
            return picture
    painted = np.abs(part - ground).max(axis=2) > _INK_LEAST + slack
    rows, columns = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    if not len(rows):
        return None
    ink = Box(
        left + int(columns[0]),
        top + int(rows[0]),
        int(columns[-1] - columns[0]) + 1,
        int(rows[-1] - rows[0]) + 1,
    )
    return replace(picture, ink=ink)
