"""Finds light boxes that only a soft shadow tells apart from a ground of their own colour.

Where a shadow fades out no step parts the box from its ground, so that both are one
flat region. The box's straight sides still show: light within, darkest right outside,
and lighter again pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.fills import shadow_of
from engine.vision.perception.flatmap import FlatMap, hex_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Surface

# Boxes that throw a shadow on a ground like themselves are at least this light.
_LIGHT = 224
# How much darker a shadow is at its box's side; more is another colour.
_FAINT, _DARK = 2, 64
_LEAST_WIDTH, _LEAST_HEIGHT = 72, 32
# A side is seen over at least this many pixels of its length at a time.
_LEAST_RUN = 10
# Sides end this far from the corner, for its radius, and where a shadow begins lower.
_CORNER, _SLACK = 24, 3
# Corners are set in alike across and along, and left and right, up to this.
_ROUND = 8
# Sides whose top does not show end at the same height, up to this.
_LEVEL = 6
# How far outside a side its shadow is looked at, and how much of the step one pixel may take.
_REACH, _SUDDEN = 8, 0.75
_TINT, _DEEP = 6, 8
_SAMPLES = 24
# Share of a box that a region of it fills at least.
_OWN_SHARE = 0.1
# How much the box's own colour may vary from row to row, as of glass over a photo.
_OWN = 3
# Share of an upper side that must show, and of what lies beside it that is the box's own.
_SHOWN, _EVEN = 0.7, 0.9
# Pages with more such steps are photos and gradients.
_MOST = 3000
_KNOWN = 0.8


@dataclass(frozen=True, slots=True)
class _Side:
    """A straight side: the coordinate of the box's edge, and where it starts and ends along it."""

    at: int
    start: int
    end: int


def find_shadowed(pixels: Pixels, regions: FlatMap, known: Sequence[Found]) -> list[Found]:
    """Returns the boxes that throw a shadow and are not among the known surfaces."""
    if min(pixels.shape[:2]) <= 2 * _REACH:
        return []
    green = cv2.extractChannel(pixels, 1)
    bottoms = _sides(pixels, green, _LEAST_WIDTH - 2 * _CORNER)
    if not bottoms:
        return []
    across, turned = pixels.swapaxes(0, 1), cv2.transpose(green)
    rights = _sides(across, turned, _LEAST_RUN)
    lefts = _mirrored(_sides(across[::-1], cv2.flip(turned, 0), _LEAST_RUN), len(across))
    found: list[Found] = []
    for bottom in bottoms:
        left = _upright(lefts, bottom.at, bottom.start - _CORNER, bottom.start + _SLACK)
        right = _upright(rights, bottom.at, bottom.end - _SLACK, bottom.end + _CORNER)
        plain = (bottom.start, bottom.end)
        closed = None
        if (left is None) != (right is None):
            middle = (bottom.start + bottom.end) // 2
            plain = (bottom.start, middle) if left else (middle, bottom.end)
            dark = _on_dark(green, bottom, leftwards=left is None)
            closed = _closed(pixels, bottom, left or dark, right or dark) if dark else None
        closed = closed or _closed(pixels, bottom, left, right)
        if closed is None:
            continue
        box, radius = closed
        if any(item.surface.box.iou(box) > _KNOWN for item in [*known, *found]):
            continue
        found.append(_surface(pixels, regions, box, radius, plain))
    return found


def _mirrored(sides: Sequence[_Side], length: int) -> list[_Side]:
    return [_Side(length - side.at, side.start, side.end) for side in sides]


def _sides(pixels: Pixels, green: cv2.typing.MatLike, least: int) -> list[_Side]:
    """Level sides with the box above and its shadow below."""
    step = cv2.subtract(green[:-1], green[1:])
    lit = cv2.inRange(green[:-1], _LIGHT, 255)
    seen = cv2.bitwise_and(cv2.inRange(step, _FAINT, _DARK), lit)
    seen = cv2.morphologyEx(seen, cv2.MORPH_OPEN, np.ones((1, least), np.uint8))
    rows = np.flatnonzero(seen.max(axis=1))
    padded = np.pad(seen[rows] > 0, ((0, 0), (1, 1))).astype(np.int8)
    turns = np.diff(padded, axis=1)
    at, starts = np.nonzero(turns > 0)
    ends = np.nonzero(turns < 0)[1]
    if len(at) > _MOST:
        return []
    sides = []
    for row, start, end in zip(rows[at].tolist(), starts.tolist(), ends.tolist(), strict=True):
        if _is_shadow(pixels, row + 1, start, end):
            sides.append(_extended(np.asarray(step[row]), row + 1, start, end))
    return sides


def _is_shadow(pixels: Pixels, at: int, start: int, end: int) -> bool:
    """Whether what lies outside a side begins dark, without colour, and ends softly."""
    if at < 3 or at + _REACH > len(pixels):
        return False
    columns = np.linspace(start, end - 1, _SAMPLES).astype(int)
    window = pixels[at - 3 : at + _REACH, columns].astype(np.int16)
    colors = np.median(window, axis=1)
    inside, outside = colors[:3], colors[3:]
    if np.ptp(inside, axis=0).max() > 1:
        return False
    fall = inside[-1] - outside
    if np.ptp(fall[0]) > _TINT:
        return False
    fade = outside.mean(axis=1)
    if fade[1] < fade[0]:
        fade = fade[1:]
    steps = np.diff(fade)
    depth = float(inside[-1].mean() - fade[0])
    # Shadows are dithered by a level, which faint ones have no room for.
    dips = -float(steps.min())
    return bool(
        dips <= (1 if depth >= _DEEP else 0)
        and steps.sum() >= (2 if dips > 0 else 1)
        and steps.max() <= max(_SUDDEN * depth, 1.0)
    )


