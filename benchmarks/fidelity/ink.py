"""Finds what pictures really paint within their boxes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.fidelity.unlisted_marks import unlisted_marks
from engine.fidelity.measured import Page, Picture
from engine.geometry import Box

# Channel difference from the ground at which a pixel counts as painted.
_INK_LEAST = 12
# Share of the box's frame that must be of one colour for it to be the ground.
_GROUND_LEAST = 0.5
# A frame whose colours lie this close to their median, but for the rest of the
# percentile, is a gradient.
_GRADIENT_SHARE, _GRADIENT_MOST = 90, 24.0
# The ink of a decoration: at least so thick, or it is a rule; at most so large.
_SIGN_LEAST, _SIGN_MOST = 3, 64
# Labels reach farther than this into the box of an icon, in pixels, or stand beside it.
_LABEL_LEAST = 3
# Rows and columns this near a box's edge that are painted so far are its border.
_BORDER, _BORDER_SHARE = 4, 0.95
# A border with round corners runs straight along two opposite sides for this share of them, within
# so many pixels of the box's edge; the ring of a sign in a circle is nowhere straight for so long.
_STRAIGHT_SHARE, _STRAIGHT_DEPTH = 0.65, 2
# The frame of a box whose sides are no longer than this is a check box, and the sign itself.
_LARGEST_MARK = 28


def with_ink(page: Page, pixels: NDArray[np.uint8]) -> Page:
    """Returns the page with the part that each picture paints, where that is known.

    The small marks that the truth does not list are added as such.

    Pictures that paint nothing are left out, and so are decorations that cannot be found in
    the box of the element that has them: neither the document nor the pixels say where they are.
    """
    lines = [line for text in page.texts for line in text.lines]
    others = lines + [picture.box for picture in page.pictures if not picture.decoration]
    pictures = [
        _sign(picture, pixels, others) if picture.decoration else _with_ink(picture, pixels, lines)
        for picture in page.pictures
    ]
    whole = replace(page, pictures=tuple(item for item in pictures if item))
    return replace(whole, unlisted=unlisted_marks(whole, pixels))


def _sign(picture: Picture, pixels: NDArray[np.uint8], others: Sequence[Box]) -> Picture | None:
    """Returns the one small sign in an element's box beside its texts and other pictures."""
    left, top, part = _window(picture.box, pixels)
    if min(part.shape[:2]) < 2:
        return None
    painted = _unlike(part, _most_common(part.reshape(-1, 3))[0])
    painted = _apart(painted, left, top, [_grown(other, 1) for other in others])
    ink = _extent(_without_border(painted), left, top)
    if ink is None or min(ink.w, ink.h) < _SIGN_LEAST or max(ink.w, ink.h) > _SIGN_MOST:
        return None
    return replace(picture, icon=True, ink=ink)


