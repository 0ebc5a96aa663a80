"""Tells at which device scale a screenshot was taken: how many pixels one CSS pixel has.

Screens of phones and of most laptops have two or three pixels for each CSS pixel, and
their screenshots do not say so. Two things tell: how tall glyphs are (text that people can
read is seldom larger than 20 CSS pixels), and where straight edges lie (boxes begin and end
on whole CSS pixels, so at scale 2 mostly on even pixels; at scale 1 no more often than not).
Measured on 120 real pages at scale 1 and 40 rendered pages at each of 2 and 3: docs/decisions/0016.
"""

from __future__ import annotations

import cv2
import numpy as np

from engine.imaging.decode import Pixels

# Widths of portrait pictures that phones of 320 to 480 CSS pixels take at scale 2 and 3.
_PHONE_AT_2, _PHONE_AT_3 = range(640, 961), range(960, 1441)
# The least width at scale 2 of anything wider than a phone, and of a desktop window.
_TABLET_AT_2, _DESKTOP_AT_2 = 1440, 2048
# Median heights of glyphs, in pixels, from which on text is too large for the scale below.
# Lower-case letters are half as tall as their font size: 27, 34 and 41 pixels of it.
_LARGE, _LARGER, _LARGEST = 13.5, 17.0, 20.5
# With fewer glyphs their median says nothing.
_LEAST_GLYPHS = 40
# Glyphs differ by this from what surrounds them, of 255.
_CONTRAST = 60
# Heights that glyphs have at any scale, in pixels.
_GLYPH_HEIGHTS = (4, 60)
# What surrounds a pixel is its surroundings' median, in a picture this much smaller, over a
# square of this many of its pixels: 60 of the picture's own, larger than glyphs are.
_COARSE, _GROUND = 4, 15
# Glyphs, and pairs of them that touch, against their height: at most this wide ("m", "rt"),
# at least this wide ("l"); and the share of their box that is ink.
_WIDEST, _SLIMMEST, _LEAST_INK = 2.2, 1 / 6, 0.15
# Edges are straight for at least this many pixels: longer than the stems of letters.
_EDGE = 48
# A step from one pixel to the next that is an edge, of 255.
_STEP = 8
# The least share of edges on even pixels at scale 2; at scale 1 and 1.5 it is around .5.
_EVEN = 0.6


def device_scale(pixels: Pixels) -> int:
    """Returns how many pixels one CSS pixel has: 1, 2 or 3; 1 where there is doubt.

    Fractional scales (1.25, 1.5) cannot be told from large type, and count as 1.

    Args:
        pixels: Height x width x 3, BGR, 8 bits.
    """
    height, width = pixels.shape[:2]
    portrait = height > width
    if width < _PHONE_AT_2.start or (width < _TABLET_AT_2 and not portrait):
        return 1
    glyphs = _glyph_height(pixels)
    if portrait and width in _PHONE_AT_3 and glyphs >= _LARGEST:
        return 3
    if portrait and width in _PHONE_AT_2 and glyphs >= _LARGE:
        return 2
    if width < _TABLET_AT_2 or glyphs < _LARGE:
        return 1
    surely_large = glyphs >= _LARGER and width >= _DESKTOP_AT_2
    return 2 if surely_large or _share_of_even_edges(pixels) >= _EVEN else 1


def _glyph_height(pixels: Pixels) -> float:
    """Returns the median height of what looks like a glyph, 0 when there are too few."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    height, width = gray.shape
    size = (max(width // _COARSE, 1), max(height // _COARSE, 1))
    small = cv2.resize(gray, size, interpolation=cv2.INTER_AREA)
    ground = cv2.resize(cv2.medianBlur(small, _GROUND), (width, height))
    ink = (cv2.absdiff(gray, ground) > _CONTRAST).astype(np.uint8)
    stats = cv2.connectedComponentsWithStats(ink, connectivity=8)[2][1:]
    wide, high, area = stats[:, 2], stats[:, 3], stats[:, 4]
    least, most = _GLYPH_HEIGHTS
    glyphs = (high >= least) & (high <= most)
    glyphs &= (wide <= _WIDEST * high) & (wide >= _SLIMMEST * high)
    glyphs &= area >= _LEAST_INK * wide * high
    return float(np.median(high[glyphs])) if glyphs.sum() >= _LEAST_GLYPHS else 0.0


def _share_of_even_edges(pixels: Pixels) -> float:
    """Returns the share of rows and columns with a long straight edge that are even, 0 to 1."""
    positions = np.concatenate([_edges(pixels), _edges(pixels.transpose(1, 0, 2))])
    return float((positions % 2 == 0).mean()) if len(positions) else 0.0


def _edges(pixels: Pixels) -> np.ndarray:
    """Returns the rows that begin with a long straight edge."""
    steps = cv2.absdiff(pixels[1:], pixels[:-1]).max(axis=2) > _STEP
    kernel = np.ones((1, _EDGE), np.uint8)
    long = cv2.morphologyEx(steps.astype(np.uint8), cv2.MORPH_OPEN, kernel)
    return np.flatnonzero(long.any(axis=1)) + 1
