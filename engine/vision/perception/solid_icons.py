"""Tells small boxes that are icons, or parts of them, from tiles, badges and swatches.

A disc with a face cut out of it, the sheet of a calendar, a cogwheel: each has
straight enough sides to pass for a box, but is painted in one colour upon the
ground, whereas what lies on a tile has a colour of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import bgr_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box

# Icons that are drawn as one solid are at most this large; tiles are mostly larger.
_LARGEST = 34
# Channel difference up to which a pixel has a colour.
_NEAR = 28
# A plain box or disc is of its own colour but for this share.
_PLAIN = 0.97
# Corner radius over the side from which a plain box is a disc.
_ROUND = 0.4
# Share of a box's surroundings that other strokes of the same icon cover.
_JOINED = 0.06
_REACH = 4
# Share of the box that a third colour must cover for it to be a tile.
_GLYPH = 0.06


def without_solid_icons(
    pixels: Pixels, surfaces: Sequence[Found], text: Sequence[Box]
) -> list[Found]:
    """Leaves out the small boxes that are icons or parts of icons."""
    icons = [
        item.surface.box for item in surfaces if _could_be(item, text) and _is_icon(pixels, item)
    ]
    # A hole in an icon looks like a box, too.
    return [item for item in surfaces if not any(icon.contains(item.surface.box) for icon in icons)]


def _could_be(item: Found, text: Sequence[Box]) -> bool:
    surface = item.surface
    return (
        max(surface.box.w, surface.box.h) <= _LARGEST
        and surface.fill is not None
        and surface.gradient is None
        and not any(surface.box.intersection(line) > 0 for line in text)
    )


def _is_icon(pixels: Pixels, item: Found) -> bool:
    box = item.surface.box
    height, width = pixels.shape[:2]
    left, top = max(int(box.x) - _REACH, 0), max(int(box.y) - _REACH, 0)
    right = min(int(box.right) + _REACH, width)
    bottom = min(int(box.bottom) + _REACH, height)
    window = pixels[top:bottom, left:right].astype(np.int16)
    inside = np.zeros(window.shape[:2], np.bool_)
    inside[int(box.y) - top : int(box.bottom) - top, int(box.x) - left : int(box.right) - left] = (
        True
    )
    around = window[~_grown(inside)]
    if not len(around) or item.surface.fill is None:
        return False
    ground = np.median(around, axis=0)
    fill = np.array(bgr_of(item.surface.fill), np.float64)
    if np.abs(fill - ground).max() <= _NEAR:
        # An outlined box shows the ground within: a check box, a field.
        return False
    joined = float((np.abs(around - ground).max(axis=1) > _NEAR).mean()) > _JOINED
    # Soft edges lie between fill and ground, as mixtures of both.
    content = window[inside]
    third = off_mixture(content, fill, ground) > _NEAR
    if float(third.mean()) > _GLYPH:
        return False
    if joined or _own_share(window, inside, fill) < _PLAIN:
        return True
    return item.surface.radius >= _ROUND * min(box.w, box.h)


def _grown(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The mask and one pixel around it, where a box's soft edge lies."""
    result = mask.copy()
    result[1:] |= mask[:-1]
    result[:-1] |= mask[1:]
    result[:, 1:] |= result[:, :-1].copy()
    result[:, :-1] |= result[:, 1:].copy()
    return result


def off_mixture(
    values: NDArray[np.int16], fill: NDArray[np.float64], ground: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How far each colour is from the nearest mixture of fill and ground."""
    way = ground - fill
    share = np.clip((values - fill) @ way / float(way @ way), 0, 1)
    return np.asarray(np.abs(values - (fill + share[:, None] * way)).max(axis=1), np.float64)


def _own_share(
    window: NDArray[np.int16], inside: NDArray[np.bool_], fill: NDArray[np.float64]
) -> float:
    """Share of the box's inside that has its colour; corners may be round."""
    rows, columns = np.nonzero(inside)
    height, width = rows.max() - rows.min() + 1, columns.max() - columns.min() + 1
    v = (rows - rows.min() + 0.5) / height * 2 - 1
    u = (columns - columns.min() + 0.5) / width * 2 - 1
    # The ellipse that fills the box, but for its soft rim.
    within = u**2 + v**2 < (1 - 3 / max(min(height, width), 6)) ** 2
    values = window[inside][within]
    if not len(values):
        return 1.0
    return float((np.abs(values - fill).max(axis=1) <= _NEAR).mean())
