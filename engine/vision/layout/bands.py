"""Divides a page into full-width bands and finds the frame that holds their content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, column, group, union
from engine.vision.layout.top_bar import take_top_bar
from engine.vision.percepts import Box

_EDGE = 3.0
# How far from the page's edge a side column may float.
_MARGIN = 24.0
_FILLED, _MOSTLY = 0.95, 0.9
_SYMMETRY = 6.0
_SECTION_GAP = 2.2
_LEAST_SECTION_GAP = 44.0
_SIDE_WIDTH = 0.34
_SIDE_HEIGHT = 260.0
_SIDE_SHARE = 0.3


def divide(page: Item) -> None:
    """Makes the page's children bands that join without gaps, each with a content frame.

    Where a painted side column runs beside the content, the content is divided
    in the same way.
    """
    bands: list[Item] = []
    loose: list[Item] = []
    for child in page.children:
        if is_band(child, page.box):
            _flush(loose, bands)
            bands.extend(take_top_bar(child, page.box) or [child])
        else:
            loose.append(child)
    _flush(loose, bands)
    _stretch(bands, page.box)
    for band in bands:
        _divide_beside(band, page.box)
    frames = _frames(bands, page.box)
    for band in bands:
        band.frame = _frame(band, frames, page.box)
    page.children = bands
    page.arrangement = Arrangement.COLUMN


def is_band(item: Item, page: Box) -> bool:
    """Returns whether a painted box reaches from edge to edge."""
    return item.boxed and item.box.x <= page.x + _EDGE and item.box.right >= page.right - _EDGE


def is_side(item: Item, page: Box) -> bool:
    """Returns whether an item is a column along the left or right edge of the content."""
    narrow = item.box.w <= _SIDE_WIDTH * page.w and item.box.h >= _SIDE_HEIGHT
    left = item.box.right <= page.x + 0.42 * page.w
    right = item.box.x >= page.x + 0.58 * page.w
    return narrow and (left or right) and item.box.h >= _SIDE_SHARE * min(page.h, 1600)


def _divide_beside(band: Item, page: Box) -> None:
    """Divides the content beside a boxed side column into bands of its own."""
    if band.arrangement is not Arrangement.ROW or len(band.children) != 2:
        return
    first, second = band.children
    side, main = (first, second) if first.box.w < second.box.w else (second, first)
    at_edge = side.box.x <= page.x + _MARGIN or side.box.right >= page.right - _MARGIN
    if (
        not (side.boxed or _is_painted(side))
        or not at_edge
        or not is_side(side, page)
        or not main.children
    ):
        return
    if side is first:
        box = Box(side.box.right, band.box.y, page.right - side.box.right, band.box.h)
    else:
        box = Box(page.x, band.box.y, side.box.x - page.x, band.box.h)
    filled = main.boxed and main.box.iou(box) >= _FILLED
    if main.arrangement is not Arrangement.COLUMN or (main.boxed and not filled):
        main = group([main], Arrangement.COLUMN)
        band.children = [side, main] if side is first else [main, side]
    if not filled:
        main.box = box
    divide(main)


def _is_painted(side: Item) -> bool:
    """Returns whether a side column is painted, but for a line that its edge cuts through."""
    return side.surface is not None or any(
        child.surface is not None and child.box.iou(side.box) >= _MOSTLY for child in side.children
    )


def _flush(loose: list[Item], bands: list[Item]) -> None:
    """Makes bands of what lies on the page itself between two painted bands."""
    if not loose:
        return
    for part in _sections(list(loose)):
        band = column(part)
        band.boxed = True
        bands.append(band)
    loose.clear()


def _sections(items: list[Item]) -> list[list[Item]]:
    """Cuts where the space is much larger than usual."""
    spaces = [lower.box.y - upper.box.bottom for upper, lower in pairwise(items)]
    if len(items) < 3:
        return [items]
    usual = sorted(spaces)[(len(spaces) - 1) // 2]
    parts: list[list[Item]] = [[items[0]]]
    for item, space in zip(items[1:], spaces, strict=True):
        if space >= max(_LEAST_SECTION_GAP, _SECTION_GAP * max(usual, 1.0)):
            parts.append([item])
        else:
            parts[-1].append(item)
    return parts


def _painted(item: Item) -> bool:
    return item.surface is not None or item.picture is not None


def _stretch(bands: list[Item], page: Box) -> None:
    """Gives unpainted bands the space around them, so that bands join without gaps."""
    top = page.y
    for index, band in enumerate(bands):
        if _painted(band):
            top = band.box.bottom
            continue
        following = bands[index + 1] if index + 1 < len(bands) else None
        if following is None:
            bottom = max(page.bottom, band.box.bottom)
        elif _painted(following):
            bottom = following.box.y
        else:
            bottom = (band.box.bottom + following.box.y) / 2
        start = min(top, band.box.y)
        band.box = Box(page.x, start, page.w, max(bottom, start + 1) - start)
        top = band.box.bottom


def _frames(bands: Sequence[Item], page: Box) -> list[Box]:
    """Returns the page's symmetric content frames, the most common first."""
    counts: Counter[int] = Counter()
    for band in bands:
        box = union(child.box for child in band.children)
        left, right = box.x - page.x, page.right - box.right
        if left > 0:
            counts[round(left)] += 2 if abs(left - right) <= _SYMMETRY else 1
    return [Box(page.x + left, 0, page.w - 2 * left, 0) for left, _ in counts.most_common()]


def _frame(band: Item, frames: Sequence[Box], page: Box) -> Box | None:
    """Returns where a band keeps its content; None when it uses its full width."""
    box = union(child.box for child in band.children)
    left, right = box.x - page.x, page.right - box.right
    if left <= _EDGE or right < -_EDGE:
        return None
    if abs(left - right) <= _SYMMETRY:
        wider = [frame for frame in frames if frame.x < box.x]
        if wider and _narrow_centre(band):
            return Box(wider[0].x, box.y, wider[0].w, box.h)
        half = (left + right) / 2
        return Box(page.x + half, box.y, page.w - 2 * half, box.h)
    for frame in frames:
        if abs(frame.x - box.x) <= _SYMMETRY and frame.right >= box.right - _SYMMETRY:
            return Box(box.x, box.y, page.w - 2 * left, box.h)
        if abs(frame.right - box.right) <= _SYMMETRY and frame.x <= box.x + _SYMMETRY:
            return Box(frame.x, box.y, frame.w, box.h)
    half = max(min(left, right), 0.0)
    return Box(page.x + half, box.y, page.w - 2 * half, box.h)


def _narrow_centre(band: Item) -> bool:
    """Returns whether a band holds only centred text, which says nothing about its frame.

    Nor does a line that is centred with whatever else there is, where it is the widest.
    """
    widest = max(band.children, key=lambda child: child.box.w)
    middle = widest.box.center_x
    if (
        widest.text is not None
        and len(widest.text.lines) == 1
        and all(abs(child.box.center_x - middle) <= _SYMMETRY for child in band.children)
    ):
        return True
    return all(
        child.kind
        in {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_HEADING}
        for child in band.children
    )
