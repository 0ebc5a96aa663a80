"""Takes apart boxes that no empty stripe separates."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.spacing import split

_SLACKS = (3.0, 6.0, 10.0, 16.0, 24.0, 36.0, 56.0)
_SHARE = 0.45
_COVERED = 0.6


def separate(items: Sequence[Item]) -> tuple[list[list[Item]], Arrangement]:
    """Returns at least two parts of `items` and how they lie.

    Boxes that overlap a little are cut all the same, which yields negative
    gaps; boxes that lie on another become a stack: the part below, then the
    part above.
    """
    smallest_h = min(item.box.h for item in items)
    smallest_w = min(item.box.w for item in items)
    for slack in _SLACKS:
        if slack <= max(_SHARE * smallest_h, 3.0):
            rows = split(items, horizontal=True, slack=slack)
            if len(rows) > 1:
                return rows, Arrangement.COLUMN
        if slack <= max(_SHARE * smallest_w, 3.0):
            columns = split(items, horizontal=False, slack=slack)
            if len(columns) > 1:
                return columns, Arrangement.ROW
    base = max(items, key=lambda item: item.box.area)
    above = [
        item
        for item in items
        if item is not base and item.box.intersection(base.box) >= _COVERED * item.box.area
    ]
    if above:
        rest = [item for item in items if item is not base and item not in above]
        if not rest:
            return [[base], above], Arrangement.STACK
    return _by_centre(items)


def _by_centre(items: Sequence[Item]) -> tuple[list[list[Item]], Arrangement]:
    """Cuts in the order of centres where the two parts overlap least."""
    best: tuple[float, int, list[Item], Arrangement] | None = None
    for arrangement in (Arrangement.COLUMN, Arrangement.ROW):
        down = arrangement is Arrangement.COLUMN
        ordered = sorted(items, key=lambda item: item.box.center_y if down else item.box.center_x)
        for at in range(1, len(ordered)):
            end = max(item.box.bottom if down else item.box.right for item in ordered[:at])
            start = min(item.box.y if down else item.box.x for item in ordered[at:])
            if best is None or end - start < best[0]:
                best = (end - start, at, ordered, arrangement)
    if best is None:
        return [list(items)], Arrangement.COLUMN
    _, at, ordered, arrangement = best
    return [ordered[:at], ordered[at:]], arrangement
