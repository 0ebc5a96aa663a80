"""Chooses the line height of every text, and with it the text's box in the flow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from engine.vision.layout.item import Item
from engine.vision.percepts import Box

_BODY_RATIO, _DISPLAY_RATIO = 1.5, 1.2
_DISPLAY_FROM = 1.35
_LEAST_RATIO = 1.0
# Ratios that people write, how far from the usual one they may be, and how far a height may be
# off whole pixels.
_RATIOS = (1.0, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35, 1.4, 1.45, 1.5, 1.55, 1.6, 1.65, 1.7, 1.75, 1.8)
_FARTHEST, _WHOLE = 0.11, 0.05
# How far off a paragraph's height may be for lines of whole pixels, which most sources have.
_PITCH_NOISE = 0.6


def set_line_heights(items: Sequence[Item], body_size: float, room: Box) -> None:
    """Sets the line height and box of every text in `items`, which share a container.

    Several lines give the height by their pitch. One line takes that of other
    text of its size, else 1.5 for body text and 1.2 for display text (the usual
    defaults), as far as its neighbours and the container's box `room` allow.
    """
    known: dict[int, list[float]] = defaultdict(list)
    for item in items:
        if item.text is not None and item.text.pitch:
            known[round(item.text.size)].append(item.text.pitch / item.text.size)
    for item in items:
        block = item.text
        if block is None or item.node.control.type or item.surface is not None:
            continue
        if block.pitch:
            whole = round(block.pitch)
            off = abs(whole - block.pitch) * len(block.lines)
            height = float(whole) if off <= _PITCH_NOISE else block.pitch
        else:
            usual = _default_ratio(block.size, body_size, known)
            height = _line_height(block.size, usual, _free_height(item, items, room))
        ratio = round(height / block.size, 3)
        item.node.style.typography.line_height = ratio
        height = ratio * block.size
        top = block.lines[0].box.center_y - height / 2
        item.box = Box(block.ink.x, top, block.ink.w, height * len(block.lines))


def _default_ratio(size: float, body: float, known: dict[int, list[float]]) -> float:
    own = known.get(round(size))
    if own:
        return median(own)
    return _DISPLAY_RATIO if size >= _DISPLAY_FROM * body else _BODY_RATIO


def _line_height(size: float, usual: float, free: float) -> float:
    """Returns a height for one line of whole pixels that fits into `free`.

    Its ratio is one that people write, where one near the usual ratio gives such a height.
    """
    good = [
        ratio * size
        for ratio in (usual, *_RATIOS)
        if abs(ratio - usual) <= _FARTHEST
        and ratio * size <= free
        and abs(ratio * size - round(ratio * size)) <= _WHOLE
    ]
    if good:
        return min(good, key=lambda height: abs(height - usual * size))
    return max(round(min(usual * size, free)), _LEAST_RATIO * size)


def _free_height(item: Item, items: Sequence[Item], room: Box) -> float:
    """Returns how tall a line box may be before it touches what is above or below."""
    box = item.box
    free = 2 * min(box.center_y - room.y, room.bottom - box.center_y)
    for other in items:
        if other is item:
            continue
        if min(other.box.right, box.right) - max(other.box.x, box.x) <= 0:
            continue
        edge = max(other.box.y - box.center_y, box.center_y - other.box.bottom)
        if edge > 0:
            free = min(free, 2 * edge)
    return free
