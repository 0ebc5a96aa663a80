"""Leaves out what is too faint to be an icon: the fringes of shadows, arcs of outlines, dust."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.percepts import Box, Picture, PictureKind

# The sharpest step between neighbouring pixels, in any channel: icons are drawn in an ink that
# can be told from the ground at a glance, shadows fade over many pixels.
_LEAST_STEP = 24
# Strokes that cover less than this share of their box, as the corner of an outline does, are
# sharper if they are an icon's.
_THIN, _LEAST_THIN_STEP = 0.2, 40
# Channel difference from the ground around from which a pixel is of the stroke.
_INKED = 12


def without_faint(pixels: Pixels, pictures: Sequence[Picture]) -> list[Picture]:
    """Returns the pictures that are not faint; only icons can be."""
    return [
        item
        for item in pictures
        if item.kind is not PictureKind.ICON or not _is_faint(pixels, item.box)
    ]


def _is_faint(pixels: Pixels, box: Box) -> bool:
    top, left = max(int(box.y) - 1, 0), max(int(box.x) - 1, 0)
    window = pixels[top : int(box.bottom) + 1, left : int(box.right) + 1].astype(np.int16)
    steps = (np.abs(np.diff(window, axis=axis)).max(initial=0) for axis in (0, 1))
    sharpest = max(steps)
    if sharpest < _LEAST_STEP or sharpest >= _LEAST_THIN_STEP:
        return bool(sharpest < _LEAST_STEP)
    frame = np.concatenate([window[0], window[-1], window[:, 0], window[:, -1]])
    inked = np.abs(window - np.median(frame, axis=0)).max(axis=2) > _INKED
    return bool(inked.mean() < _THIN)
