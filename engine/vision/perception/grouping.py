"""Puts together what belongs to one picture: bars of a chart, patches of a dim photo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind, Rule

# Bars of one chart stand on one line, this close to each other.
_BARS, _BAR_WIDTH, _BAR_GAP, _BAR_HEIGHT = 4, 24, 30, 6
# A surface is a dim photo when this many patches stand out from it only this much.
_PATCHES, _DIM, _LEAST_PHOTO, _LARGEST_PATCH = 5, 70, 40_000, 24
# Photos hold no more surfaces than these: a button or two.
_HELD = 4
# An icon stands this close to its text.
_LABEL = 48


def join_bars(
    pictures: Sequence[Picture], rules: Sequence[Rule]
) -> tuple[list[Picture], list[Rule]]:
    """Joins upright bars on a common base line into charts."""
    boxes = [picture.box for picture in pictures] + [rule.box for rule in rules]
    bars = [box for box in boxes if _is_bar(box)]
    by_base: dict[int, list[Box]] = {}
    for box in sorted(bars, key=lambda b: (b.bottom, b.x)):
        base = next((key for key in by_base if abs(key - box.bottom) <= 1), int(box.bottom))
        by_base.setdefault(base, []).append(box)
    charts: list[Box] = []
    for group in by_base.values():
        rows: list[list[Box]] = []
        for box in sorted(group, key=lambda b: b.x):
            if rows and box.x - rows[-1][-1].right <= _BAR_GAP:
                rows[-1].append(box)
            else:
                rows.append([box])
        charts += [
            _bounds(row)
            for row in rows
            if len(row) >= _BARS and len({round(b.h) for b in row}) >= max(3, len(row) // 2)
        ]
    if not charts:
        return list(pictures), list(rules)
    kept = [p for p in pictures if not any(chart.contains(p.box, 1) for chart in charts)]
    inside = [p for p in pictures if any(chart.contains(p.box, 1) for chart in charts)]
    color = inside[0].color if inside else "#888888"
    kept += [Picture(chart, PictureKind.CHART, color) for chart in charts]
    lines = [r for r in rules if not any(chart.contains(r.box, 1) for chart in charts)]
    return kept, lines


def _is_bar(box: Box) -> bool:
    return box.w <= _BAR_WIDTH and box.h >= max(box.w, _BAR_HEIGHT)


def _bounds(boxes: Sequence[Box]) -> Box:
    result = boxes[0]
    for box in boxes[1:]:
        result = result.union(box)
    return result


def take_dim_photos(
    pixels: Pixels,
    surfaces: Sequence[Found],
    pictures: Sequence[Picture],
    text: Sequence[Box],
) -> tuple[list[Found], list[Picture]]:
    """Turns surfaces strewn with faint patches into photos that hold those patches."""
    kept: list[Found] = []
    photos: list[Picture] = []
    for item in surfaces:
        surface = item.surface
        held = sum(surface.box.contains(other.surface.box, -1) for other in surfaces)
        if surface.box.area < _LEAST_PHOTO or surface.fill is None or held > _HELD:
            kept.append(item)
            continue
        fill = bgr_of(surface.fill)
        faint = [
            picture
            for picture in pictures
            if surface.box.contains(picture.box)
            and not _labels(picture.box, text)
            and _contrast(pixels, picture.box, fill) <= _DIM
        ]
        largest = max((min(patch.box.w, patch.box.h) for patch in faint), default=0)
        if len(faint) < _PATCHES or largest < _LARGEST_PATCH:
            kept.append(item)
            continue
        photos.append(
            Picture(
                surface.box,
                PictureKind.PHOTO,
                surface.fill,
                background=any(surface.box.contains(line) for line in text),
                radius=surface.radius,
            )
        )
    rest = [p for p in pictures if not any(photo.box.contains(p.box, 1) for photo in photos)]
    return kept, [*photos, *rest]


def _labels(box: Box, text: Sequence[Box]) -> bool:
    """Whether a line of text stands beside a small picture, which makes it an icon."""
    return max(box.w, box.h) < _LABEL and any(
        abs(line.center_y - box.center_y) < line.h
        and -2 <= max(line.x - box.right, box.x - line.right) <= _LABEL
        for line in text
    )


def _contrast(pixels: Pixels, box: Box, fill: tuple[int, int, int]) -> int:
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    low, high = np.percentile(window.reshape(-1, 3), (5, 95), axis=0).astype(int)
    ends = [(int(end[0]), int(end[1]), int(end[2])) for end in (low, high)]
    return max(distance(end, fill) for end in ends)
