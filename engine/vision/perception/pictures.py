"""Finds what is neither text nor flat surface: photos, illustrations, icons."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.carets import as_caret
from engine.vision.perception.flatmap import FlatMap, hex_of, mean_hex
from engine.vision.perception.foreground import foreground
from engine.vision.perception.ink import pack
from engine.vision.perception.overhangs import part_hanging
from engine.vision.perception.overlaps import part_avatars, part_set_off
from engine.vision.perception.photo_grids import part_photos
from engine.vision.perception.surfaces import Found
from engine.vision.perception.tracing import trace
from engine.vision.perception.trimming import (
    join_overlapping,
    part_badge,
    part_repeated,
    without_shadow,
)
from engine.vision.percepts import Box, Picture, PictureKind, Rule

# Strokes of one icon lie closer than this many pixels.
_CLOSE = 5
_MIN_SIDE = 5
_MAX_ICON = 64
# Widths of a minus sign, and how far apart the icons of one row are.
_DASH, _ROW_GAP = (7, 18), 48
# Thickness of strokes that are no icons, their length over it, and the least length of upright
# ones, which are never a minus.
_STROKE, _STROKE_ASPECT, _LEAST_UPRIGHT = 8, 5, 10
# Solid dots up to this size are bullets and status lights.
_MAX_BULLET = 10
_DOT_STEP = 40
# Share of distinct colours over which a picture is a photo.
_COLORFUL = 0.08
# Large components that fill less of their box are frames around other things.
_HOLLOW = 0.12


def find_pictures(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    text: Sequence[Box],
    rules: Sequence[Rule],
    page: tuple[int, int, int],
    photos: Sequence[Box],
) -> list[Picture]:
    """Returns pictures from top to bottom, but none of what `photos` behind content show."""
    mask = foreground(pixels, regions, surfaces, text, rules, page, photos)
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((_CLOSE, _CLOSE), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    boxes: list[Box] = []
    dashes: list[Box] = []
    for x, y, w, h, area in stats[1:].tolist():
        box = Box(x, y, w, h)
        # A frame holds text; a thin line chart does not.
        frame = (
            max(w, h) > 2 * _MAX_ICON
            and area < _HOLLOW * w * h
            and any(box.contains(line) for line in text)
        )
        if max(w, h) >= _MIN_SIDE and min(w, h) >= 3 and area >= 12 and not frame:
            boxes.append(box)
        elif _is_dash(w, h):
            dashes.append(box)
    merged = join_overlapping(boxes, _cards(surfaces, text))
    merged += [dash for dash in dashes if any(_is_beside(dash, box) for box in merged)]
    found = []
    for box in merged:
        lit = without_shadow(pixels, box, [item.surface.box for item in surfaces])
        whole, badge = part_badge(pixels, mask, lit)
        if badge:
            found.append(_shape(pixels, badge))
        for part in _parts(pixels, mask, whole):
            found += [_seen(pixels, piece, text) for piece in part_repeated(mask, part)]
    return found


def _parts(pixels: Pixels, mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Returns the photos that a picture is made of, or the picture itself."""
    apart = part_set_off(mask, box)
    if len(apart) == 1:
        apart = part_avatars(pixels, mask, box)
    if len(apart) == 1:
        apart = part_hanging(pixels, mask, box)
    return apart if len(apart) > 1 else part_photos(pixels, box)


def _seen(pixels: Pixels, box: Box, text: Sequence[Box]) -> Picture:
    return _shape(pixels, box) if _is_stroke(box) else _picture(pixels, box, text)


def _cards(surfaces: Sequence[Found], text: Sequence[Box]) -> list[Box]:
    """The surfaces that hold text, stripes of the page aside."""
    return [
        item.surface.box
        for item in surfaces
        if not item.surface.full_width and any(item.surface.box.contains(line) for line in text)
    ]


def _is_dash(width: int, height: int) -> bool:
    """A minus or a thin arrow's shaft; longer ones are rules."""
    return height <= 2 and _DASH[0] <= width <= _DASH[1]


def _is_beside(dash: Box, box: Box) -> bool:
    """Whether a dash is one of a row of icons, as the minus that folds a panel."""
    gap = max(dash.x - box.right, box.x - dash.right)
    return (
        abs(dash.center_y - box.center_y) <= 2
        and 0 < gap <= _ROW_GAP
        and _DASH[0] <= max(box.w, box.h) <= 2 * dash.w
    )


