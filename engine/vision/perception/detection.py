"""From a page to tiles for the text detector, and from its maps to boxes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

# Thresholds and the growth ratio are those that the models were trained and are
# shipped with (DB, arXiv:1911.08947; RapidOCR's config.yaml).
_PIXEL_THRESHOLD = 0.3
_BOX_THRESHOLD = 0.5
_GROWTH = 1.6
_MIN_SIDE = 3
# Tiles are about this high; a cut is moved up to this far to an empty row.
_TILE_HEIGHT = 960
_CUT_SEARCH = 240


def tiles(pixels: Pixels) -> list[tuple[int, int]]:
    """Cuts a page into rows of (top, bottom) where no text is crossed if possible."""
    height = pixels.shape[0]
    result: list[tuple[int, int]] = []
    top = 0
    while height - top > _TILE_HEIGHT + _CUT_SEARCH:
        low, high = top + _TILE_HEIGHT - _CUT_SEARCH, top + _TILE_HEIGHT
        cut = low + _calmest_row(pixels[low:high])
        result.append((top, cut))
        top = cut
    result.append((top, height))
    return result


def _calmest_row(rows: Pixels) -> int:
    """The row with the least horizontal change, the lowest of equals in the widest calm."""
    change = np.abs(np.diff(rows[:, ::2].astype(np.int16), axis=1)).sum(axis=(1, 2))
    calm = cv2.blur(change.astype(np.float32).reshape(-1, 1), (1, 15)).ravel()
    return int(len(calm) - 1 - np.argmin(calm[::-1]))


def boxes_from_map(text: NDArray[np.float32]) -> list[tuple[Box, float]]:
    """Turns a probability map into (box, score); boxes are upright rectangles."""
    height, width = text.shape
    mask = cv2.dilate((text > _PIXEL_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[tuple[Box, float]] = []
    for label in range(1, count):
        x, y, w, h = (int(value) for value in stats[label, :4])
        if min(w, h) < _MIN_SIDE:
            continue
        window = (slice(y, y + h), slice(x, x + w))
        score = float(text[window][labels[window] == label].mean())
        if score < _BOX_THRESHOLD:
            continue
        grow = w * h * _GROWTH / (2 * (w + h))
        left, top = max(round(x - grow), 0), max(round(y - grow), 0)
        right, bottom = min(round(x + w + grow), width), min(round(y + h + grow), height)
        found.append((Box(left, top, right - left, bottom - top), score))
    return found


def merge_across_tiles(
    found: Sequence[tuple[Box, float]], cuts: Sequence[int]
) -> list[tuple[Box, float]]:
    """Joins the halves of lines that a cut went through, as when a photo fills the page."""
    result = list(found)
    for cut in cuts:
        above = [item for item in result if abs(item[0].bottom - cut) <= 1]
        below = [item for item in result if abs(item[0].y - cut) <= 1]
        for upper in above:
            for lower in below:
                overlap = min(upper[0].right, lower[0].right) - max(upper[0].x, lower[0].x)
                if overlap > 0.5 * min(upper[0].w, lower[0].w) and lower in result:
                    result.remove(lower)
                    if upper in result:
                        result.remove(upper)
                    result.append((upper[0].union(lower[0]), max(upper[1], lower[1])))
                    break
    return result
