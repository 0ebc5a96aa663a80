"""What of a page's content lies in a box, and how much two boxes share of it."""

from __future__ import annotations

from collections.abc import Sequence

from engine.geometry import Box


def holds(outer: Box, inner: Box) -> bool:
    """Returns whether the middle of `inner` lies in `outer`."""
    return outer.x <= inner.center_x <= outer.right and outer.y <= inner.center_y <= outer.bottom


def contents(outer: Box, points: Sequence[Box]) -> frozenset[int]:
    """Returns the indices of the boxes whose middle lies in `outer`."""
    return frozenset(index for index, box in enumerate(points) if holds(outer, box))


def jaccard(first: frozenset[int], second: frozenset[int]) -> float:
    """Returns the share of all members that both sets have, 0 to 1."""
    union = len(first | second)
    return len(first & second) / union if union else 0.0
