"""Finds icons between the words of a line, which the recogniser passes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.vision.perception.glyphs import RINGED, is_cjk
from engine.vision.perception.ink import Ink
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.percepts import Box

# All over the font size. Strokes of one icon are closer than this; its width; what is left free
# on either side of it; and how far from it the next letters were read, before and after it, where
# the recogniser puts letters off their ink by up to half a letter.
_CLOSE = 0.14
_LEAST, _LARGEST = 0.5, 2.0
_FREE = 0.14
_BEFORE, _AFTER = 0.2, 0.45
# Signs that are type, such as a heart, stand on the baseline a space apart, where icons are set
# about the middle of the line and so reach below it.
_SPACE = 0.6
# Those that float over the baseline are higher than dashes and dots.
_HIGH = 0.3
# What check marks are read as, and below which confidence a ringed letter is an icon in a disc.
_CHECKS, _DOUBTFUL = frozenset("√✓✔"), 0.7
# Coverage above which a pixel is inked.
_INKED = 0.25


def part_by_icons(
    line: OcrLine, ink: Ink, runs: Sequence[tuple[int, int]], size: float
) -> list[OcrLine]:
    """Returns the stretches of a line between the icons in it; the line alone if there are none.

    Args:
        line: A line as it was read.
        ink: Its ink.
        runs: The inked columns, each from its first to after its last, within the ink's window.
        size: The rough font size, in pixels.
    """
    if not ink.flat:
        return [line]
    chars = [char for char in line.chars if not char.text.isspace()]
    strokes: list[tuple[int, int]] = []
    for start, end in runs:
        if strokes and start - strokes[-1][1] < _CLOSE * size:
            strokes[-1] = (strokes[-1][0], end)
        else:
            strokes.append((start, end))
    icons = []
    for (_, before), (start, end), (after, _) in zip(
        strokes, strokes[1:], strokes[2:], strict=False
    ):
        free = min(start - before, after - end)
        if free < _FREE * size or not _LEAST * size <= end - start <= _LARGEST * size:
            continue
        place = (ink.x + start, ink.x + end)
        if _is_misread(chars, place) or (
            _is_unread(chars, place, size)
            and (free > _SPACE * size or _is_off_line(ink, runs, (start, end), size))
        ):
            icons.append(place)
    if not icons:
        return [line]
    edges = [line.box.x, *(x for icon in icons for x in icon), line.box.right]
    return [_part(line, start, end) for start, end in pairwise(edges)][::2]


def _is_unread(chars: Sequence[OcrChar], icon: tuple[int, int], size: float) -> bool:
    """Whether no letter was read at an icon, or near enough to be meant for it."""
    before = max((char.x for char in chars if char.x < icon[0]), default=None)
    after = min((char.x for char in chars if char.x > icon[1]), default=None)
    if before is None or after is None:
        return False
    if any(icon[0] <= char.x <= icon[1] for char in chars):
        return False
    return icon[0] - before >= _BEFORE * size and after - icon[1] >= _AFTER * size


def _is_misread(chars: Sequence[OcrChar], icon: tuple[int, int]) -> bool:
    """Whether an icon was read as a sign that icons look like, or as its line's one ideogram."""
    held = [char for char in chars if icon[0] <= char.x <= icon[1]]
    if len(held) != 1:
        return False
    char = held[0]
    if is_cjk(char.text):
        return sum(is_cjk(other.text) for other in chars) == 1
    ringed = char.text in RINGED and char.confidence < _DOUBTFUL
    return ringed or char.text in _CHECKS


def _is_off_line(
    ink: Ink, runs: Sequence[tuple[int, int]], place: tuple[int, int], size: float
) -> bool:
    """Whether the ink at a place reaches below the feet of most letters, or floats over them."""
    baseline = np.median([_rows(ink, run)[-1] for run in runs])
    rows = _rows(ink, place)
    floats = rows[-1] < baseline and rows[-1] - rows[0] >= _HIGH * size
    return bool(rows[-1] > baseline or floats)


def _rows(ink: Ink, columns: tuple[int, int]) -> NDArray[np.intp]:
    return np.flatnonzero(ink.coverage[:, columns[0] : columns[1]].max(axis=1) > _INKED)


def _part(line: OcrLine, left: float, right: float) -> OcrLine:
    chars = tuple(char for char in line.chars if left <= char.x < right)
    return replace(line, box=Box(left, line.box.y, right - left, line.box.h), chars=chars)
