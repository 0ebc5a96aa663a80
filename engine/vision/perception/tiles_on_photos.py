"""Finds the discs and squares on a photo that hold an icon each: buttons without a text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, Region, hex_of
from engine.vision.perception.solid_icons import off_mixture
from engine.vision.perception.surfaces import Found
from engine.vision.perception.tracing import trace
from engine.vision.percepts import Box, Picture, PictureKind, Surface

# Sides of such a button, in pixels, and how far they may differ.
_SIDES, _SKEW = (28, 72), 2
# Share of its box that a tile's own colour covers at least: a disc has 0.79, less its icon.
_OWN = 0.55
# Channel difference from the tile from which a pixel is of the icon; those farther off than this
# percentile show its ink. How far the others may be from a mixture of ink and tile, which soft
# edges are, and the share that is.
_INKED, _FARTHEST = 56, 75
_WITHIN, _PURE = 28, 0.9
# The ring that is of the tile alone, as radii over its side, and the share that is.
_RING, _CLEAN = (0.37, 0.45), 0.97
# The longer side of the icon and how far off its middle lies, over the tile's side.
_ICON, _OFF = (0.2, 0.65), 0.12
# Where the corner of a square is of its colour and that of a disc is not, over the side.
_CORNER = 0.08


def find_tiles(
    pixels: Pixels, regions: FlatMap, photos: Sequence[Picture], text: Sequence[Box]
) -> tuple[list[Found], list[Picture]]:
    """Returns the tiles, from top to bottom, and the icon of each.

    Args:
        pixels: The page, BGR.
        regions: Its flat regions.
        photos: The photos that content stands on.
        text: The ink of the page's lines; a tile that holds some is left to others.
    """
    tiles: list[Found] = []
    icons: list[Picture] = []
    for region in sorted(regions.regions.values(), key=lambda item: (item.box.y, item.box.x)):
        box = region.box
        if not _is_tile(region) or any(box.intersection(line) > 0 for line in text):
            continue
        if not any(photo.box.contains(box) for photo in photos):
            continue
        icon = _icon(pixels, region)
        if icon:
            radius = box.w / 2 if _is_disc(pixels, region) else 0.0
            surface = Surface(box, region.hex, radius=radius)
            tiles.append(Found(surface, (region.label,)))
            icons.append(icon)
    return tiles, icons


def _is_tile(region: Region) -> bool:
    box = region.box
    sides = min(box.w, box.h), max(box.w, box.h)
    return (
        _SIDES[0] <= sides[0]
        and sides[1] <= min(_SIDES[1], sides[0] + _SKEW)
        and region.share >= _OWN
    )


def _away(pixels: Pixels, region: Region) -> NDArray[np.int16]:
    """How far each pixel of a region's box is from the region's colour."""
    box = region.box
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)].astype(np.int16)
    return np.asarray(np.abs(window - np.array(region.color)).max(axis=2), np.int16)


def _icon(pixels: Pixels, region: Region) -> Picture | None:
    """The mark of one colour in the middle of a tile, with the tile alone around it."""
    box, side = region.box, min(region.box.w, region.box.h)
    away = _away(pixels, region)
    inked = away > _INKED
    rows, columns = np.ogrid[: inked.shape[0], : inked.shape[1]]
    radius = np.hypot(rows + 0.5 - box.h / 2, columns + 0.5 - box.w / 2) / side
    ring = (radius >= _RING[0]) & (radius <= _RING[1])
    if (~inked[ring]).mean() < _CLEAN:
        return None
    inked &= radius < _RING[0]
    ys, xs = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(ys):
        return None
    mark = Box(
        box.x + int(xs[0]), box.y + int(ys[0]), int(xs[-1] - xs[0]) + 1, int(ys[-1] - ys[0]) + 1
    )
    off = max(abs(mark.center_x - box.center_x), abs(mark.center_y - box.center_y))
    if not _ICON[0] * side <= max(mark.w, mark.h) <= _ICON[1] * side or off > _OFF * side:
        return None
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    ink = window[inked].astype(np.int16)
    strong = away[inked] >= np.percentile(away[inked], _FARTHEST)
    middle = np.median(ink[strong], axis=0)
    own = np.array(region.color, np.float64)
    if (off_mixture(ink, own, middle) <= _WITHIN).mean() < _PURE:
        return None
    traced = trace(pixels, mark)
    return Picture(
        mark, PictureKind.ICON, hex_of(middle.astype(int)), path=traced.path if traced else ""
    )


def _is_disc(pixels: Pixels, region: Region) -> bool:
    away = _away(pixels, region)
    inset = round(_CORNER * len(away))
    corners = away[[inset, inset, -1 - inset, -1 - inset], [inset, -1 - inset, inset, -1 - inset]]
    return bool((corners > _WITHIN).sum() > 1)
