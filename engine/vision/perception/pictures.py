"""Finds what is neither text nor flat surface: photos, illustrations, icons."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.fills import plane_of
from engine.vision.perception.flatmap import FlatMap, distance, hex_of
from engine.vision.perception.ink import pack
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind, Rule

# Strokes of one icon lie closer than this many pixels.
_CLOSE = 5
_MIN_SIDE = 5
_MAX_ICON = 64
# Solid dots up to this size are bullets and status lights.
_MAX_BULLET = 10
_DOT_STEP = 40
# Flat regions this large in a ground's colour belong to that ground.
_LARGE = 150
# Share of distinct colours over which a picture is a photo.
_COLORFUL = 0.08
# Large components that fill less of their box are frames around other things.
_HOLLOW = 0.12
# Flat regions that cover this share of the page are ground, whatever their outline.
_GROUND_SHARE = 0.02
# A region this large whose colours lie this far from a plane is a soft photo.
_LEAST_TEXTURED, _TEXTURE = 2_000, 3.0
# Share of the smaller box at which two are one picture.
_OVERLAP = 0.05
# Shadows reach this far and change by at most this much from line to line.
_SHADOW_REACH, _SHADOW_STEP = 40, 8


def find_pictures(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    text: Sequence[Box],
    rules: Sequence[Rule],
    page: tuple[int, int, int],
) -> list[Picture]:
    """Returns pictures from top to bottom."""
    foreground = _foreground(pixels, regions, surfaces, text, page)
    _erase(foreground, text, 2)
    for found in surfaces:
        _erase_border(foreground, found.surface.box, found.surface.border_width)
        _erase_corners(foreground, found.surface.box, found.surface.radius)
    _erase(foreground, [rule.box for rule in rules], 1)
    closed = cv2.morphologyEx(foreground, cv2.MORPH_CLOSE, np.ones((_CLOSE, _CLOSE), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    boxes = []
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
    merged = join_overlapping(boxes)
    parts = [part for box in merged for part in _repeated(foreground, without_shadow(pixels, box))]
    return [_picture(pixels, box, text) for box in parts]


def without_shadow(pixels: Pixels, box: Box) -> Box:
    """Cuts soft shadows off a picture: lines that fade into the ground, up to a jump."""
    page_height, page_width = pixels.shape[:2]
    inside = box.x >= 1 and box.y >= 1 and box.right < page_width and box.bottom < page_height
    if min(box.w, box.h) < _MAX_ICON or not inside:
        return box
    grown = pixels[int(box.y) - 1 : int(box.bottom) + 1, int(box.x) - 1 : int(box.right) + 1]
    height, width = grown.shape[:2]
    rows = grown[:, width // 5 : width - width // 5].astype(np.int16)
    columns = grown[height // 5 : height - height // 5].swapaxes(0, 1).astype(np.int16)
    top, bottom = _soft(rows), _soft(rows[::-1])
    left, right = _soft(columns), _soft(columns[::-1])
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


def textured(pixels: Pixels, regions: FlatMap, label: int) -> bool:
    """Whether a large region is a soft photo: neither flat nor a linear gradient."""
    region = regions.regions.get(label)
    if region is None or region.pixels < _LEAST_TEXTURED:
        return False
    plane = plane_of(pixels, regions, region)
    return plane is not None and plane.error > _TEXTURE


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
    ground |= {region.label for region in regions.regions.values() if region.pixels >= least}
    ground = {label for label in ground if not textured(pixels, regions, label)}
    height, width = regions.labels.shape
    known = [(page, Box(0, 0, width, height))]
    known += [
        (regions.regions[found.labels[0]].color, found.surface.box)
        for found in surfaces
        if found.labels[0] in regions.regions
    ]
    for region in regions.regions.values():
        if region.pixels < _LARGE or region.label in ground:
            continue
        # The last that holds it is the innermost, since surfaces go from the outside in.
        around = next(
            (color for color, box in reversed(known) if box.contains(region.box, 4)), page
        )
        if distance(region.color, around) < 2:
            ground.add(region.label)
    table = np.ones(len(regions.sizes), np.uint8)
    table[list(ground)] = 0
    return np.asarray(table[regions.labels], np.uint8)


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


def join_overlapping(boxes: Sequence[Box]) -> list[Box]:
    """Joins boxes that overlap, as the slices of a pie do, until none do."""
    pending = sorted(boxes, key=lambda box: (box.area, box.y, box.x))
    done: list[Box] = []
    while pending:
        box = pending.pop()
        for index, other in enumerate(done):
            if other.intersection(box) > _OVERLAP * min(other.area, box.area):
                del done[index]
                pending.append(other.union(box))
                break
        else:
            done.append(box)
    return sorted(done, key=lambda box: (box.y, box.x))


def _repeated(mask: NDArray[np.uint8], box: Box) -> list[Box]:
    """Parts a row of like icons, such as rating stars, at its empty columns."""
    if box.h > 40 or box.w < 2 * box.h:
        return [box]
    window = mask[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    inked = np.concatenate([[False], window.any(axis=0), [False]])
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    starts, ends = edges[::2], edges[1::2]
    widths = ends - starts
    if len(widths) < 2 or widths.min() < 0.6 * box.h or widths.max() > 1.35 * widths.min():
        return [box]
    return [
        Box(box.x + int(start), box.y, int(end - start), box.h)
        for start, end in zip(starts, ends, strict=True)
    ]


def _erase(mask: NDArray[np.uint8], boxes: Sequence[Box], pad: int) -> None:
    for box in boxes:
        top, left = max(int(box.y) - pad, 0), max(int(box.x) - pad, 0)
        mask[top : int(np.ceil(box.bottom)) + pad, left : int(np.ceil(box.right)) + pad] = 0


def _erase_border(mask: NDArray[np.uint8], box: Box, width: float) -> None:
    thick = int(width) + 2
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    outer_x, outer_y = max(x - 2, 0), max(y - 2, 0)
    mask[outer_y : y + thick, outer_x : right + 2] = 0
    mask[bottom - thick : bottom + 2, outer_x : right + 2] = 0
    mask[outer_y : bottom + 2, outer_x : x + thick] = 0
    mask[outer_y : bottom + 2, right - thick : right + 2] = 0


def _erase_corners(mask: NDArray[np.uint8], box: Box, radius: float) -> None:
    """Clears the soft steps along rounded corners."""
    size = int(np.ceil(radius * 0.35)) + 2 if radius > 1 else 0
    if not size:
        return
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    for top in (y, max(bottom - size, 0)):
        for left in (x, max(right - size, 0)):
            mask[top : top + size, left : left + size] = 0


def _picture(pixels: Pixels, box: Box, text: Sequence[Box]) -> Picture:
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    packed = pack(window[:: max(1, window.shape[0] // 200), :: max(1, window.shape[1] // 200)])
    values, counts = np.unique(packed.ravel(), return_counts=True)
    colorful = len(values) / packed.size
    order = counts.argsort(kind="stable")[::-1]
    main = int(values[order[0]])
    middle = hex_of((main & 255, main >> 8 & 255, main >> 16))
    if max(box.w, box.h) <= _MAX_BULLET and _is_solid(window):
        return Picture(box, PictureKind.SHAPE, middle, circular=True)
    if max(box.w, box.h) <= _MAX_ICON:
        square = abs(box.w - box.h) <= 2 and colorful > 0.3 and box.w >= 24
        kind = PictureKind.AVATAR if square else PictureKind.ICON
        return Picture(box, kind, middle, circular=square and _is_round(window))
    kind = PictureKind.PHOTO if colorful > _COLORFUL else PictureKind.ILLUSTRATION
    over = any(box.contains(line, 2) for line in text)
    return Picture(box, kind, middle, background=over, circular=_is_round(window))


def _is_solid(window: Pixels) -> bool:
    """Whether a small window is a dot: mostly of the colour of its centre, its corners not."""
    height, width = window.shape[:2]
    center = window[height // 2, width // 2].astype(int)
    near = np.abs(window.astype(int) - center).max(axis=2) <= _DOT_STEP
    return bool(near.mean() >= 0.5 and abs(width - height) <= 1)


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
