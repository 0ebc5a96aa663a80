"""Finds drawings that fill a band of the page from side to side, behind its text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import mean_hex
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind

# Share of a page's width at either side that cards and columns keep clear of.
_SIDE = 0.05
# Channel difference from the page's colour, and the share of a side's pixels in a row with it.
_UNLIKE, _PAINTED = 6, 0.98
# A band is at least so high, in pixels, and this share of its edges is a step.
_LEAST_HEIGHT, _SHARP = 120, 0.5
# A band has its own surface or photo where one as wide covers this share of its height, and is
# a gallery where pictures cover this share of its area.
_FULL, _KNOWN, _GALLERY = 0.95, 0.5, 0.5
_DRAWN = (PictureKind.ILLUSTRATION, PictureKind.PHOTO)


def find_drawn_bands(
    pixels: Pixels,
    page: tuple[int, int, int],
    pictures: Sequence[Picture],
    surfaces: Sequence[Found],
    text: Sequence[Box],
) -> list[Picture]:
    """Returns the drawings behind whole bands with text, as backgrounds, from top to bottom.

    Such a band is painted at both sides of the page and ends sharply, but is neither a surface,
    as fills and gradients are, nor a photo with grain: shapes of like colours are seen in it.
    """
    width = pixels.shape[1]
    known = [item.surface.box for item in surfaces] + [picture.box for picture in pictures]
    wide = [box for box in known if box.w >= _FULL * width]
    found = []
    for band in _bands(pixels, page):
        shapes = [p for p in pictures if band.contains(p.box) and p.kind in _DRAWN]
        covered = sum(box.intersection(band) for box in wide) / width
        if (
            shapes
            and any(band.contains(line) for line in text)
            and covered < _KNOWN * band.h
            and sum(shape.box.area for shape in shapes) < _GALLERY * band.area
        ):
            color = mean_hex(pixels[int(band.y) : int(band.bottom)])
            found.append(Picture(band, PictureKind.ILLUSTRATION, color, background=True))
    return found


def _bands(pixels: Pixels, page: tuple[int, int, int]) -> list[Box]:
    """Returns the stretches of rows that are painted at both sides and end in steps."""
    height, width = pixels.shape[:2]
    side = max(1, round(_SIDE * width))
    painted = np.ones(height, np.bool_)
    for strip in (pixels[:, :side], pixels[:, -side:]):
        unlike = np.abs(strip.astype(np.int16) - np.array(page, np.int16)).max(axis=2) > _UNLIKE
        painted &= unlike.mean(axis=1) >= _PAINTED
    edges = np.flatnonzero(np.diff(np.concatenate([[False], painted, [False]]).astype(np.int8)))
    return [
        Box(0, int(top), width, int(bottom - top))
        for top, bottom in zip(edges[::2], edges[1::2], strict=True)
        if bottom - top >= _LEAST_HEIGHT and _is_edge(pixels, top) and _is_edge(pixels, bottom)
    ]


def _is_edge(pixels: Pixels, y: int) -> bool:
    """Whether the page's end or a step along most of its width lies between rows y - 1 and y."""
    if y in {0, len(pixels)}:
        return True
    step = np.abs(pixels[y].astype(np.int16) - pixels[y - 1]).max(axis=1) >= _UNLIKE
    return bool(step.mean() >= _SHARP)
