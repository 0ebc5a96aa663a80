"""One-dimensional helpers: gaps, clusters and alignment."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from statistics import median

from engine.vision.layout.item import Item
from engine.vision.percepts import Box


def split(items: Sequence[Item], *, horizontal: bool, slack: float = 1.0) -> list[list[Item]]:
    """Splits items where an empty stripe runs right across all of them.

    With `horizontal` the stripes are horizontal and the parts are rows, top to
    bottom; else the parts are columns, left to right. Boxes may overlap by
    `slack` pixels, and by half of the thinner of the two, and still be split.
    """
    start: Callable[[Box], float] = (lambda box: box.y) if horizontal else (lambda box: box.x)
    end: Callable[[Box], float] = (
        (lambda box: box.bottom) if horizontal else (lambda box: box.right)
    )
    parts: list[list[Item]] = []
    reach, farthest = float("-inf"), 0.0
    for item in sorted(items, key=lambda entry: (start(entry.box), end(entry.box))):
        size = end(item.box) - start(item.box)
        if parts and start(item.box) < reach - min(slack, size / 2, farthest / 2):
            parts[-1].append(item)
        else:
            parts.append([item])
        if end(item.box) > reach:
            reach, farthest = end(item.box), size
    return parts


def gaps(boxes: Sequence[Box], *, horizontal: bool) -> list[float]:
    """Returns the distances between neighbours; `horizontal` means along x."""
    if horizontal:
        return [right.x - left.right for left, right in itertools.pairwise(boxes)]
    return [lower.y - upper.bottom for upper, lower in itertools.pairwise(boxes)]


def near(values: Sequence[float], tolerance: float) -> bool:
    """Returns whether all values lie within `tolerance` of their median."""
    if not values:
        return True
    middle = median(values)
    return all(abs(value - middle) <= tolerance for value in values)
