"""The PDQ perceptual hash.

Written from the description in "The TMK+PDQF Video-Hashing Algorithm and the
PDQ Image-Hashing Algorithm" (Facebook, 2019): luminance, a tent filter made of
two box passes, decimation to 64 x 64, a 16 x 16 block of its DCT, one bit per
coefficient above the median.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.decode import Pixels

_GRID = 64
_BLOCK = 16
_PASSES = 2
# Luminance weights of the paper, in BGR order.
_LUMA = np.array([[0.114, 0.587, 0.299]], np.float32)
# The gradient sum is divided by this and capped at 100 (the paper's quality metric).
_QUALITY_DIVISOR = 90


@dataclass(frozen=True, slots=True)
class PdqHash:
    """256 bits, most significant first, and quality 0 (featureless) to 100.

    Two pictures are near duplicates at a Hamming distance of at most 31 when
    both qualities exceed 49 (the paper's recommendation).
    """

    bits: bytes
    quality: int

    def distance(self, other: PdqHash) -> int:
        """Returns the Hamming distance, 0 to 256."""
        return (int.from_bytes(self.bits, "big") ^ int.from_bytes(other.bits, "big")).bit_count()


def pdq(pixels: Pixels) -> PdqHash:
    """Hashes a picture of any size (at least 1 x 1 pixel)."""
    luma = np.asarray(cv2.transform(pixels.astype(np.float32), _LUMA), np.float32)
    small = _decimate(luma.reshape(pixels.shape[:2]))
    transform = _dct_rows()
    block = transform @ small @ transform.T
    # The lower median: half of 256 coefficients exceed it.
    median = np.partition(block.ravel(), block.size // 2 - 1)[block.size // 2 - 1]
    # Bit k = 16 i + j counts from the least significant end.
    bits = np.packbits((block > median).ravel()[::-1])
    return PdqHash(bits.tobytes(), _quality(small))


def _decimate(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = luma.shape
    row_window, column_window = _window(width), _window(height)
    kernel = (row_window, column_window)
    # The window reaches (w + 2) // 2 - 1 samples ahead and the rest behind.
    anchor = (row_window - (row_window + 2) // 2, column_window - (column_window + 2) // 2)

    def total(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(
            cv2.boxFilter(
                values, cv2.CV_32F, kernel, anchor=anchor, normalize=False,
                borderType=cv2.BORDER_CONSTANT,
            ),
            np.float32,
        )  # fmt: skip

    counts = total(np.ones_like(luma))
    for _ in range(_PASSES):
        luma = total(luma) / counts
    rows = ((np.arange(_GRID) + 0.5) * height / _GRID).astype(int)
    columns = ((np.arange(_GRID) + 0.5) * width / _GRID).astype(int)
    return np.asarray(luma[np.ix_(rows, columns)], np.float32)


def _window(side: int) -> int:
    return (side + 2 * _GRID - 1) // (2 * _GRID)


@lru_cache(maxsize=1)
def _dct_rows() -> NDArray[np.float32]:
    """Rows 1 to 16 of the 64-point DCT-II."""
    row = np.arange(1, _BLOCK + 1)[:, None]
    column = np.arange(_GRID)[None, :]
    angle = np.pi / (2 * _GRID) * row * (2 * column + 1)
    return np.asarray(np.sqrt(2 / _GRID) * np.cos(angle), np.float32)


def _quality(small: NDArray[np.float32]) -> int:
    total = 0
    for axis in (0, 1):
        steps = np.trunc(np.diff(small, axis=axis) * 100 / 255)
        total += int(np.abs(steps).sum())
    return min(total // _QUALITY_DIVISOR, 100)
