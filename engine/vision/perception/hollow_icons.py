"""Tells icons drawn as thick outlines (a phone, a window, a camera) from outlined boxes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import bgr_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Surface

# Icons are at most this large, in pixels; so is the hole within one.
_LARGEST = 76
# Strokes of icons have this width, in pixels, and this share of the longer side or more:
# a 24-pixel icon has strokes of 2, one of 64 strokes of 4. Borders are thinner.
_STROKE, _SHARE = (2, 8), 0.055
# Channel difference up to which a pixel is of the ground.
_NEAR = 28
# Where along each side the stroke is measured.
_PLACES = (0.2, 0.4, 0.5, 0.6, 0.8)


def without_hollow_icons(
    pixels: Pixels, surfaces: Sequence[Found], text: Sequence[Box]
) -> list[Found]:
    """Leaves out the boxes that are the inside or the outside of an icon's thick outline.

    Args:
        pixels: The page, BGR.
        surfaces: The boxes seen so far.
        text: The ink of the page's lines; what holds text is a box.
    """
    icons = [
        icon
        for item in surfaces
        if max(item.surface.box.w, item.surface.box.h) <= _LARGEST
        and not any(item.surface.box.intersection(line) > 0 for line in text)
        and (icon := _icon(pixels, item.surface))
    ]
    return [
        item for item in surfaces if not any(icon.contains(item.surface.box, 1) for icon in icons)
    ]


def _icon(pixels: Pixels, surface: Surface) -> Box | None:
    """The bounds of the icon whose hole, or whose outline with its hole, a surface is."""
    if surface.fill is None:
        return None
    box, border = surface.box, round(surface.border_width)
    inner = Box(box.x + border, box.y + border, box.w - 2 * border, box.h - 2 * border)
    icon = _outlined(pixels, box, surface.fill)
    if icon is None and border >= _STROKE[0] and min(inner.w, inner.h) > 0:
        icon = _outlined(pixels, inner, surface.fill)
    return icon


def _outlined(pixels: Pixels, box: Box, fill: str) -> Box | None:
    """The bounds of the even stroke around a hole of the ground's own colour."""
    ground = np.array(bgr_of(fill), np.int16)
    x, y, w, h = int(box.x), int(box.y), int(box.w), int(box.h)
    reach = _STROKE[1] + 2
    if min(x, y) < reach or x + w + reach > pixels.shape[1] or y + h + reach > pixels.shape[0]:
        return None
    around = pixels[y - reach : y + h + reach, x - reach : x + w + reach].astype(np.int16)
    inked = np.abs(around - ground).max(axis=2) > _NEAR
    columns = [inked[:, reach + int(place * w)] for place in _PLACES]
    rows = [inked[reach + int(place * h)] for place in _PLACES]
    strokes = [
        _stroke([line[reach - 1 :: -1] for line in rows]),
        _stroke([line[reach - 1 :: -1] for line in columns]),
        _stroke([line[reach + w :] for line in rows]),
        _stroke([line[reach + h :] for line in columns]),
    ]
    left, top, right, bottom = strokes
    longest = max(w + left + right, h + top + bottom)
    least = max(_STROKE[0], _SHARE * longest)
    if min(strokes) < least or max(strokes) > _STROKE[1] or longest > _LARGEST:
        return None
    return Box(x - left, y - top, w + left + right, h + top + bottom)


def _stroke(lines: Sequence[np.ndarray[tuple[int], np.dtype[np.bool_]]]) -> int:
    """The middle width of the ink that begins within a pixel of a hole's edge, going outward."""
    widths = []
    for line in lines:
        start = int(line[:2].argmax()) if line[:2].any() else 0
        gaps = np.flatnonzero(~line[start:])
        widths.append(int(gaps[0]) if len(gaps) else len(line))
    return int(np.median(widths))
