"""Font size, weight and class of a segment, from its ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.vision.perception.glyphs import (
    CAP_HEIGHT,
    FLOATING,
    HANGING,
    SHORT,
    TALL,
    X_HEIGHT,
    reach_of,
)
from engine.vision.perception.segments import Segment

_SEEN = 0.12
# Soft edges widen stems by this many pixels. The limits, over the font size, part the
# weights of the corpus best (94 % of lines right for bold or not).
_BLUR = 0.9
_LIGHT, _BOLD, _HEAVY = 0.06, 0.108, 0.122
# Italics of text fonts lean by 9 to 14 degrees.
_SLANT = 0.21
_CLEARER = 1.06
_LEAST_SLANTED = 1.5


@dataclass(frozen=True, slots=True)
class Measure:
    """Vertical measures in page pixels; heights are None where no character shows them.

    `stem` is the mean width of horizontal ink runs in pixels.
    """

    baseline: float
    cap: float | None
    x_height: float | None
    size: float
    stem: float


def measure(segment: Segment) -> Measure:
    """Measures one segment."""
    edges = [_edges(segment.ink.coverage[:, run.left : run.right]) for run in segment.runs]
    baseline = _baseline(segment, edges)
    tall = [
        baseline - top
        for run, (top, _) in zip(segment.runs, edges, strict=True)
        if any(char in TALL for char in run.text)
    ]
    short = [
        baseline - top
        for run, (top, _) in zip(segment.runs, edges, strict=True)
        if run.text and all(char in SHORT for char in run.text)
    ]
    cap = float(np.median(tall)) if tall else None
    x_height = float(np.median(short)) if short else None
    return Measure(
        segment.ink.y + baseline,
        cap,
        x_height,
        _size(segment, cap, x_height, baseline),
        stem_width(segment.ink.coverage),
    )


def _edges(columns: NDArray[np.float32]) -> tuple[float, float]:
    """Top and bottom of the ink with sub-pixel soft edges."""
    rows = columns.max(axis=1)
    seen = np.flatnonzero(rows > _SEEN)
    if not len(seen):
        return 0.0, float(len(rows))
    first, last = int(seen[0]), int(seen[-1])
    top = first + (1 - float(rows[first]))
    bottom = last + float(rows[last])
    return top, bottom


def _baseline(segment: Segment, edges: list[tuple[float, float]]) -> float:
    bottoms = [
        bottom
        for run, (_, bottom) in zip(segment.runs, edges, strict=True)
        if run.text
        and not any(char in HANGING for char in run.text)
        and not all(char in FLOATING for char in run.text)
    ]
    if bottoms:
        return float(np.median(bottoms))
    reach = reach_of(segment.text)
    _, bottom = _edges(segment.ink.coverage)
    return bottom - reach.below * segment.rough_size


def _size(segment: Segment, cap: float | None, x_height: float | None, baseline: float) -> float:
    estimates: list[tuple[float, float]] = []
    if cap is not None:
        estimates.append((cap / CAP_HEIGHT, cap))
    if x_height is not None:
        estimates.append((x_height / X_HEIGHT, x_height))
    if not estimates:
        reach = reach_of(segment.text)
        top, _ = _edges(segment.ink.coverage)
        return max((baseline - top) / reach.above, 4.0)
    total = sum(weight for _, weight in estimates)
    return sum(size * weight for size, weight in estimates) / total


def stem_width(coverage: NDArray[np.float32]) -> float:
    """The mean width of horizontal ink runs: twice the area over the horizontal variation."""
    variation = float(np.abs(np.diff(coverage, axis=1, prepend=0, append=0)).sum())
    return 2 * float(coverage.sum()) / variation if variation else 0.0


def weight_of(measure: Measure, size: float) -> int:
    """Returns the CSS weight, 300 to 700, for the stems of a text of `size` pixels."""
    ratio = (measure.stem - _BLUR) / size
    if ratio < _LIGHT:
        return 300
    if ratio < _BOLD:
        return 400
    return 600 if ratio < _HEAVY else 700


def is_bold(measure: Measure) -> bool:
    """Whether the stems are those of weight 600 and more, by a first estimate of the size."""
    return (measure.stem - _BLUR) / measure.size > _BOLD


def is_italic(coverage: NDArray[np.float32]) -> bool:
    """Whether upright strokes become clearer when the line is sheared back by 12 degrees."""
    height, width = coverage.shape
    if width < _LEAST_SLANTED * height:
        return False
    upright = float((coverage.sum(axis=0) ** 2).sum())
    shear = np.array([[1, _SLANT, 0], [0, 1, 0]], np.float64)
    size = (width + round(_SLANT * height) + 1, height)
    sheared = np.asarray(cv2.warpAffine(coverage, shear, size), np.float32)
    return float((sheared.sum(axis=0) ** 2).sum()) > _CLEARER * upright
