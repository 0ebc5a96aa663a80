"""Finds upright boxes among flat regions, with what borders them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, Region, distance
from engine.vision.perception.shells import shell_parts
from engine.vision.perception.sides import LEFT, RIGHT, beyond, covered, typical, uncovered
from engine.vision.percepts import Box

Color = tuple[int, int, int]

_MIN_WIDTH, _MIN_HEIGHT = 12, 8
# Each side of a box must carry the box's own colour over the lesser share, all
# together over the greater; corners cut by other things are common.
_STRAIGHT_LEAST, _STRAIGHT = 0.38, 0.6
# Regions that carry less than this a little inside are rings: outlines, shadow contours.
_RING_INSET = 5
_RING_COVER = 0.2
# A line at a side with less of the region is a leak, if the next has this much; or the tip of
# an arrow that points away from the box, if one so many lines on has.
_LEAK, _FULL, _ARROW = 0.2, 0.85, 16
# An arrow widens by its depth on both sides, from a tip that is at most this far from a point.
_BLUNT = 6
# Boxes with no side below this may have one that others cover, but for this share of it.
_LEAST_OVERLAID, _LEAST_SHOWN = 120, 0.04
# In a corner of the page such a box is a header, which may be lower.
_LEAST_HEADER = 60
# Smaller regions may be the insides of letters.
_LEAST_LEAKY = (72, 30)
_MAX_BORDER = 6
# Within so many lines beyond a border a shadow fades.
_FADE = 3
# Diameters of round tiles; smaller discs are icons, larger ones pictures, unless mostly flat.
_DISC, _LARGE_DISC = (28, 96), 200
_FLAT_DISC = 0.45
_ROUND_SLACK, _ROUND_SHARE = 1.6, 0.9
# Colours that differ less look alike.
VISIBLE = 3
_EVEN = 0.7


@dataclass(frozen=True, slots=True)
class Border:
    """Beyond one side: the border's width (0: none) and colour, and the colour further out.

    `outside` is None at the edge of the page; `uneven` says that what lies there
    is not one colour, as a photo.
    """

    width: int
    color: Color | None
    outside: Color | None
    uneven: bool = False


@dataclass(frozen=True, slots=True)
class FlatBox:
    """A flat region that is an upright box; borders go top, right, bottom, left.

    `corners` are the radii of the corners inside the border, in pixels: upper left, upper
    right, lower left, lower right.
    """

    region: Region
    borders: tuple[Border, Border, Border, Border]
    corners: tuple[float, float, float, float]

    @property
    def radius(self) -> float:
        """The radius of its corners."""
        return usual_radius(self.corners)

    @property
    def inner(self) -> Box:
        """The box inside its border."""
        return self.region.box

    @property
    def outer(self) -> Box:
        """The box with its border."""
        top, right, bottom, left = (border.width for border in self.borders)
        box = self.region.box
        return Box(box.x - left, box.y - top, box.w + left + right, box.h + top + bottom)

    @property
    def differs(self) -> tuple[bool, ...]:
        """For each side whether what lies beyond its border has another colour."""
        return tuple(
            border.uneven
            or (
                border.outside is not None
                and distance(border.outside, self.region.color) >= VISIBLE
            )
            for border in self.borders
        )

    @property
    def bounded(self) -> int:
        """How many sides are told apart: by a border, another colour or the page's edge."""
        return sum(
            border.width > 0 or differs or border.outside is None
            for border, differs in zip(self.borders, self.differs, strict=True)
        )


def find_boxes(pixels: Pixels, regions: FlatMap) -> list[FlatBox]:
    """Returns the boxes among the regions, in the order of their labels."""
    found = []
    for whole in regions.regions.values():
        if whole.box.w < _MIN_WIDTH or whole.box.h < _MIN_HEIGHT:
            continue
        region = _without_leaks(regions, whole)
        if _is_box(regions, region) or _is_disc(regions, region):
            parts = [region]
        else:
            parts = shell_parts(regions, whole)
        found += [_flat_box(pixels, regions, part) for part in parts]
    return found


def _flat_box(pixels: Pixels, regions: FlatMap, region: Region) -> FlatBox:
    sides = beyond(pixels, region.box, 9)
    around = [_border(side.lines, region.color) for side in sides]
    sharp = next((border for border in around if border.width), None)
    if sharp is not None:
        around = [
            _over_shadow(border, side.lines, sharp, region.color)
            for border, side in zip(around, sides, strict=True)
        ]
    borders = (around[0], around[1], around[2], around[3])
    return FlatBox(region, borders, _corners(regions, region))


