"""Divides a page into full-width bands and finds the frame that holds their content."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, group, union
from engine.vision.percepts import Box

_EDGE = 3.0
_SYMMETRY = 6.0
_RAGGED = 40.0
_TALL = 420.0
_SECTION_GAP = 2.2
_LEAST_SECTION_GAP = 44.0


def divide(page: Item) -> None:
    """Makes the page's children bands that join without gaps, each with a content frame."""
    width = page.box.w
    bands: list[Item] = []
    loose: list[Item] = []
    for child in page.children:
        if is_band(child, width):
            _flush(loose, bands)
            bands.append(child)
        else:
            loose.append(child)
    _flush(loose, bands)
    _stretch(bands, page.box)
    frames = _frames(bands, width)
    for band in bands:
        band.frame = _frame(band, frames, width)
    page.children = bands
    page.arrangement = Arrangement.COLUMN


def is_band(item: Item, width: float) -> bool:
    """Returns whether a painted box reaches from edge to edge."""
    return item.boxed and item.box.x <= _EDGE and item.box.right >= width - _EDGE


def _flush(loose: list[Item], bands: list[Item]) -> None:
    """Makes bands of what lies on the page itself between two painted bands."""
    if not loose:
        return
    for part in _sections(list(loose)):
        alone = part[0] if len(part) == 1 else None
        if alone is not None and alone.children and not alone.boxed:
            band = group(alone.children, alone.arrangement, alone.columns)
            band.slots = alone.slots
        else:
            band = group(part, Arrangement.COLUMN)
        band.boxed = True
        bands.append(band)
    loose.clear()


def _sections(items: list[Item]) -> list[list[Item]]:
    """Cuts where the space is much larger than usual and a new heading follows."""
    spaces = [b.box.y - a.box.bottom for a, b in itertools.pairwise(items)]
    if len(items) < 3:
        return [items]
    usual = sorted(spaces)[len(spaces) // 2]
    parts: list[list[Item]] = [[items[0]]]
    for item, space in zip(items[1:], spaces, strict=True):
        if space >= max(_LEAST_SECTION_GAP, _SECTION_GAP * max(usual, 1.0)):
            parts.append([item])
        else:
            parts[-1].append(item)
    return parts


def _stretch(bands: list[Item], page: Box) -> None:
    """Gives unpainted bands the space around them, so that bands join without gaps."""
    for index, band in enumerate(bands):
        if band.surface is not None or band.picture is not None:
            continue
        before, after = bands[index - 1] if index else None, bands[index + 1 : index + 2]
        top = band.box.y if before is None else before.box.bottom
        top = 0.0 if before is None else min(top, band.box.y)
        bottom = page.h if not after else after[0].box.y
        if after and after[0].surface is None and after[0].picture is None:
            bottom = (band.box.bottom + bottom) / 2
        band.box = Box(0, top, page.w, max(bottom - top, band.box.bottom - top))


def _frames(bands: Sequence[Item], width: float) -> list[Box]:
    """Returns the page's symmetric content frames, the most common first."""
    counts: Counter[tuple[int, int]] = Counter()
    for band in bands:
        box = union(child.box for child in band.children)
        left, right = box.x, width - box.right
        if abs(left - right) <= _SYMMETRY and left > 0:
            counts[round((left + right) / 2), 0] += 2
        elif left > 0:
            counts[round(left), 0] += 1
    ordered = [left for (left, _), _ in counts.most_common()]
    return [Box(left, 0, width - 2 * left, 0) for left in ordered]


def _frame(band: Item, frames: Sequence[Box], width: float) -> Box | None:
    """Returns where a band keeps its content; None when it uses its full width."""
    box = union(child.box for child in band.children)
    left, right = box.x, width - box.right
    if left <= _EDGE or right < -_EDGE:
        return None
    if abs(left - right) <= _SYMMETRY:
        centre_only = _narrow_centre(band)
        if centre_only and frames:
            wider = [frame for frame in frames if frame.x < left]
            if wider:
                return Box(wider[0].x, box.y, wider[0].w, box.h)
        half = (left + right) / 2
        return Box(half, box.y, width - 2 * half, box.h)
    for frame in frames:
        if abs(frame.x - left) <= _SYMMETRY and frame.right >= box.right - _SYMMETRY:
            return Box(left, box.y, width - 2 * left, box.h)
        if abs(frame.right - box.right) <= _SYMMETRY and frame.x <= left + _SYMMETRY:
            return Box(frame.x, box.y, frame.w, box.h)
    half = max(min(left, right), 0.0)
    return Box(half, box.y, width - 2 * half, box.h)


def _narrow_centre(band: Item) -> bool:
    """Returns whether a band holds only centred text, which says nothing about its frame."""
    return all(
        child.kind
        in {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_HEADING}
        for child in band.children
    )
