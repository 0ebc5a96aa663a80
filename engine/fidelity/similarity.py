"""Structural similarity of two screenshots, pictures left out."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.geometry import Box

# Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error
# visibility to structural similarity" (2004): 11 x 11 Gaussian of sigma 1.5.
_SIGMA = 1.5
_WINDOW = 11
_C1 = (0.01 * 255) ** 2
_C2 = (0.03 * 255) ** 2
_SCALE = 4

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


def ssim_without_pictures(made: Pixels, original: Pixels, pictures: Sequence[Box]) -> float:
    """Returns the mean SSIM, at most 1, of two BGR screenshots at a quarter of their size.

    Pixels within `pictures` (boxes of the original) do not count. The pages
    are compared from the top; where one is shorter it counts as black there,
    so that a wrong length is a loss. An original that is all pictures says
    nothing: then it is 1.
    """
    height = max(made.shape[0], original.shape[0])
    width = max(made.shape[1], original.shape[1])
    first, second = (_gray_quarter(item, width, height) for item in (made, original))
    mask = np.ones((height, width), dtype=np.uint8)
    for box in pictures:
        mask[max(0, int(box.y)) : int(box.bottom) + 1, max(0, int(box.x)) : int(box.right) + 1] = 0
    weights = _quarter(mask, cv2.INTER_NEAREST)
    similarity = _ssim_map(first, second)
    counted = weights > 0
    own = counted[: max(1, original.shape[0] // _SCALE)]
    return float(similarity[counted].mean()) if own.any() else 1.0


def _gray_quarter(pixels: Pixels, width: int, height: int) -> Floats:
    canvas = np.zeros((height, width), dtype=np.uint8)
    canvas[: pixels.shape[0], : pixels.shape[1]] = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return _quarter(canvas, cv2.INTER_AREA).astype(np.float64)


def _quarter(pixels: Pixels, interpolation: int) -> Pixels:
    size = (max(1, pixels.shape[1] // _SCALE), max(1, pixels.shape[0] // _SCALE))
    return np.asarray(cv2.resize(pixels, size, interpolation=interpolation), dtype=np.uint8)


def _blur(values: Floats) -> Floats:
    return np.asarray(cv2.GaussianBlur(values, (_WINDOW, _WINDOW), _SIGMA), dtype=np.float64)


def _ssim_map(x: Floats, y: Floats) -> Floats:
    mean_x, mean_y = _blur(x), _blur(y)
    var_x = _blur(x * x) - mean_x**2
    var_y = _blur(y * y) - mean_y**2
    cov = _blur(x * y) - mean_x * mean_y
    return ((2 * mean_x * mean_y + _C1) * (2 * cov + _C2)) / (
        (mean_x**2 + mean_y**2 + _C1) * (var_x + var_y + _C2)
    )