def _extended(step: NDArray[np.uint8], at: int, start: int, end: int) -> _Side:
    """The side as far as any step shows along it."""
    before = np.flatnonzero(step[:start][::-1] == 0)
    after = np.flatnonzero(step[end:] == 0)
    return _Side(
        at,
        start - int(before[0]) if len(before) else 0,
        end + int(after[0]) if len(after) else len(step),
    )


def _closed(
    pixels: Pixels, bottom: _Side, left: _Side | None, right: _Side | None
) -> tuple[Box, float] | None:
    """The box above a bottom that two sides, or one and a top, close; and its corners' radius."""
    if left is None and right is None:
        return None
    # Across, then along the sides.
    corners = [
        (bottom.start - left.at, bottom.at - left.end) if left else None,
        (right.at - bottom.end, bottom.at - right.end) if right else None,
    ]
    seen = [corner for corner in corners if corner]
    if any(abs(across - along) > _ROUND for across, along in seen):
        return None
    insets = [max(across, 0) for across, _ in seen]
    if max(insets) - min(insets) > _ROUND:
        return None
    inset = min(insets)
    x = left.at if left else max(bottom.start - inset, 0)
    far = right.at if right else min(bottom.end + inset, pixels.shape[1])
    begins = [side.start for side in (left, right) if side]
    top = _top(pixels, min(begins), inset, x, far)
    if top is None:
        if len(begins) < 2 or abs(begins[0] - begins[1]) > _LEVEL:
            return None
        top = _above(pixels, min(begins), inset, x, far)
    box = Box(x, top, far - x, bottom.at - top)
    if box.w < _LEAST_WIDTH or box.h < _LEAST_HEIGHT:
        return None
    # A row of pixels at a circle's foot is set in by r - sqrt(r).
    return box, float(round(inset + inset**0.5)) if inset else 0.0


def _upright(sides: Sequence[_Side], foot: int, low: int, high: int) -> _Side | None:
    """The longest side that ends at this foot, within these columns."""
    near = [
        side
        for side in sides
        if low <= side.at <= high and foot - _CORNER <= side.end <= foot + _SLACK
    ]
    return max(near, key=lambda side: side.end - side.start, default=None)


def _on_dark(green: cv2.typing.MatLike, bottom: _Side, *, leftwards: bool) -> _Side | None:
    """A side where the box reaches over a photo or a dark ground, which hides the shadow."""
    row = bottom.at - _CORNER - 1
    if row < 0:
        return None
    # Turned so that the box lies on the left.
    lines = np.asarray(green)[:, ::-1] if leftwards else np.asarray(green)
    width = lines.shape[1]
    end = width - bottom.start if leftwards else bottom.end
    low, high = end - _SLACK, min(end + _CORNER, width - 1)
    fall = lines[row, low:high].astype(np.int16) - lines[row, low + 1 : high + 1]
    edges = np.flatnonzero(fall > _DARK)
    if not len(edges):
        return None
    at = low + int(edges[-1]) + 1
    within, beyond = lines[:, at - 2].astype(np.int16), lines[:, at]
    straight = (within - beyond >= _FAINT) & (np.abs(within - within[row]) <= _DEEP)
    above, below = np.flatnonzero(~straight[:row]), np.flatnonzero(~straight[row:])
    return _Side(
        width - at if leftwards else at,
        int(above[-1]) + 1 if len(above) else 0,
        row + int(below[0]) if len(below) else len(straight),
    )


def _top(pixels: Pixels, begin: int, inset: int, x: int, far: int) -> int | None:
    """The row where most of a box's upper side steps up from a fainter shadow, if it shows."""
    start = max(begin - _CORNER - 1, 0)
    lines = pixels[start : begin + _SLACK, x + inset : far - inset, 1].astype(np.int16)
    if len(lines) < 2 or lines.shape[1] == 0:
        return None
    steps = np.diff(lines, axis=0)
    shares = ((steps >= 1) & (steps <= _DARK)).mean(axis=1)
    best = int(shares.argmax())
    return start + best + 1 if shares[best] >= _SHOWN else None


def _above(pixels: Pixels, begin: int, inset: int, x: int, far: int) -> int:
    """Where the box begins whose sides show from this row on, below corners of its own colour."""
    lines = pixels[max(begin - inset, 0) : begin + 1, x + inset : far - inset].astype(np.int16)
    if len(lines) < 2 or not lines.size:
        return begin
    own = np.abs(np.diff(lines, axis=0)).max(axis=2) <= _OWN
    return begin - len(own) if own.mean() >= _EVEN else begin


def _surface(
    pixels: Pixels, regions: FlatMap, box: Box, radius: float, plain: tuple[int, int]
) -> Found:
    """The surface of a box, filled as between the two `plain` columns, where no photo tints it."""
    rows = slice(int(box.y), int(box.bottom), 3)
    fills = pixels[rows, plain[0] : plain[1] : 3].reshape(-1, 3)
    values, counts = np.unique(fills, axis=0, return_counts=True)
    within = regions.labels[rows, int(box.x) : int(box.right) : 3]
    labels, pieces = np.unique(within, return_counts=True)
    order = np.argsort(-pieces, kind="stable")
    return Found(
        Surface(
            box=box,
            fill=hex_of(values[counts.argmax()]),
            radius=radius,
            shadow=shadow_of(pixels, box),
            confidence=0.7,
        ),
        tuple(int(labels[i]) for i in order if pieces[i] >= _OWN_SHARE * within.size and labels[i]),
    )
