"""Looks along the four sides of a box: how straight they are and what lies beyond."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

TOP, RIGHT, BOTTOM, LEFT = range(4)
# Corners up to this radius are left out when a side is looked at.
_CORNER = 24
# Slanted edges are this many pixels soft.
_SOFT_EDGE = 3


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a box: the pixel lines beyond it, from near to far.

    `lines` is depth x length x 3; it is shorter at the edge of the page.
    """

    index: int
    lines: Pixels


def covered(labels: NDArray[np.int32], box: Box, label: int, inset: int = 0) -> list[float]:
    """Returns for each side the share of it that carries `label`, corners aside."""
    return [
        float((line == label).mean()) if line.size else 0.0
        for line in (_line(labels, box, side, inset) for side in range(4))
    ]


def uncovered(labels: NDArray[np.int32], box: Box, label: int, side: int) -> float:
    """Returns the share that carries `label` of where a side is not hidden by what lies over it.

    The ground is what lies beyond where the side carries `label`. A line across the box that
    ends at the ground before it comes to the side shows that this is not straight; one that
    ends at anything else, that this is hidden there. 0 at the page's edge.
    """
    height, width = labels.shape
    if (box.y <= 0, box.right >= width, box.bottom >= height, box.x <= 0)[side]:
        return 0.0
    rows = slice(max(int(box.y) - 1, 0), int(box.bottom) + 1)
    grown = labels[rows, max(int(box.x) - 1, 0) : int(box.right) + 1]
    lines = (grown[::-1], grown.T, grown, grown.T[::-1])[side]
    outside, own = lines[-1], lines[:-1] == label
    shown = own[-1]
    beyond_shown, counts = np.unique(outside[shown], return_counts=True)
    if not len(counts):
        return 0.0
    last = len(own) - 1 - own[::-1].argmax(axis=0)
    ends = lines[np.minimum(last + _SOFT_EDGE, len(lines) - 1), np.arange(lines.shape[1])]
    short = own.any(axis=0) & ~shown & (ends == beyond_shown[counts.argmax()])
    return float(shown.sum() / (shown.sum() + short.sum()))


def _line(labels: NDArray[np.int32], box: Box, side: int, inset: int) -> NDArray[np.int32]:
    x, y, w, h = int(box.x), int(box.y), int(box.w), int(box.h)
    if side in (TOP, BOTTOM):
        across = min(_CORNER, h // 2, max((w - 1) // 2, 0))
        row = y + inset if side == TOP else y + h - 1 - inset
        return labels[row, x + across : x + w - across]
    down = min(_CORNER, w // 2, max((h - 1) // 2, 0))
    column = x + inset if side == LEFT else x + w - 1 - inset
    return labels[y + down : y + h - down, column]


def beyond(pixels: Pixels, box: Box, depth: int) -> list[Side]:
    """Returns the lines outside each side, corners aside."""
    x, y, w, h = int(box.x), int(box.y), int(box.w), int(box.h)
    across = min(_CORNER, h // 2, max((w - 1) // 2, 0))
    down = min(_CORNER, w // 2, max((h - 1) // 2, 0))
    columns = slice(x + across, x + w - across)
    rows = slice(y + down, y + h - down)
    return [
        Side(TOP, pixels[max(y - depth, 0) : y, columns][::-1]),
        Side(RIGHT, pixels[rows, x + w : x + w + depth].swapaxes(0, 1)),
        Side(BOTTOM, pixels[y + h : y + h + depth, columns]),
        Side(LEFT, pixels[rows, max(x - depth, 0) : x].swapaxes(0, 1)[::-1]),
    ]


def typical(line: Pixels) -> tuple[tuple[int, int, int], float]:
    """The median colour of a line of pixels and the share of it that is near that colour."""
    middle = np.median(line, axis=0).astype(int)
    near = (np.abs(line.astype(int) - middle).max(axis=1) <= 3).mean()
    return (int(middle[0]), int(middle[1]), int(middle[2])), float(near)
