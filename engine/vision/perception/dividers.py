"""Finds bands whose upper or lower edge is no straight line: waves, curves and slants.

Such a band is one flat region from side to side. What lies between the highest and the
lowest point of its edge becomes a shape of its own, so that the band itself is a box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.boxes import VISIBLE, Color
from engine.vision.perception.fills import gradient_of
from engine.vision.perception.flatmap import FlatMap, Region, distance, hex_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind, Rule, Surface

_FULL_WIDTH = 0.985
_LEAST_BAND = 60
# Columns are looked at this far apart, in pixels.
_STRIDE = 4
# How far an edge must reach, in pixels, and which share of its band's height it may take.
_LEAST_REACH, _LARGEST_SHARE = 12, 0.5
# An edge that rises more from one column to the next, in pixels, is a corner of something else;
# so many of the columns must be free of those.
_STEEPEST, _LEAST_SMOOTH = 6.0, 0.85
# A straight line misses no column by more, in pixels.
_STRAIGHT = 2.5
_POINTS = 17
# A turn is a change of direction that moves the edge by more than this share of its reach.
_TURN = 0.15
_HELD = 0.6
# Two bands that meet at an edge find it both.
_SAME_EDGE = 0.7
_CONFIDENCE = 0.8


@dataclass(frozen=True, slots=True)
class Dividers:
    """Bands with shaped edges, and the shapes themselves with the grounds that they need."""

    bands: tuple[Found, ...]
    shapes: tuple[Picture, ...]


def find_dividers(pixels: Pixels, regions: FlatMap, page: Color) -> Dividers:
    """Returns the bands whose edges are shaped, from top to bottom, without those that are."""
    height, width = pixels.shape[:2]
    bands: list[Found] = []
    shapes: list[Picture] = []
    for region in sorted(regions.regions.values(), key=lambda item: item.box.y):
        box = region.box
        if box.w < _FULL_WIDTH * width or box.h < _LEAST_BAND:
            continue
        if distance(region.color, page) < VISIBLE:
            continue
        top, bottom = _edges(regions, region)
        upper = _shaped(top, box) if box.y > 0 else None
        lower = _shaped(bottom, box) if box.bottom < height else None
        if upper is None and lower is None:
            continue
        start = int(box.y) if upper is None else int(np.ceil(upper.max()))
        end = _end(bottom, box) if lower is None else int(np.floor(lower.min()))
        if end - start < _LEAST_BAND:
            continue
        gradient = gradient_of(pixels, regions, region)
        edges = (start + 1, end - 2)
        for profile, below in ((upper, True), (lower, False)):
            if profile is None:
                continue
            row = pixels[edges[0] if below else edges[1]]
            color = hex_of(np.median(row, axis=0).astype(int))
            shape = _shape(profile, color, width, below=below)
            if any(shape.box.iou(known.box) > _SAME_EDGE for known in shapes):
                continue
            shapes.append(shape)
            ground = _ground(regions, shape.box, below=below)
            if ground is not None and distance(ground.color, page) >= VISIBLE:
                bands.append(_band(shape.box, ground.hex, ground.label))
        band = _band(Box(0, start, width, end - start), region.hex, region.label)
        bands.append(replace(band, surface=replace(band.surface, gradient=gradient)))
    return Dividers(tuple(bands), tuple(shapes))


def outside_dividers(
    dividers: Dividers,
    pictures: Sequence[Picture],
    rules: Sequence[Rule],
    grounds: Sequence[Picture],
) -> tuple[list[Picture], list[Rule]]:
    """Returns what is no fragment of a shaped edge, with the shapes that are not in a photo."""
    shapes = [
        shape
        for shape in dividers.shapes
        if not any(shape.box.intersection(ground.box) > 0 for ground in grounds)
    ]
    places = [shape.box for shape in shapes]

    def apart(box: Box) -> bool:
        return not any(box.intersection(place) > _HELD * max(box.area, 1) for place in places)

    kept = [picture for picture in pictures if apart(picture.box)]
    return [*kept, *shapes], [rule for rule in rules if apart(rule.box)]


def _edges(regions: FlatMap, region: Region) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns where the region begins and ends in each column that is looked at."""
    box = region.box
    rows = slice(int(box.y), int(box.bottom))
    mask = regions.labels[rows, ::_STRIDE] == region.label
    held = mask.any(axis=0)
    first = np.where(held, mask.argmax(axis=0), np.nan) + box.y
    last = np.where(held, len(mask) - mask[::-1].argmax(axis=0), np.nan) + box.y
    return first.astype(np.float64), last.astype(np.float64)


