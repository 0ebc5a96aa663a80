"""Finds what is neither text nor flat surface: photos, illustrations, icons."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, distance, hex_of
from engine.vision.perception.ink import pack
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind, Rule

_CLOSE = 5
_MIN_SIDE = 5
_MAX_ICON = 72
_LARGE = 150


def find_pictures(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    text: Sequence[Box],
    rules: Sequence[Rule],
    page: tuple[int, int, int],
) -> list[Picture]:
    """Returns pictures from top to bottom."""
    foreground = _foreground(regions, surfaces, page)
    _erase(foreground, text, 2)
    for found in surfaces:
        _erase_border(foreground, found.surface.box, found.surface.border_width)
    _erase(foreground, [rule.box for rule in rules], 1)
    closed = cv2.morphologyEx(foreground, cv2.MORPH_CLOSE, np.ones((_CLOSE, _CLOSE), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    result = []
    for index in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[index])
        if max(w, h) < _MIN_SIDE or min(w, h) < 2 or area < 12:
            continue
        box = Box(x, y, w, h)
        result.append(_picture(pixels, box, area, text))
    return result


def _foreground(
    regions: FlatMap, surfaces: Sequence[Found], page: tuple[int, int, int]
) -> NDArray[np.uint8]:
    ground = {found.label for found in surfaces}
    colors = {regions.regions[label].color for label in ground} | {page}
    for region in regions.regions.values():
        if region.pixels >= _LARGE and any(distance(region.color, c) < 3 for c in colors):
            ground.add(region.label)
    table = np.ones(len(regions.sizes), np.uint8)
    table[list(ground)] = 0
    return np.asarray(table[regions.labels], np.uint8)


def _erase(mask: NDArray[np.uint8], boxes: Sequence[Box], pad: int) -> None:
    for box in boxes:
        top, left = max(int(box.y) - pad, 0), max(int(box.x) - pad, 0)
        mask[top : int(np.ceil(box.bottom)) + pad, left : int(np.ceil(box.right)) + pad] = 0


def _erase_border(mask: NDArray[np.uint8], box: Box, width: float) -> None:
    thick = int(width) + 3
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    outer_x, outer_y = max(x - 2, 0), max(y - 2, 0)
    mask[outer_y : y + thick, outer_x : right + 2] = 0
    mask[bottom - thick : bottom + 2, outer_x : right + 2] = 0
    mask[outer_y : bottom + 2, outer_x : x + thick] = 0
    mask[outer_y : bottom + 2, right - thick : right + 2] = 0


def _picture(pixels: Pixels, box: Box, area: int, text: Sequence[Box]) -> Picture:
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    packed = pack(window).ravel()
    values, counts = np.unique(packed, return_counts=True)
    colorful = len(values) / packed.size
    middle = np.median(window.reshape(-1, 3), axis=0).astype(int)
    if max(box.w, box.h) <= _MAX_ICON:
        round_ = abs(box.w - box.h) <= 2 and colorful > 0.3 and box.w >= 24
        kind = PictureKind.AVATAR if round_ else PictureKind.ICON
        ink = values[counts.argsort()[::-1][:2]]
        color = hex_of((int(ink[-1]) & 255, int(ink[-1]) >> 8 & 255, int(ink[-1]) >> 16))
        return Picture(box, kind, color)
    kind = PictureKind.PHOTO if colorful > 0.08 else PictureKind.ILLUSTRATION
    over = any(box.contains(line, 2) for line in text)
    del area
    return Picture(box, kind, hex_of(middle), background=over)
