"""From a page to tiles for the text detector, and from its maps to boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Detection:
    """A line of text: its box, the detector's score (0 to 1), and whether its core is
    cut by the upper or lower edge of its tile.
    """

    box: Box
    score: float
    cut_above: bool = False
    cut_below: bool = False


def boxes_from_map(text: NDArray[np.float32]) -> list[Detection]:
    """Turns a tile's probability map into upright boxes, which may reach over its edges."""
    height = len(text)
    mask = cv2.dilate((text > _PIXEL_THRESHOLD).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    found: list[Detection] = []
    for label in range(1, count):
        x, y, w, h = (int(value) for value in stats[label, :4])
        if min(w, h) < _MIN_SIDE:
            continue
        window = (slice(y, y + h), slice(x, x + w))
        score = float(text[window][labels[window] == label].mean())
        if score < _BOX_THRESHOLD:
            continue
        grow = w * h * _GROWTH / (2 * (w + h))
        left, top = round(x - grow), round(y - grow)
        box = Box(left, top, round(x + w + grow) - left, round(y + h + grow) - top)
        found.append(Detection(box, score, cut_above=y == 0, cut_below=y + h == height))
    return found


def merge_across_tiles(found: Sequence[Sequence[Detection]]) -> list[Detection]:
    """Joins the halves of lines that a cut went through, as when a photo fills the page.

    `found` holds the detections of each tile, top to bottom, in page coordinates.
    """
    result: list[Detection] = []
    open_above: list[Detection] = []
    for tile in found:
        cut: list[Detection] = []
        for item in tile:
            joined = item
            for other in [o for o in open_above if item.cut_above and _over(o.box, item.box)]:
                open_above.remove(other)
                joined = Detection(
                    joined.box.union(other.box),
                    max(joined.score, other.score),
                    cut_below=item.cut_below,
                )
            (cut if joined.cut_below else result).append(joined)
        result += open_above
        open_above = cut
    return result + open_above


def _over(upper: Box, lower: Box) -> bool:
    overlap = min(upper.right, lower.right) - max(upper.x, lower.x)
    return overlap > 0.5 * min(upper.w, lower.w)
