"""Takes off what lossy compression adds to a screenshot: rings around type, blocks, stains.

JPEG turns the flat ground around text into many slightly different colours, which look like
small pictures. Ground is what most of a neighbourhood shows: its median. What differs from it
faintly and in small patches is noise and becomes ground; type, which differs strongly, and
borders and panels, which are long, stay as they are.

Measured on 25 real pages at JPEG quality 85 (F1 of what is seen, OCR apart): icons .17 without
and .55 with it, where the PNG has .66; surfaces .54, .68 and .78: docs/decisions/0017.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.imaging.decode import Pixels

# The bilateral filter that evens out grain first: its diameter in pixels, the difference of
# colours (of 255) and the distance (in pixels) over which it averages.
_DIAMETER, _COLORS, _DISTANCE = 5, 14, 2
# The square whose median is the ground, in pixels: type covers less than half of one.
_GROUND = 15
# Differences from the ground up to this are noise wherever they are, of 255.
_FAINT = 16
# A patch is noise when none of it differs more than this, of 255, and it is shorter, in pixels.
_STRONG, _LONG = 45, 40


def without_compression_noise(pixels: Pixels) -> Pixels:
    """Returns a lossily compressed screenshot with its flat grounds flat again.

    Args:
        pixels: Height x width x 3, BGR, 8 bits; it is not changed.
    """
    even = cv2.bilateralFilter(pixels, _DIAMETER, _COLORS, _DISTANCE)
    ground = cv2.medianBlur(even, _GROUND)
    difference = cv2.absdiff(even, ground).max(axis=2)
    seen = difference > _FAINT
    count, labels, stats, _ = cv2.connectedComponentsWithStats(seen.astype(np.uint8))
    strongest = np.zeros(count, np.uint8)
    np.maximum.at(strongest, labels[seen], difference[seen])
    lengths = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    noise = (strongest < _STRONG) & (lengths < _LONG)
    noise[0] = True
    return np.asarray(np.where(noise[labels][:, :, None], ground, even), np.uint8)
