"""What a screenshot shows of painted boxes, whatever the page's elements are called.

What is listed of a page depends on its markup: the stripes of a table may be the inset shadows
of its cells, a band may be the page itself between two others, and a menu that is closed or a card
that pictures cover has a fill, too. What its picture shows does not.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.fidelity.color import parse_hex
from engine.fidelity.measured import Surface

Pixels = NDArray[np.uint8]

# Channel difference up to which pixels have a fill, and from which they are of another.
_ALIKE, _OTHER = 6, 3
# Share of a side, corners aside, that must be the box's within and of another colour beyond.
_SHOWN = 0.85
# How far from its place a side may be seen; pixels.
_SLACK = 2
# Corners may be this round, but leave half of each side.
_CORNER = 24
# Share of a box, and of the lines along its sides, that shows its fill and its border at least.
_FILLED, _BORDERED = 0.01, 0.1
# A side shows as a step of this many levels more, and so many times as large, as those beside it.
_STEP, _STEPS = 0.5, 2.0


def as_seen(pixels: Pixels, surface: Surface) -> Surface | None:
    """Returns a surface, without its fill if its screenshot (BGR) does not show that.

    None where it shows neither border nor sides of it: nothing of the surface is to be seen.
    """
    box = surface.box
    left, top, right, bottom = (round(v) for v in (box.x, box.y, box.right, box.bottom))
    part = pixels[top:bottom, left:right]
    if min(part.shape[:2]) <= 2 * _SLACK:
        return None
    if surface.fill and _share(part.reshape(-1, 3), surface.fill) >= _FILLED:
        return surface
    frame = np.concatenate(
        [line for lines in (part, part.swapaxes(0, 1)) for line in (*lines[:2], *lines[-2:])]
    )
    bordered = surface.border and _share(frame, surface.border) >= _BORDERED
    if bordered or _has_sides(pixels, (left, top, right, bottom)):
        return replace(surface, fill=None)
    return None


def _share(pixels: Pixels, color: str) -> float:
    return float(_is_like(pixels, np.array(parse_hex(color)[::-1], np.int16)).mean())


def _has_sides(pixels: Pixels, corners: tuple[int, int, int, int]) -> bool:
    """Whether colours step at half of a box's sides within the page more than beside them."""
    left, top, right, bottom = corners
    level, upright = pixels[:, left:right], pixels[top:bottom].swapaxes(0, 1)
    found = []
    for lines, at in ((level, top), (level, bottom), (upright, left), (upright, right)):
        if not 2 * _SLACK <= at <= len(lines) - 2 * _SLACK:
            continue
        near = lines[at - 2 * _SLACK : at + 2 * _SLACK].astype(np.int16)
        steps = np.abs(np.diff(near, axis=0)).mean(axis=(1, 2))
        found.append(steps.max() >= _STEPS * np.median(steps) + _STEP)
    return bool(found) and sum(found) >= len(found) / 2


def shows(pixels: Pixels, surface: Surface) -> bool:
    """Whether a screenshot (BGR) has a surface's fill up to its sides, and none beyond any of them.

    The page's edge may bound it, but not on all sides. What has no fill is never shown.
    """
    if surface.fill is None:
        return False
    box = surface.box
    left, top, right, bottom = (round(v) for v in (box.x, box.y, box.right, box.bottom))
    color = np.array(parse_hex(surface.fill)[::-1], np.int16)
    across = min(_CORNER, (right - left) // 4)
    down = min(_CORNER, (bottom - top) // 4)
    level = pixels[:, left + across : right - across]
    upright = pixels[top + down : bottom - down].swapaxes(0, 1)
    sides = (
        (level, top),
        (level[::-1], len(level) - bottom),
        (upright, left),
        (upright[::-1], len(upright) - right),
    )
    if not level.size or not upright.size or all(at <= _SLACK for _, at in sides):
        return False
    return all(_is_side(lines, at, color) for lines, at in sides)


def _is_side(lines: Pixels, at: int, color: NDArray[np.int16]) -> bool:
    """Whether the box begins at or near this line: beyond is other than within."""
    if at <= _SLACK:
        return float(_is_like(lines[0], color).mean()) >= _SHOWN
    for edge in range(max(at - _SLACK, 2), min(at + _SLACK + 1, len(lines) - 1)):
        within, beyond = lines[edge + 1], lines[edge - 2]
        other = cv2.absdiff(within, beyond).max(axis=1) >= _OTHER
        if (_is_like(within, color) & other).mean() >= _SHOWN:
            return True
    return False


def _is_like(line: Pixels, color: NDArray[np.int16]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(line - color).max(axis=1) <= _ALIKE)