def _is_stroke(box: Box) -> bool:
    """Whether this is a bar, as the filled part of a meter: a shape, not an icon."""
    thin, long = min(box.w, box.h), max(box.w, box.h)
    least = _LEAST_UPRIGHT if box.h > box.w else _DASH[1] + 1
    return thin <= _STROKE and long >= max(_STROKE_ASPECT * thin, least)


def _shape(pixels: Pixels, box: Box) -> Picture:
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)].reshape(-1, 3)
    middle = np.median(window, axis=0).astype(int)
    return Picture(box, PictureKind.SHAPE, hex_of(middle), shape="rectangle")


def _picture(pixels: Pixels, box: Box, text: Sequence[Box]) -> Picture:
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    packed = pack(window[:: max(1, window.shape[0] // 200), :: max(1, window.shape[1] // 200)])
    values, counts = np.unique(packed.ravel(), return_counts=True)
    colorful = len(values) / packed.size
    order = counts.argsort(kind="stable")[::-1]
    main = int(values[order[0]])
    middle = hex_of((main & 255, main >> 8 & 255, main >> 16))
    if max(box.w, box.h) <= _MAX_BULLET:
        if _is_ring(window):
            middle = hex_of(window[window.shape[0] // 2, window.shape[1] // 2])
            return Picture(box, PictureKind.SHAPE, middle, circular=True)
        if _is_solid(window):
            return Picture(box, PictureKind.SHAPE, middle, circular=True)
    if max(box.w, box.h) <= _MAX_ICON:
        square = abs(box.w - box.h) <= 2 and colorful > 0.3 and box.w >= 24
        if square:
            return Picture(box, PictureKind.AVATAR, mean_hex(window), circular=_is_round(window))
        traced = trace(pixels, box)
        if traced is None:
            return Picture(box, PictureKind.ICON, middle)
        return as_caret(pixels, Picture(box, PictureKind.ICON, traced.color, path=traced.path))
    kind = PictureKind.PHOTO if colorful > _COLORFUL else PictureKind.ILLUSTRATION
    over = any(box.contains(line, 2) for line in text)
    return Picture(box, kind, mean_hex(window), background=over, circular=_is_round(window))


def _is_solid(window: Pixels) -> bool:
    """Whether a small window is a dot: mostly of the colour of its centre, its corners not."""
    height, width = window.shape[:2]
    center = window[height // 2, width // 2].astype(int)
    near = np.abs(window.astype(int) - center).max(axis=2) <= _DOT_STEP
    return bool(near.mean() >= 0.5 and abs(width - height) <= 1)


def _is_ring(window: Pixels) -> bool:
    """Whether a small window is a hollow dot: inked in the middle of each side alone."""
    height, width = window.shape[:2]
    y, x = height // 2, width // 2
    near = np.abs(window.astype(int) - window[y, x]).max(axis=2) <= _DOT_STEP
    corners, sides = near[[0, 0, -1, -1], [0, -1, 0, -1]], [*near[[0, -1], x], *near[y, [0, -1]]]
    return abs(width - height) <= 1 and bool(corners.all()) and not any(sides)


def _is_round(window: Pixels) -> bool:
    """Whether the corners are of one colour that the middles of the sides have not."""
    height, width = window.shape[:2]
    if min(height, width) < 16 or abs(height - width) > 0.06 * max(height, width):
        return False
    k = max(1, round(min(height, width) * 0.08))
    corners = np.concatenate(
        [
            part.reshape(-1, 3)
            for part in (window[:k, :k], window[:k, -k:], window[-k:, :k], window[-k:, -k:])
        ]
    ).astype(int)
    ground = np.median(corners, axis=0)
    if (np.abs(corners - ground).max(axis=1) > 6).mean() > 0.15:
        return False
    middle = slice(width // 2 - k, width // 2 + k)
    sides = np.concatenate(
        [window[:3, middle].reshape(-1, 3), window[-3:, middle].reshape(-1, 3)]
    ).astype(int)
    return bool((np.abs(sides - ground).max(axis=1) > 6).mean() > 0.5)
