"""Trims and parts the boxes of pictures: soft shadows, slices, rows of like icons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box

# Smaller pictures have no shadows.
_LEAST_SHADED = 64
# Shadows reach this far and change by at most this much from line to line.
_SHADOW_REACH, _SHADOW_STEP = 40, 8
_FLUSH = 3
# Share of the smaller box at which two are one picture.
_OVERLAP = 0.05
# Sizes of icons with badges; the badge's chroma, how much of its box is so, and the
# share of the whole that the icon's ink beside it has.
_BADGED, _BRIGHT, _COMPACT, _LEFT_OVER = (14, 48), 96, 0.5, 0.08
# Icons in a row: width over height of one, how alike their outlines are, and the least height of
# one: the dots of an ellipsis, which opens a menu, are smaller.
_ICON_ASPECT, _ALIKE, _LEAST_ICON = (0.8, 1.25), 0.8, 6
# The last star of a rating may be half of one, so wide at least over its height.
_HALF = 0.4


def without_shadow(pixels: Pixels, box: Box, surfaces: Sequence[Box]) -> Box:
    """Cuts soft shadows off a picture: lines that fade into the ground, up to a jump.

    Where it lies flush against a surface it throws no shadow.
    """
    page_height, page_width = pixels.shape[:2]
    inside = box.x >= 1 and box.y >= 1 and box.right < page_width and box.bottom < page_height
    if min(box.w, box.h) < _LEAST_SHADED or not inside:
        return box
    grown = pixels[int(box.y) - 1 : int(box.bottom) + 1, int(box.x) - 1 : int(box.right) + 1]
    height, width = grown.shape[:2]
    rows = grown[:, width // 5 : width - width // 5].astype(np.int16)
    columns = grown[height // 5 : height - height // 5].swapaxes(0, 1).astype(np.int16)
    top, bottom = _soft(rows), _soft(rows[::-1])
    left, right = _soft(columns), _soft(columns[::-1])
    beside = [other for other in surfaces if other.x < box.right and other.right > box.x]
    if any(abs(other.bottom - box.y) <= _FLUSH for other in beside):
        top = 0
    if any(abs(other.y - box.bottom) <= _FLUSH for other in beside):
        bottom = 0
    return Box(box.x + left, box.y + top, box.w - left - right, box.h - top - bottom)


def _soft(lines: NDArray[np.int16]) -> int:
    """How many lines after the first, which is ground, are a shadow upon it."""
    previous = np.median(lines[0], axis=0)
    for depth in range(1, min(_SHADOW_REACH, len(lines) // 4)):
        line = np.median(lines[depth], axis=0)
        step = float(np.abs(line - previous).max())
        even = float((np.abs(lines[depth] - line).max(axis=1) <= _SHADOW_STEP).mean())
        if step > _SHADOW_STEP or even < 0.9:
            return depth - 1
        previous = line
    return 0


def join_overlapping(boxes: Sequence[Box], cards: Sequence[Box]) -> list[Box]:
    """Joins boxes that overlap, as the slices of a pie do, until none do.

    What lies on one of the `cards` is no part of a photo that the card lies on.
    """
    pending = sorted(boxes, key=lambda box: (box.area, box.y, box.x))
    done: list[Box] = []
    while pending:
        box = pending.pop()
        right, bottom = box.right, box.bottom
        for index, other in enumerate(done):
            # Most are apart, which is quick to tell.
            if other.x >= right or other.y >= bottom:
                continue
            if other.intersection(box) <= _OVERLAP * min(other.area, box.area):
                continue
            if any(card.contains(box, 1) != card.contains(other, 1) for card in cards):
                continue
            del done[index]
            pending.append(other.union(box))
            break
        else:
            done.append(box)
    return sorted(done, key=lambda box: (box.y, box.x))


def part_badge(pixels: Pixels, mask: NDArray[np.uint8], box: Box) -> tuple[Box, Box | None]:
    """Parts a grey icon from the bright badge, if any, that lies over its upper right corner."""
    if not _BADGED[0] <= max(box.w, box.h) <= _BADGED[1]:
        return box, None
    rows = slice(int(box.y), int(box.bottom))
    columns = slice(int(box.x), int(box.right))
    window, inked = pixels[rows, columns].astype(np.int16), mask[rows, columns] > 0
    chroma = np.ptp(window, axis=2)
    bright = inked & (chroma > _BRIGHT)
    # Lettering on the badge belongs to it.
    badge = _bounds_of(bright)
    if badge is None or bright.sum() < _COMPACT * badge.area:
        return box, None
    rest = inked.copy()
    rest[int(badge.y) : int(badge.bottom), int(badge.x) : int(badge.right)] = False
    icon = _bounds_of(rest & (chroma < _BRIGHT // 2))
    if icon is None or rest.sum() < _LEFT_OVER * box.area:
        return box, None
    if badge.area > 0.6 * box.area or badge.y > 1 or badge.right < box.w - 1:
        return box, None
    return _moved(icon, box), _moved(badge, box)


def _moved(part: Box, whole: Box) -> Box:
    return Box(whole.x + part.x, whole.y + part.y, part.w, part.h)


def _bounds_of(mask: NDArray[np.bool_]) -> Box | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Box(left, top, int(columns[-1]) + 1 - left, int(rows[-1]) + 1 - top)


def part_repeated(mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Parts a row of like icons, such as rating stars, at its empty columns."""
    if not _LEAST_ICON <= box.h <= 40 or box.w < 2 * box.h:
        return [box]
    window = mask[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    inked = np.concatenate([[False], window.any(axis=0), [False]])
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    starts, ends = edges[::2], edges[1::2]
    widths = ends - starts
    if len(widths) == 1:
        return _periodic(window, box)
    whole = widths[:-1].min()
    if whole < 0.6 * box.h or widths[-1] < _HALF * box.h or widths.max() > 1.35 * whole:
        return [box]
    return [
        Box(box.x + int(start), box.y, int(end - start), box.h)
        for start, end in zip(starts, ends, strict=True)
    ]


def _periodic(window: NDArray[np.uint8], box: Box) -> list[Box]:
    """Parts a row of touching like icons where its outline repeats."""
    profile = window.sum(axis=0, dtype=np.float64)
    profile -= profile.mean()
    for count in range(2, 9):
        period = box.w / count
        if not _ICON_ASPECT[0] <= period / box.h <= _ICON_ASPECT[1]:
            continue
        shift = round(period)
        first, second = profile[:-shift], profile[shift:]
        scale = float(np.sqrt((first**2).sum() * (second**2).sum()))
        if scale and float((first * second).sum()) / scale >= _ALIKE:
            return [
                Box(box.x + round(i * period), box.y, round(period), box.h) for i in range(count)
            ]
    return [box]
