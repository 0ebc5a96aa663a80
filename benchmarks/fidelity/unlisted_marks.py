"""Finds small marks that an original paints and its truth does not list.

Arrows of borders, signs of style sheets beside a text, stars that are letters: whoever looks at
the page sees an icon, and so an icon in its place is none too many.
"""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.fidelity.measured import Page
from engine.geometry import Box

# Channel difference between neighbours at an edge.
_EDGE = 24
# Strokes of one mark lie closer than this; marks have sides of these lengths; pixels.
_CLOSE, _SIDES = 5, (4, 64)
# A mark that takes this much of a control's box, or a control of it, is the control's own.
_CONTROL = 0.5


def unlisted_marks(page: Page, pixels: NDArray[np.uint8]) -> tuple[Box, ...]:
    """Returns the boxes of compact marks apart from texts of words, pictures and controls."""
    # The gradient spreads an edge by one pixel to all sides.
    square = np.ones((3, 3), np.uint8)
    edges = cv2.morphologyEx(pixels, cv2.MORPH_GRADIENT, square).max(axis=2) > _EDGE
    words = [
        line
        for text in page.texts
        if any(char.isalnum() for char in text.text)
        for line in text.lines
    ]
    for box in [*words, *(picture.box for picture in page.pictures)]:
        top, left = max(0, math.floor(box.y) - 1), max(0, math.floor(box.x) - 1)
        edges[top : math.ceil(box.bottom) + 1, left : math.ceil(box.right) + 1] = False
    closed = cv2.morphologyEx(
        edges.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((_CLOSE, _CLOSE), np.uint8)
    )
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    found = [Box(x + 1, y + 1, w - 2, h - 2) for x, y, w, h, _ in stats[1:].tolist()]
    low, high = _SIDES
    return tuple(
        box
        for box in found
        if low <= min(box.w, box.h)
        and max(box.w, box.h) <= high
        and all(box.iou(control.box) < _CONTROL for control in page.controls)
    )