def _without_leaks(regions: FlatMap, region: Region) -> Region:
    """Cuts off lines that the region reaches only through soft corners, and a bubble's arrow."""
    box = region.box
    edge = covered(regions.labels, box, region.label)
    if min(edge) >= _LEAK or box.w < _LEAST_LEAKY[0] or box.h < _LEAST_LEAKY[1]:
        return region
    cuts = [0, 0, 0, 0]
    leaky = [side for side in range(4) if edge[side] < _LEAK]
    # The other three sides of a bubble are straight.
    farthest = _ARROW if sorted(edge)[1] >= _FULL else 1
    for depth in range(1, min(farthest, int(min(box.w, box.h)) // 3) + 1):
        shares = covered(regions.labels, box, region.label, depth)
        for side in tuple(leaky):
            length = box.h if side in (LEFT, RIGHT) else box.w
            if shares[side] >= _FULL:
                cuts[side] = depth
            if shares[side] * length > 2 * (depth + _BLUNT):
                leaky.remove(side)
    top, right, bottom, left = cuts
    inner = Box(box.x + left, box.y + top, box.w - left - right, box.h - top - bottom)
    return replace(region, box=inner)


def _is_box(regions: FlatMap, region: Region) -> bool:
    box = region.box
    if region.pixels < 0.12 * box.area and region.pixels < 2 * (box.w + box.h):
        return False
    straight = covered(regions.labels, box, region.label)
    height, width = regions.labels.shape
    # Whatever stands at the page's edge is cut by it.
    cut = (box.y <= 0, box.right >= width, box.bottom >= height, box.x <= 0)
    band = cut[1] and cut[3] and min(straight[1], straight[3]) >= _FULL
    if sum(cut) == 1 or (band and sum(cut) == 3):
        straight = [
            max(share, _STRAIGHT) if at_edge else share
            for share, at_edge in zip(straight, cut, strict=True)
        ]
    least = _LEAST_HEADER if sum(cut) > 1 else _LEAST_OVERLAID
    if min(straight) < _STRAIGHT_LEAST and min(box.w, box.h) >= least:
        straight = _with_hidden(regions, region, straight)
    if min(straight) < _STRAIGHT_LEAST or sum(straight) / 4 < _STRAIGHT:
        return False
    if min(box.w, box.h) <= 4 * _RING_INSET:
        return True
    return max(covered(regions.labels, box, region.label, _RING_INSET)) >= _RING_COVER


def _with_hidden(regions: FlatMap, region: Region, straight: list[float]) -> list[float]:
    """Takes the one side that is not full for full, too, where it is wherever it shows.

    Cards lie over the lower edge of a coloured header.
    """
    weakest = min(straight)
    if sorted(straight)[1] < _FULL or weakest < _LEAST_SHOWN:
        return straight
    shown = uncovered(regions.labels, region.box, region.label, straight.index(weakest))
    return [max(share, _FULL) for share in straight] if shown >= _FULL else straight


def _is_disc(regions: FlatMap, region: Region) -> bool:
    """Whether a region is a round tile: its outline is a circle, whatever lies on it."""
    box = region.box
    low, high = _DISC
    if region.share >= _FLAT_DISC:
        high = _LARGE_DISC
    if abs(box.w - box.h) > 2 or not low <= max(box.w, box.h) <= high:
        return False
    x, y, w, h = int(box.x), int(box.y), int(box.w), int(box.h)
    mine = regions.labels[y : y + h, x : x + w] == region.label
    rows = np.arange(h)
    half = np.sqrt(np.maximum(1 - ((rows + 0.5) / h * 2 - 1) ** 2, 0)) * w / 2
    left = np.where(mine.any(axis=1), mine.argmax(axis=1), w)
    right = np.where(mine.any(axis=1), w - mine[:, ::-1].argmax(axis=1), 0)
    off = np.maximum(np.abs(left - (w / 2 - half)), np.abs(right - (w / 2 + half)))
    # The flat caps above and below are a pixel or two wide of the circle.
    return bool((off[h // 8 : h - h // 8] <= _ROUND_SLACK).mean() >= _ROUND_SHARE)


def _border(lines: Pixels, fill: Color) -> Border:
    if len(lines) == 0 or lines.shape[1] == 0:
        return Border(0, None, None)
    first, even = typical(lines[0])
    if even < _EVEN:
        return Border(0, None, first, uneven=True)
    previous = first
    for depth in range(1, min(_MAX_BORDER + 1, len(lines))):
        color, uniform = typical(lines[depth])
        if distance(color, previous) < VISIBLE:
            previous = color
            continue
        # A soft shadow also changes line by line, but on and on.
        further, _ = typical(lines[min(depth + 2, len(lines) - 1)])
        soft = distance(color, further) >= VISIBLE and uniform >= _EVEN
        if soft or distance(first, fill) < VISIBLE or distance(previous, first) >= VISIBLE:
            return Border(0, None, first)
        return Border(depth, first, color, uneven=uniform < 0.5)
    return Border(0, None, first)


def _over_shadow(border: Border, lines: Pixels, sharp: Border, fill: Color) -> Border:
    """Returns the border of a side as that of another side is, if it is seen before a shadow.

    What fades beyond hides where the border ends, but its colour tells it: it is darker than what
    lies on both of its sides, or lighter, where a soft edge lies between the two.
    """
    width, color = sharp.width, sharp.color
    hidden = not (border.width or border.uneven or border.outside is None)
    if not hidden or color is None or len(lines) < width + _FADE:
        return border
    if any(distance(typical(line)[0], color) >= VISIBLE for line in lines[:width]):
        return border
    outside, even = typical(lines[width])
    fades = distance(outside, typical(lines[width + _FADE - 1])[0]) >= VISIBLE
    apart = (sum(color) - sum(fill)) * (sum(color) - sum(outside)) > 0
    return Border(width, color, outside, uneven=even < _EVEN) if fades and apart else border


def _corners(regions: FlatMap, region: Region) -> tuple[float, float, float, float]:
    """The radius of each corner from the area that it lacks: (1 - pi / 4) r^2."""
    x, y, w, h = (int(v) for v in (region.box.x, region.box.y, region.box.w, region.box.h))
    side = min(w, h) // 2
    if side < 2:
        return 0.0, 0.0, 0.0, 0.0
    reach = min(side, 64)
    mine = regions.labels[y : y + h, x : x + w] == region.label
    radii = []
    for corner in (mine, mine[:, ::-1], mine[::-1], mine[::-1, ::-1]):
        part = corner[:reach, :reach]
        # In each row, the pixels before the first own one.
        lead = np.where(part.any(axis=1), part.argmax(axis=1), reach)
        end = int(np.argmax(lead == 0)) if (lead == 0).any() else reach
        radius = float(np.sqrt(float(lead[:end].sum()) / (1 - np.pi / 4)))
        radii.append(round(min(radius, min(w, h) / 2), 1))
    return radii[0], radii[1], radii[2], radii[3]


def usual_radius(corners: Sequence[float]) -> float:
    """The middle of four corners' radii, the lower one: content may touch a corner."""
    return sorted(corners)[1]


def stacks(boxes: Sequence[FlatBox]) -> list[list[FlatBox]]:
    """Returns runs of boxes that touch (or share a hairline) along a whole side.

    A card's header and body, a sidebar cut in two by its active entry, the rows
    of a table: each is one thing to the eye.
    """
    found = []
    for vertical in (True, False):
        groups: dict[tuple[int, int], list[FlatBox]] = {}
        for box in boxes:
            area = box.inner
            start, end = (area.x, area.right) if vertical else (area.y, area.bottom)
            groups.setdefault((int(start), int(end)), []).append(box)
        for group in groups.values():
            found += _touching(group, vertical=vertical)
    return found


def _touching(group: Sequence[FlatBox], *, vertical: bool) -> list[list[FlatBox]]:
    def low(box: FlatBox) -> float:
        return box.inner.y if vertical else box.inner.x

    def high(box: FlatBox) -> float:
        return box.inner.bottom if vertical else box.inner.right

    result: list[list[FlatBox]] = []
    for box in sorted(group, key=low):
        if result and 0 <= low(box) - high(result[-1][-1]) <= 2:
            result[-1].append(box)
        else:
            result.append([box])
    return [run for run in result if len(run) > 1]
