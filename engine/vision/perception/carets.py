"""Tells the small triangles beside menus and selects from icons.

Style sheets draw them from borders, whose widths are whole pixels; no picture is
loaded for them. Those of icon fonts are larger, or have round corners.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box, Picture, PictureKind

# The longest side in pixels, and the longer side over the shorter: a triangle of two equal
# borders is twice as long as high; play signs are nearly as high as long.
_LARGEST, _LEAST_FLAT, _MOST_FLAT = 16, 1.3, 2.7
# How far the share of ink in a pixel may be from the triangle's; soft edges have 0.1.
_OFF = 0.3
_FAINT = 0.15
_FINE = 8


def as_caret(pixels: Pixels, picture: Picture) -> Picture:
    """Returns the picture as a triangle with its corners if it is one."""
    if picture.kind is not PictureKind.ICON or max(picture.box.w, picture.box.h) > _LARGEST:
        return picture
    found = _ink(pixels, picture.box)
    if found is None:
        return picture
    box, seen = found
    long, short = max(box.w, box.h), min(box.w, box.h)
    if not _LEAST_FLAT <= long / short <= _MOST_FLAT:
        return picture
    upright = box.h > box.w
    for tip, base in ((short, 0.0), (0.0, short)):
        corners = np.array([(0.0, base), (long, base), (long / 2, tip)])
        if _off(seen, corners, upright=upright).max() <= _OFF:
            return replace(picture, box=box, shape="triangle", path=_path(corners, upright=upright))
    return picture


def _ink(pixels: Pixels, box: Box) -> tuple[Box, NDArray[np.float64]] | None:
    """The share of ink in each pixel of a box, which is cut down to what is not faint.

    Ink is told by how far its colour is from that around the box.
    """
    x, y, w, h = int(box.x), int(box.y), int(box.w), int(box.h)
    grown = pixels[max(y - 1, 0) : y + h + 1, max(x - 1, 0) : x + w + 1].astype(np.float64)
    if grown.shape[:2] != (h + 2, w + 2):
        return None
    ground = np.median(grown[[0, -1]].reshape(-1, 3), axis=0)
    away = np.abs(grown[1:-1, 1:-1] - ground).max(axis=2)
    seen = np.asarray(away / max(float(away.max()), 1.0), np.float64)
    rows, columns = (np.flatnonzero(seen.max(axis=axis) > _FAINT) for axis in (1, 0))
    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    inner = Box(x + int(left), y + int(top), int(right - left), int(bottom - top))
    return inner, seen[top:bottom, left:right]


def _off(
    seen: NDArray[np.float64], corners: NDArray[np.float64], *, upright: bool
) -> NDArray[np.float64]:
    """How far each pixel's share of ink is from a polygon's."""
    height, width = seen.shape
    fine = np.zeros((height * _FINE, width * _FINE), np.uint8)
    points = corners[:, ::-1] if upright else corners
    cv2.fillPoly(fine, [np.rint(points * _FINE - 0.5).astype(np.int32)], 1)
    parts = fine.reshape(height, _FINE, width, _FINE)
    return np.asarray(np.abs(seen - parts.mean(axis=(1, 3))), np.float64)


def _path(corners: NDArray[np.float64], *, upright: bool) -> str:
    points = corners[:, ::-1] if upright else corners
    return "M" + "L".join(f"{x:.4g} {y:.4g}" for x, y in points.tolist()) + "z"
