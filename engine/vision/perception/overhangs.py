"""Makes whole what hangs over the edge of a photo, as an avatar over a profile's cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.percepts import Box, Picture, PictureKind

# What hangs over is at least this wide; in pixels.
_LEAST_WIDTH = 40
# It begins this close to the photo's edge.
_FLUSH = 4
# The outline of a disc is this far from a circle on average, and reaches so far around it.
_ROUND, _LEAST_BEND = 1.5, 0.1
# The least step from the page to a disc, in levels.
_STEP = 10
# Straight sides are followed by so many rows at a time. The step at them is so many times the
# usual one in so many columns around, or where that is faint, times so many levels.
_ROWS, _SHARP, _AROUND, _FAINT = 12, 2.0, 10, 4.0
# The sides of a photo are straight within so many pixels in this share of its rows, and what hangs
# over its lower edge is so far from either side, over its width.
_STRAIGHT, _STRAIGHT_SHARE, _INSET = 6, 0.9, 0.1


def part_hanging(pixels: Pixels, mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Returns a photo and the part below it of a disc over its lower edge, or the box itself."""
    if box.w < 2 * _LEAST_WIDTH:
        return [box]
    seen = mask[int(box.y) : int(box.bottom), int(box.x) : int(box.right)] > 0
    left, right = seen.argmax(axis=1), box.w - seen[:, ::-1].argmax(axis=1)
    filled = np.asarray(seen.any(axis=1), np.bool_)
    whole = filled & (left <= _STRAIGHT) & (right >= box.w - _STRAIGHT)
    end = len(whole) - int(whole[::-1].argmax())
    rows = end + np.flatnonzero(filled[end:])
    if not _ROWS <= len(rows) <= end or whole[:end].mean() < _STRAIGHT_SHARE:
        return [box]
    first, last = int(left[rows].min()), int(right[rows].max())
    hanging = Box(box.x + first, box.y + int(rows[0]), last - first, box.h - int(rows[0]))
    inset = min(first, box.w - last) / box.w
    if inset < _INSET or hanging.w < _LEAST_WIDTH or _disc(pixels, hanging) is None:
        return [box]
    return [Box(box.x, box.y, box.w, end), hanging]


def complete(
    pixels: Pixels, pictures: Sequence[Picture], grounds: Sequence[Picture]
) -> list[Picture]:
    """Adds to pictures below a photo the parts of them that lie over it.

    Over `grounds`, the photos behind whole bands, anything may hang; over other photos discs do.
    """
    photos = [item for item in pictures if item.kind is PictureKind.PHOTO]
    return [_whole(pixels, item, grounds, photos) for item in pictures]


def _whole(
    pixels: Pixels, item: Picture, grounds: Sequence[Picture], photos: Sequence[Picture]
) -> Picture:
    box = item.box
    if box.w < _LEAST_WIDTH:
        return item
    for photo in [*grounds, *photos]:
        ground = photo.box
        within = ground.x <= box.x and box.right <= ground.right
        if not within or abs(box.y - ground.bottom) > _FLUSH:
            continue
        disc = _disc(pixels, box)
        if disc is not None and disc.y > ground.y:
            return replace(item, box=disc, kind=PictureKind.AVATAR, circular=True)
        if photo not in grounds:
            continue
        top = _top(pixels, box, int(ground.y))
        return replace(item, box=Box(box.x, top, box.w, box.bottom - top))
    return item


def _disc(pixels: Pixels, box: Box) -> Box | None:
    """Returns the bounds of the circle that the sides of a piece run along, if they do.

    The circle is fitted by least squares (I. Kasa, 1976): x² + y² = ax + by + c.
    """
    ground = np.median(pixels[int(box.bottom) - 1, [int(box.x), int(box.right) - 1]], axis=0)
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)].astype(np.int16)
    inked = np.abs(window - ground).max(axis=2) >= _STEP
    rows = np.flatnonzero(inked.any(axis=1))
    if len(rows) < _ROWS:
        return None
    left, right = inked[rows].argmax(axis=1), box.w - 1 - inked[rows, ::-1].argmax(axis=1)
    x = np.concatenate([left, right + 1]).astype(np.float64)
    y = np.concatenate([rows, rows]) + 0.5
    design = np.stack([x, y, np.ones_like(x)], axis=1)
    fit, *_ = np.linalg.lstsq(design, x**2 + y**2, rcond=None)
    center_x, center_y = fit[0] / 2, fit[1] / 2
    radius = float(np.sqrt(fit[2] + center_x**2 + center_y**2))
    off = np.abs(np.hypot(x - center_x, y - center_y) - radius).mean()
    bend = (right - left).max() - (right - left).min()
    if off > _ROUND or bend < _LEAST_BEND * box.w or 2 * radius > 1.5 * box.w:
        return None
    return Box(
        round(box.x + center_x - radius),
        round(box.y + center_y - radius),
        round(2 * radius),
        round(2 * radius),
    )


def _top(pixels: Pixels, box: Box, highest: int) -> float:
    """Returns how far up the sides of a piece go on as steps that stand out from those around."""
    top = int(box.y)
    while top - _ROWS >= highest:
        rows = slice(top - _ROWS, top)
        if max(_step(pixels[rows], int(x)) for x in (box.x, box.right)) < _SHARP:
            break
        top -= _ROWS
    return top


def _step(rows: Pixels, x: int) -> float:
    """How much larger the step at a side is than those beside it."""
    columns = rows[:, max(x - _AROUND, 0) : x + _AROUND].astype(np.int16)
    steps = np.abs(np.diff(columns, axis=1)).max(axis=2).mean(axis=0)
    if len(steps) < 2 * _AROUND - 1:
        return 0.0
    near = steps[_AROUND - 2 : _AROUND + 1].max()
    return float(near / max(np.median(steps), _FAINT))
