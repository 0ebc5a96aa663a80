"""Looks along the four sides of a box: how straight they are and what lies beyond."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

TOP, RIGHT, BOTTOM, LEFT = range(4)
# Corners up to this radius are left out when a side is looked at.
_CORNER = 24


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
        float((line == label).mean()) if line.size else 0.0 for line in _edge(labels, box, inset)
    ]


def _edge(labels: NDArray[np.int32], box: Box, inset: int) -> Iterator[NDArray[np.int32]]:
    x, y, w, h = int(box.x), int(box.y), int(box.w), int(box.h)
    across = min(_CORNER, h // 2, max((w - 1) // 2, 0))
    down = min(_CORNER, w // 2, max((h - 1) // 2, 0))
    yield labels[y + inset, x + across : x + w - across]
    yield labels[y + down : y + h - down, x + w - 1 - inset]
    yield labels[y + h - 1 - inset, x + across : x + w - across]
    yield labels[y + down : y + h - down, x + inset]


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
