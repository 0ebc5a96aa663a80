"""Marks the pixels that are neither page nor surface nor what text stands on."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.fills import plane_of
from engine.vision.perception.flatmap import FlatMap, distance
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Rule, Surface

# Flat regions this large in a ground's colour belong to that ground.
_LARGE = 150
# Flat regions that cover this share of the page are ground, whatever their outline.
_GROUND_SHARE = 0.02
_PAGE_LIKE = 4
# A region this large whose colours lie this far from a plane is a soft photo.
# Badges are at most this much higher than the ink of their text.
_BADGE_HEIGHT, _BADGE_ROOM = 2.6, 1.8
# Pixels; a card that a picture nearly fills is none.
_BADGE_MOST = 48
# Where a shadow changes by more than a step from line to line, its lines are flat regions of
# their own, so thick at most, and so far from its box; pixels.
_SHADOW_LINE, _STEEP_SHADOW = 2, 8
_LEAST_TEXTURED, _TEXTURE = 2_000, 3.0
# The soft rim of discs of at least this radius is cleared all around, this wide; pixels.
_LEAST_DISC, _DISC_SHARE, _RIM = 16, 0.45, 5
# A region this close in colour to what is around it is of it. So is one that is fainter than this
# and of these sides, in pixels: the tile that a field's sign stands on, and no stripe of a flag.
_SAME, _FAINT, _TILE = 2, 8, (24, 64)
# Boxes that overlap by no more than this touch; pixels.
_TOUCHING = 3


def foreground(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    text: Sequence[Box],
    rules: Sequence[Rule],
    page: tuple[int, int, int],
    photos: Sequence[Box],
) -> NDArray[np.uint8]:
    """Returns a mask of the page: 1 where a picture or icon may be, else 0.

    On `photos` that content stands on, these are looked for in the surfaces alone.
    """
    mask = _foreground(pixels, regions, surfaces, text, page)
    known = {label for found in surfaces for label in found.labels}
    _erase_badges(mask, regions, text, known)
    _erase(mask, text, 2)
    _erase_edges(mask, [found.surface for found in surfaces], text)
    _erase(mask, [rule.box for rule in rules], 1)
    _erase_photos(mask, photos, [found.surface.box for found in surfaces])
    return mask


def _foreground(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    text: Sequence[Box],
    page: tuple[int, int, int],
) -> NDArray[np.uint8]:
    """One where a pixel is neither page nor surface nor what text stands on."""
    ground = {label for found in surfaces for label in found.labels}
    ground |= _under_text(regions, text)
    least = _GROUND_SHARE * regions.labels.size
    ground |= {
        region.label
        for region in regions.regions.values()
        if region.pixels >= least
        and (
            _reaches_edge(region.box, regions.labels.shape[1])
            or distance(region.color, page) <= _PAGE_LIKE
            or any(region.box.contains(found.surface.box) for found in surfaces)
        )
    }
    ground = {label for label in ground if not textured(pixels, regions, label)}
    height, width = regions.labels.shape
    known = [(page, Box(0, 0, width, height))]
    known += [
        (regions.regions[found.labels[0]].color, found.surface.box)
        for found in surfaces
        if found.labels[0] in regions.regions
    ]
    shaded = [found.surface.box for found in surfaces if found.surface.shadow]
    for region in regions.regions.values():
        if region.pixels < _LARGE or region.label in ground:
            continue
        if min(region.box.w, region.box.h) <= _SHADOW_LINE and any(
            box.contains(region.box, _STEEP_SHADOW) for box in shaded
        ):
            ground.add(region.label)
            continue
        # The last that holds it is the innermost, since surfaces go from the outside in.
        around = next(
            (color for color, box in reversed(known) if box.contains(region.box, 4)), page
        )
        sides = sorted((region.box.w, region.box.h))
        tile = _TILE[0] <= sides[0] and sides[1] <= _TILE[1]
        if distance(region.color, around) < (_FAINT if tile else _SAME):
            ground.add(region.label)
    table = np.ones(len(regions.sizes), np.uint8)
    table[list(ground)] = 0
    return np.asarray(table[regions.labels], np.uint8)


def _reaches_edge(box: Box, width: int) -> bool:
    return box.x <= 1 or box.right >= width - 1


def _under_text(regions: FlatMap, text: Sequence[Box]) -> set[int]:
    """Labels of the large regions around lines of text."""
    height, width = regions.labels.shape
    under: set[int] = set()
    for box in text:
        top, bottom = max(int(box.y) - 1, 0), min(int(np.ceil(box.bottom)), height - 1)
        left, right = max(int(box.x) - 1, 0), min(int(np.ceil(box.right)) + 1, width)
        frame = np.concatenate(
            [regions.labels[top, left:right], regions.labels[bottom, left:right]]
        )
        labels, counts = np.unique(frame, return_counts=True)
        best = int(counts.argmax())
        region = regions.regions.get(int(labels[best]))
        if counts[best] > 0.8 * len(frame) and region and region.box.area > 3 * box.area:
            under.add(region.label)
    return under


def textured(pixels: Pixels, regions: FlatMap, label: int) -> bool:
    """Whether a large region is a soft photo: neither flat nor a linear gradient."""
    region = regions.regions.get(label)
    if region is None or region.pixels < _LEAST_TEXTURED:
        return False
    plane = plane_of(pixels, regions, region)
    return plane is not None and plane.error > _TEXTURE


def _is_badge(box: Box, text: Sequence[Box]) -> bool:
    """Whether a surface is hardly larger than the text on it, so that nothing else is."""
    return box.h <= _BADGE_MOST and any(
        box.contains(line)
        and box.h <= _BADGE_HEIGHT * line.h
        and box.w <= line.w + _BADGE_ROOM * line.h
        for line in text
    )


def _erase_badges(
    mask: NDArray[np.uint8], regions: FlatMap, text: Sequence[Box], known: set[int]
) -> None:
    """Clears badges that lie over icons and so are no boxes; their rims would join both."""
    width = regions.labels.shape[1]
    for line in text:
        middle_x = min(int(line.center_x), width - 1)
        above = regions.labels[max(int(line.y) - 2, 0), middle_x]
        region = regions.regions.get(int(above))
        if region is None or region.label in known:
            continue
        box = region.box
        if box.h > _BADGE_HEIGHT * line.h or box.w > line.w + 2 * _BADGE_HEIGHT * line.h:
            continue
        top, left = max(int(box.y) - 2, 0), max(int(box.x) - 2, 0)
        area = (slice(top, int(box.bottom) + 2), slice(left, int(box.right) + 2))
        own = (regions.labels[area] == region.label).astype(np.uint8)
        mask[area][cv2.dilate(own, np.ones((5, 5), np.uint8)) > 0] = 0


def _erase(mask: NDArray[np.uint8], boxes: Sequence[Box], pad: int) -> None:
    for box in boxes:
        top, left = max(int(box.y) - pad, 0), max(int(box.x) - pad, 0)
        mask[top : int(np.ceil(box.bottom)) + pad, left : int(np.ceil(box.right)) + pad] = 0


def _erase_photos(mask: NDArray[np.uint8], photos: Sequence[Box], surfaces: Sequence[Box]) -> None:
    """Clears photos but for the surfaces on them."""
    seen = mask.copy() if photos else mask
    _erase(mask, photos, 0)
    for box in surfaces:
        if any(photo.intersection(box) > 0 and not box.contains(photo) for photo in photos):
            area = (slice(int(box.y), int(box.bottom)), slice(int(box.x), int(box.right)))
            mask[area] = seen[area]


def _erase_edges(mask: NDArray[np.uint8], surfaces: Sequence[Surface], text: Sequence[Box]) -> None:
    """Clears badges and the edges of surfaces, but where another surface covers the edge."""
    seen = mask.copy()
    for index, surface in enumerate(surfaces):
        box = surface.box
        if any(_straddles(box, below.box) for below in surfaces[:index]):
            area = (slice(int(box.y), int(box.bottom)), slice(int(box.x), int(box.right)))
            mask[area] = seen[area]
        if _is_badge(box, text):
            _erase(mask, [box], 2)
        if _is_disc(box, surface.radius):
            middle = (int(box.x) + int(box.w) // 2, int(box.y) + int(box.h) // 2)
            cv2.circle(mask, middle, round(surface.radius), 0, _RIM)
            continue
        _erase_border(mask, box, surface.border_width)
        _erase_corners(mask, box, surface.radius)


def _straddles(box: Box, other: Box) -> bool:
    """Whether a box lies across an edge of another, as a card half on a band."""
    return (
        box.intersection(other) > 0
        and not other.contains(box, _TOUCHING)
        and not box.contains(other, _TOUCHING)
    )


def _erase_border(mask: NDArray[np.uint8], box: Box, width: float) -> None:
    thick = int(width) + 2
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    outer_x, outer_y = max(x - 2, 0), max(y - 2, 0)
    mask[outer_y : y + thick, outer_x : right + 2] = 0
    mask[bottom - thick : bottom + 2, outer_x : right + 2] = 0
    mask[outer_y : bottom + 2, outer_x : x + thick] = 0
    mask[outer_y : bottom + 2, right - thick : right + 2] = 0


def _is_disc(box: Box, radius: float) -> bool:
    return abs(box.w - box.h) <= 2 and radius >= max(_DISC_SHARE * box.w, _LEAST_DISC)


def _erase_corners(mask: NDArray[np.uint8], box: Box, radius: float) -> None:
    """Clears the soft steps along rounded corners."""
    size = int(np.ceil(radius * 0.35)) + 2 if radius > 1 else 0
    if not size:
        return
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    for top in (y, max(bottom - size, 0)):
        for left in (x, max(right - size, 0)):
            mask[top : top + size, left : left + size] = 0
