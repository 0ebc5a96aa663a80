"""Finds the underlines of a line, of all of it or of words in it, and takes them off its ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.vision.perception.boundaries import Boundary
from engine.vision.perception.ink import Ink
from engine.vision.perception.ocr import OcrChar

# Coverage above this may be part of an underline; from pixel to pixel along it the coverage
# differs by less than the other, where the feet of letters that stand close have soft edges.
_JOINED, _STEADY = 0.6, 0.15
# Over the line's height: how long a stroke is at least, and the longest of an underline.
_STROKE, _LONGEST = 0.3, 1.0
# The share of an underline that letters stand on; under a dash nothing does. In a line so tall,
# in pixels, a row above it is free but for descenders, by so much; serifs may meet in it.
_LETTERS = 0.3
_TALL, _GAP_ROWS, _FREE = 18, 3, 0.25
# Descenders interrupt an underline by up to so many times the line's height; so much of the
# interruption is their ink.
_SKIP, _DESCENDER = 1.2, 0.1
# A row above a stroke that is inked for this share belongs to it.
_ABOVE = 0.75
# On a picture only an underline of the whole line is one, so much of its width.
_WHOLE = 0.75
# Of a word that is underlined, the share that is so at least: a comma after it is not.
_WORD = 0.6
_LOWEST_LINE = 6
# How far from the words on either side the underlines of two links end, over the font size.
_ENDS = 0.15
# The room that an icon takes between two links, over the font size.
_ICON = 0.9
_LISTING = ",;/|&·•"


@dataclass(frozen=True, slots=True)
class _Stroke:
    """Rows [top, bottom) and columns [left, right) of an underline within the ink window."""

    top: int
    bottom: int
    left: int
    right: int


def take_underlines(ink: Ink) -> tuple[Ink, tuple[tuple[float, float], ...]]:
    """Returns ink without its underlines, which would join all columns, and their extents.

    The extents are (left, right) in page pixels, from left to right.
    """
    if len(ink.coverage) < _LOWEST_LINE:
        return ink, ()
    strokes = sorted(_strokes(ink.coverage), key=lambda stroke: stroke.left)
    if not ink.flat:
        width = np.count_nonzero(ink.coverage.max(axis=0) > 1 - _WHOLE)
        if sum(stroke.right - stroke.left for stroke in strokes) < _WHOLE * width:
            return ink, ()
    if not strokes:
        return ink, ()
    cleared = ink.coverage.copy()
    for stroke in strokes:
        top = max(stroke.top - 1, 0)
        cleared[top : stroke.bottom + 1, stroke.left : stroke.right] = 0
    extents = tuple((float(ink.x + part.left), float(ink.x + part.right)) for part in strokes)
    return replace(ink, coverage=cleared), extents


def is_underlined(left: float, right: float, extents: Sequence[tuple[float, float]]) -> bool:
    """Returns whether what runs from `left` to `right` is underlined, but for a sign at its end."""
    covered = sum(max(min(right, end) - max(left, start), 0.0) for start, end in extents)
    return covered >= _WORD * (right - left)


def part_links(
    chars: Sequence[OcrChar],
    cuts: Sequence[str],
    boundaries: Sequence[Boundary],
    extents: Sequence[tuple[float, float]],
    size: float,
) -> list[str]:
    """Returns the cuts with "|" for the spaces between two underlines, which part two links.

    A space within a link is underlined like its words; links of a list in a sentence have
    signs between them.
    """
    spaces = [(first[1], second[0]) for first, second in pairwise(extents)]
    result = list(cuts)
    for index, (cut, boundary) in enumerate(zip(cuts, boundaries, strict=True)):
        pair = chars[index], chars[index + 1]
        if cut != " " or any(char.text in _LISTING for char in pair):
            continue
        if any(_parts(boundary, (pair[0].x, pair[1].x), space, size) for space in spaces):
            result[index] = "|"
    return result


def _parts(
    boundary: Boundary, around: tuple[float, float], space: tuple[float, float], size: float
) -> bool:
    """Returns whether a boundary is the space between two underlines, and no sign is in it."""
    left, right = boundary.middle - boundary.gap / 2, boundary.middle + boundary.gap / 2
    if abs(left - space[0]) <= _ENDS * size and abs(right - space[1]) <= _ENDS * size:
        return True
    return around[0] <= space[0] and around[1] >= space[1] and space[1] - space[0] >= _ICON * size


def _strokes(coverage: NDArray[np.float32]) -> Iterator[_Stroke]:
    """Yields the underlines of a line, each in the lowest rows that it fills."""
    height = len(coverage)
    thickest = max(2, height // 8)
    solid = coverage > _JOINED
    jumps = np.abs(np.diff(coverage, axis=1, prepend=coverage[:, :1])) >= _STEADY
    steady = ~(jumps & np.roll(solid, 1, axis=1))
    taken = np.zeros(coverage.shape[1], np.bool_)
    for row in range(height - 1, height * 3 // 5 - 1, -1):
        for left, right in _stretches(solid & steady, row):
            if taken[left:right].any():
                continue
            top = row
            while top > 0 and solid[top - 1, left:right].mean() >= _ABOVE:
                top -= 1
            if row + 1 - top <= thickest and _is_below_letters(solid[:top, left:right]):
                taken[left:right] = True
                yield _Stroke(top, row + 1, left, right)


def _is_below_letters(above: NDArray[np.bool_]) -> bool:
    """Returns whether letters stand above a stroke, and do not merely end in it."""
    lettered = above[:-1].any(axis=0).mean() >= _LETTERS
    free = len(above) < _TALL or above[-_GAP_ROWS:].mean(axis=1).min() <= _FREE
    return bool(lettered and free)


def _stretches(solid: NDArray[np.bool_], row: int) -> list[tuple[int, int]]:
    """Returns the columns [left, right) where a row is inked on, but for descenders."""
    height = len(solid)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], solid[row].view(np.int8), [0]])))
    joined: list[tuple[int, int, int]] = []
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        if right - left < _STROKE * height:
            continue
        if joined and _is_interrupted(solid, row, joined[-1][1], int(left)):
            first, _, longest = joined.pop()
            joined.append((first, int(right), max(longest, int(right - left))))
        else:
            joined.append((int(left), int(right), int(right - left)))
    return [(left, right) for left, right, longest in joined if longest >= _LONGEST * height]


def _is_interrupted(solid: NDArray[np.bool_], row: int, left: int, right: int) -> bool:
    """Returns whether descenders stand where an underline stops between two columns."""
    if right - left > _SKIP * len(solid):
        return False
    below = solid[row + 1 :, left:right].any(axis=0)
    return bool(below.mean() >= _DESCENDER)