def _without_border(painted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Returns what is painted in a box but for whole rows and columns near its edges, and frames.

    A frame's corners may be round.
    """
    rest = painted.copy()
    for whole, rows in ((painted, rest), (painted.T, rest.T)):
        edges = whole.mean(axis=1) >= _BORDER_SHARE
        edges[_BORDER:-_BORDER] = False
        rows[edges] = False
    for frame in _frames(painted):
        rest[frame] = False
    return rest


def _frames(painted: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    """Returns connected parts that are a line along an edge or a frame around the rest."""
    count, labels = cv2.connectedComponents(painted.astype(np.uint8), connectivity=8)
    parts = [labels == label for label in range(1, count)]
    small = max(painted.shape) <= _LARGEST_MARK
    return [
        part
        for part in parts
        if any(_is_edge_line(side) for side in (part, part[::-1], part.T, part.T[::-1]))
        or (not small and (_is_frame(part) or _is_frame(part.T)))
    ]


def _is_edge_line(part: NDArray[np.bool_]) -> bool:
    """Whether all of a connected part is a line along the upper edge of its box."""
    return bool(part[:_BORDER].mean(axis=1).max() >= _BORDER_SHARE and not part[_BORDER:].any())


def _is_frame(part: NDArray[np.bool_]) -> bool:
    """Whether a connected part runs straight along the upper and the lower edge of its box."""
    shares = part.mean(axis=1)
    ends = (shares[:_STRAIGHT_DEPTH], shares[-_STRAIGHT_DEPTH:])
    return min(float(end.max()) for end in ends) >= _STRAIGHT_SHARE


def _with_ink(picture: Picture, pixels: NDArray[np.uint8], lines: Sequence[Box]) -> Picture | None:
    left, top, part = _window(picture.box, pixels)
    if min(part.shape[:2]) < 2:
        return None if picture.icon else picture
    frame = _frame(part)
    ground, share = _most_common(frame)
    slack = 0.0
    if not picture.icon and not _is_seamless(picture.box, pixels, ground, share):
        return picture
    if share < _GROUND_LEAST:
        # On a gradient the ground varies, but little around a small icon.
        ground = np.median(frame, axis=0)
        slack = float(np.percentile(np.abs(frame - ground).max(axis=1), _GRADIENT_SHARE))
        if slack > _GRADIENT_MOST:
            return picture
    painted = _unlike(part, ground, slack)
    ink = _extent(painted, left, top)
    if picture.icon:
        labels = [line for line in lines if _reaches_into(line, picture.box)]
        ink = _extent(_apart(painted, left, top, labels), left, top) or ink
    return replace(picture, ink=ink) if ink else None


def _reaches_into(line: Box, box: Box) -> bool:
    """Whether a text lies in a box by more than its antialiasing, as one that an icon holds."""
    return (
        line.intersection(box) > 0
        and min(line.right, box.right) - max(line.x, box.x) > _LABEL_LEAST
    )


def _apart(
    painted: NDArray[np.bool_], left: int, top: int, others: Sequence[Box]
) -> NDArray[np.bool_]:
    """Returns what is painted in a box apart from the boxes of other things."""
    rest = painted.copy()
    for other in others:
        x, y = max(0, math.floor(other.x) - left), max(0, math.floor(other.y) - top)
        right, bottom = math.ceil(other.right) - left, math.ceil(other.bottom) - top
        rest[y : max(y, bottom), x : max(x, right)] = False
    return rest


def _is_seamless(
    box: Box, pixels: NDArray[np.uint8], ground: NDArray[np.int16], share: float
) -> bool:
    """Whether the ground at an image's edge is also that around it: its edge cannot be seen."""
    around = _frame(_window(_grown(box, 2), pixels)[2])
    like = ~_unlike(around[:, None], ground)
    return share >= _GROUND_LEAST and bool(like.mean() >= _GROUND_LEAST)


def _grown(box: Box, by: int) -> Box:
    return Box(box.x - by, box.y - by, box.w + 2 * by, box.h + 2 * by)


def _window(box: Box, pixels: NDArray[np.uint8]) -> tuple[int, int, NDArray[np.int16]]:
    """Returns a box's left, top and pixels, as far as it is on the page."""
    left, top = max(0, math.floor(box.x)), max(0, math.floor(box.y))
    part = pixels[top : max(0, math.ceil(box.bottom)), left : max(0, math.ceil(box.right))]
    return left, top, part.astype(np.int16)


def _frame(part: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])


def _most_common(colors: NDArray[np.int16]) -> tuple[NDArray[np.int16], float]:
    values, counts = np.unique(colors, axis=0, return_counts=True)
    return values[counts.argmax()], float(counts.max() / len(colors))


def _unlike(
    part: NDArray[np.int16], ground: NDArray[np.int16] | NDArray[np.float64], slack: float = 0.0
) -> NDArray[np.bool_]:
    away: NDArray[np.bool_] = np.abs(part - ground).max(axis=2) > _INK_LEAST + slack
    return away


def _extent(painted: NDArray[np.bool_], left: int, top: int) -> Box | None:
    rows, columns = np.flatnonzero(painted.any(axis=1)), np.flatnonzero(painted.any(axis=0))
    if not len(rows):
        return None
    return Box(
        left + int(columns[0]),
        top + int(rows[0]),
        int(columns[-1] - columns[0]) + 1,
        int(rows[-1] - rows[0]) + 1,
    )
