"""Finds photos that fill a band of the page from side to side, behind its text."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import mean_hex
from engine.vision.perception.photo_grids import part_photos
from engine.vision.percepts import Box, Picture, PictureKind

# Grain is looked for in blocks of this many pixels.
_BLOCK = 8
# Browsers dither gradients by one level; the grain of photos is coarser.
_DITHER = 1
# Share of a block's pixels that stand out from both neighbours, across and down, if it has grain.
_GRAIN = 0.015
# Parts of a band's width, in each of which there must be grain, and the share of blocks with it.
_PARTS, _SPREAD = 8, 0.008
# Grain this many blocks apart is of one photo; coarse grain is farther apart in its skies.
_REACH, _SKY = 13, 51
# Shares of the blocks of a row that have grain, dithered or not, and of a band's columns with any.
_GRAINY, _COVERED = 0.25, 0.98
# In pixels. What is higher is the texture of a page.
_LEAST_HEIGHT, _HIGHEST = 120, 1_000
# Where a photo ends: pixels around the blocks' edge, the share of the edge with a step, the
# least step, and how far an even part of the photo reaches at most.
_SLACK, _SHARP, _STEP, _FARTHEST = 12, 0.5, 6, 320


def find_photo_bands(pixels: Pixels, text: Sequence[Box]) -> list[Picture]:
    """Returns the photos behind whole bands with text, as backgrounds, from top to bottom.

    What is painted by CSS has no grain: fills are even, and gradients turn by no more than
    what they are dithered by. Photos have some all over.
    """
    if min(pixels.shape[:2]) < _LEAST_HEIGHT:
        return []
    free = _free_of(text, pixels)
    fine, coarse = (_grain(pixels, least) & free for least in (0, _DITHER))
    found = []
    for first, last in _stretches(fine, coarse, free):
        band = slice(first, last)
        whole = fine[band].any(axis=0).mean() >= _COVERED
        parts = np.array_split(_shares(coarse[band], free[band], axis=0), _PARTS)
        if not whole or min(part.mean() for part in parts) < _SPREAD:
            continue
        for box in part_photos(pixels, _to_the_pixel(pixels, first * _BLOCK, last * _BLOCK)):
            if box.w == pixels.shape[1] and any(box.contains(line) for line in text):
                color = mean_hex(pixels[int(box.y) : int(box.bottom)])
                found.append(Picture(box, PictureKind.PHOTO, color, background=True))
    return found


def _stretches(
    fine: NDArray[np.bool_], coarse: NDArray[np.bool_], free: NDArray[np.bool_]
) -> list[tuple[int, int]]:
    """Returns the first row and the one after the last of all that may be one photo's blocks.

    Grain of any kind goes all through, and coarse grain at the page's sides not far from it.
    """
    side = fine.shape[1] // _PARTS
    sides = np.r_[:side, -side:0]
    grainy = _shares(fine, free, axis=1) >= _GRAINY
    rows = _closed(grainy, _REACH) & _closed(_any_of(fine[:, sides]), _REACH)
    stretches = []
    for start, stop in _runs(rows):
        for core in _runs(_closed(_any_of(coarse[start:stop, sides]), _SKY)):
            first, last = start + core[0], start + core[1]
            first = start if first - start <= _SKY else first
            last = stop if stop - last <= _SKY else last
            if _LEAST_HEIGHT <= (last - first) * _BLOCK <= _HIGHEST:
                stretches.append((first, last))
    return stretches


def _grain(pixels: Pixels, least: int) -> NDArray[np.bool_]:
    """Whether blocks have pixels above or below their neighbours by more than `least` levels."""
    height, width = (side // _BLOCK * _BLOCK for side in pixels.shape[:2])
    green = pixels[:, :, 1].astype(np.int16)
    across, down = np.zeros((2, *green.shape), np.uint8)
    across[:, 1:-1] = _turns(green[:, :-2], green[:, 1:-1], green[:, 2:], least)
    down[1:-1] = _turns(green[:-2], green[1:-1], green[2:], least)
    blocks = (width // _BLOCK, height // _BLOCK)
    shares = [
        cv2.resize(turns[:height, :width].astype(np.float32), blocks, interpolation=cv2.INTER_AREA)
        for turns in (across, down)
    ]
    return np.asarray(np.minimum(*shares) >= _GRAIN, np.bool_)


def _turns(
    before: NDArray[np.int16], middle: NDArray[np.int16], after: NDArray[np.int16], least: int
) -> NDArray[np.bool_]:
    above = middle - np.maximum(before, after) > least
    below = np.minimum(before, after) - middle > least
    return np.asarray(above | below, np.bool_)


def _free_of(text: Sequence[Box], pixels: Pixels) -> NDArray[np.bool_]:
    """The blocks of a page that no line of text touches."""
    free = np.ones([side // _BLOCK for side in pixels.shape[:2]], np.bool_)
    for box in text:
        rows = slice(int(box.y) // _BLOCK, int(box.bottom) // _BLOCK + 1)
        free[rows, int(box.x) // _BLOCK : int(box.right) // _BLOCK + 1] = False
    return free


def _shares(blocks: NDArray[np.bool_], of: NDArray[np.bool_], axis: int) -> NDArray[np.float64]:
    return np.asarray(blocks.sum(axis=axis) / np.maximum(of.sum(axis=axis), 1), np.float64)


def _any_of(blocks: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The rows with any such block."""
    return np.asarray(blocks.any(axis=1), np.bool_)


def _closed(rows: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    column = rows.astype(np.uint8)[:, None]
    closed = cv2.morphologyEx(column, cv2.MORPH_CLOSE, np.ones((reach, 1), np.uint8))
    return np.asarray(closed[:, 0] > 0, np.bool_)


def _runs(rows: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], rows, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _to_the_pixel(pixels: Pixels, top: int, bottom: int) -> Box:
    """Moves the upper and lower edges of a band to the sharpest steps near them."""
    steps = np.abs(np.diff(pixels.astype(np.int16), axis=0)).max(axis=2)
    down = (steps >= _STEP).mean(axis=1)
    first, last = _snap(down, top, -1), _snap(down, bottom, 1)
    return Box(0, first, pixels.shape[1], last - first)


def _snap(steps: NDArray[np.float64], edge: int, outwards: int) -> int:
    """Returns where an edge is; `steps[i]` lies between i and i + 1, `outwards` is -1 or 1.

    An even part of the photo, such as the sky, may lie between the grain and the edge.
    """
    end = len(steps) + 1
    first, last = max(edge - _SLACK, 0), min(edge + _SLACK, end - 1)
    if edge <= _SLACK or edge >= end - _SLACK:
        return 0 if edge <= _SLACK else end
    if steps[first:last].max() >= _SHARP:
        return first + 1 + int(steps[first:last].argmax())
    beyond = steps[edge:] if outwards > 0 else steps[:edge][::-1]
    sharp = np.flatnonzero(beyond[:_FARTHEST] >= _SHARP)
    if not len(sharp):
        return edge
    return edge + int(sharp[0]) + 1 if outwards > 0 else edge - int(sharp[0])
