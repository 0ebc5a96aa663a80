"""Tells the small triangles and angles beside menus, selects and rows that unfold from icons.

Style sheets draw triangles from borders, whose widths are whole pixels; no picture is
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
# An angle ("chevron") is at least this flat, alike on both sides of its tip up to so great a
# difference, deep at its tip by this share of its height at least, its line is at most so thick,
# and its arms are straight up to this share of its height.
_LEAST_ANGLE, _UNLIKE, _DEPTH, _THICK, _STRAIGHT = 1.2, 0.2, 0.4, 0.75, 0.14
# The longest side of an angle, in pixels, and the shortest of its sides.
_LARGEST_ANGLE, _SMALLEST_ANGLE = 24, 4


def as_caret(pixels: Pixels, picture: Picture) -> Picture:
    """Returns the picture as a triangle with its corners if it is one, or named as an angle.

    An angle's shape is "chevron-" and where it points: down, up, right or left.
    """
    if picture.kind is not PictureKind.ICON or max(picture.box.w, picture.box.h) > _LARGEST_ANGLE:
        return picture
    found = _ink(pixels, picture.box)
    if found is None:
        return picture
    box, seen = found
    points = _angle(seen)
    if points:
        return replace(picture, shape=f"chevron-{points}")
    long, short = max(box.w, box.h), min(box.w, box.h)
    if long > _LARGEST or not _LEAST_FLAT <= long / short <= _MOST_FLAT:
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
    if not len(rows):
        return None
    top, left, bottom, right = rows[0], columns[0], rows[-1] + 1, columns[-1] + 1
    inner = Box(x + int(left), y + int(top), int(right - left), int(bottom - top))
    return inner, seen[top:bottom, left:right]


def _angle(seen: NDArray[np.float64]) -> str:
    """Returns where an angle of two strokes points, or nothing when the ink is no such angle."""
    upright = seen.shape[0] > seen.shape[1]
    shares = seen.T if upright else seen
    height, width = shares.shape
    if height < _SMALLEST_ANGLE or width < _LEAST_ANGLE * height:
        return ""
    strokes = shares.sum(axis=0)
    if strokes.min() < _FAINT or strokes[1:-1].max() > _THICK * height:
        return ""
    if np.abs(shares - shares[:, ::-1]).mean() > _UNLIKE:
        return ""
    middles = (shares * (np.arange(height) + 0.5)[:, None]).sum(axis=0) / strokes
    tip = (width - 1) // 2
    half = (middles[: tip + 1] + middles[::-1][: tip + 1]) / 2
    depth = float(half[-1] - half[0])
    straight = np.abs(half - np.linspace(half[0], half[-1], len(half))).max()
    if abs(depth) < _DEPTH * height or straight > _STRAIGHT * height:
        return ""
    if upright:
        return "right" if depth > 0 else "left"
    return "down" if depth > 0 else "up"


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