def _shaped(edge: NDArray[np.float64], box: Box) -> NDArray[np.float64] | None:
    """Returns the edge, smoothed over what stands before it; None when straight or ragged."""
    if np.isnan(edge).mean() > 1 - _LEAST_SMOOTH:
        return None
    columns = np.arange(len(edge))
    known = ~np.isnan(edge)
    line = np.interp(columns, columns[known], edge[known])
    steps = np.abs(np.diff(line))
    if (steps <= _STEEPEST).mean() < _LEAST_SMOOTH:
        return None
    middle = np.array([np.median(line[max(i - 3, 0) : i + 4]) for i in columns])
    if np.abs(np.diff(middle)).max() > 2 * _STEEPEST:
        return None
    reach = float(np.ptp(middle))
    flat = (np.abs(middle - np.median(middle)) <= 1).mean()
    if reach < _LEAST_REACH or reach > _LARGEST_SHARE * box.h or flat > 1 - _LEAST_SMOOTH / 2:
        return None
    return middle


def _end(bottom: NDArray[np.float64], box: Box) -> int:
    """Where a band ends whose lower edge is hidden: where it does at the page's sides."""
    known = bottom[~np.isnan(bottom)]
    sides = (known[1], known[-2]) if len(known) > 3 else (box.bottom,)
    return int(min(sides))


def _shape(profile: NDArray[np.float64], color: str, width: int, *, below: bool) -> Picture:
    top, bottom = float(np.floor(profile.min())), float(np.ceil(profile.max()))
    box = Box(0, top, width, bottom - top)
    name = _name(profile)
    count = 2 if name == "polygon" else _POINTS
    at = np.linspace(0, len(profile) - 1, count)
    points = [
        (round(x * width / (count - 1)), round(float(y) - top))
        for x, y in enumerate(np.interp(at, np.arange(len(profile)), profile))
    ]
    path = _path(points, round(box.h) if below else 0)
    return Picture(
        box=box,
        kind=PictureKind.SHAPE,
        color=color,
        path=path,
        shape=name,
        confidence=_CONFIDENCE,
    )


def _name(profile: NDArray[np.float64]) -> str:
    columns = np.arange(len(profile))
    fit = np.polyval(np.polyfit(columns, profile, 1), columns)
    if np.abs(profile - fit).max() <= _STRAIGHT:
        return "polygon"
    return "curve" if _turns(profile) <= 1 else "wave"


def _turns(profile: NDArray[np.float64]) -> int:
    """How often the edge changes direction, small ripples apart."""
    least = _TURN * float(np.ptp(profile))
    turns, direction = 0, 0
    extreme = float(profile[0])
    for value in profile.tolist():
        if direction >= 0 and value < extreme - least:
            turns += direction > 0
            direction, extreme = -1, value
        elif direction <= 0 and value > extreme + least:
            turns += direction < 0
            direction, extreme = 1, value
        elif direction > 0:
            extreme = max(extreme, value)
        elif direction < 0:
            extreme = min(extreme, value)
    return turns


def _path(points: Sequence[tuple[int, int]], side: int) -> str:
    """Returns the area between a line through `points` and the side at height `side`.

    Between points runs a Catmull-Rom spline, written as Bezier curves: each control point lies a
    sixth of the way between the neighbours of its point.
    """
    last = len(points) - 1
    if last == 1:
        (left, high), (right, low) = points
        return f"M{left} {side}L{left} {high}L{right} {low}L{right} {side}z"
    parts = [f"M{points[0][0]} {side}V{points[0][1]}"]
    for index in range(last):
        before, start = points[max(index - 1, 0)], points[index]
        end, after = points[index + 1], points[min(index + 2, last)]
        first = [start[k] + round((end[k] - before[k]) / 6) for k in (0, 1)]
        second = [end[k] - round((after[k] - start[k]) / 6) for k in (0, 1)]
        parts.append(f"C{first[0]} {first[1]} {second[0]} {second[1]} {end[0]} {end[1]}")
    return "".join(parts) + f"V{side}z"


def _ground(regions: FlatMap, box: Box, *, below: bool) -> Region | None:
    """The region on the other side of the edge; None where there is not one."""
    y = int(box.y) - 3 if below else int(box.bottom) + 2
    if not 0 <= y < len(regions.labels):
        return None
    labels, counts = np.unique(regions.labels[y], return_counts=True)
    most = int(counts.argmax())
    if counts[most] < _LEAST_SMOOTH * counts.sum():
        return None
    return regions.regions.get(int(labels[most]))


def _band(box: Box, fill: str, label: int) -> Found:
    surface = Surface(box=box, fill=fill, full_width=True, confidence=_CONFIDENCE)
    return Found(surface, (label,))
