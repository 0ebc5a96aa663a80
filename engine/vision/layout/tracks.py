"""Works out grid columns from where their cells stand."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.spacing import gaps, near
from engine.vision.percepts import Box

_SIDE_MAX = 380.0
_MAX_GAP = 96.0
_TRACK_SLACK = 3.0
# The share of its width by which a cell may grow with another font before it wraps.
_ROOM = 0.05


@dataclass(frozen=True, slots=True)
class Tracks:
    """The columns of a grid in a box: where each begins, its width, and the gap, in pixels."""

    starts: tuple[float, ...]
    widths: tuple[float, ...]
    gap: float
    equal: bool

    def css(self) -> list[str]:
        """Returns the tracks as CSS, or nothing when they are equal."""
        if self.equal:
            return []
        whole = sum(self.widths)
        widest = max(self.widths)
        sides = [
            width <= _SIDE_MAX and width < 0.4 * whole and len(self.widths) <= 3
            for width in self.widths
        ]
        if any(sides) and not all(sides) and sum(1 for fixed in sides if not fixed) == 1:
            return [
                f"{width / 16:g}rem" if fixed else "1fr"
                for width, fixed in zip((round(w) for w in self.widths), sides, strict=True)
            ]
        for parts in (12, 16, 24):
            shares = [width / whole * parts for width in self.widths]
            if all(abs(share - round(share)) * whole / parts <= 2 for share in shares):
                return _reduced([round(share) for share in shares])
        return [f"{width / widest:.3g}fr" for width in self.widths]


def _reduced(shares: list[int]) -> list[str]:
    common = Fraction(max(shares[0], 1), 1)
    for share in shares:
        common = Fraction(_gcd(common.numerator, share), 1)
    return [f"{share // common.numerator}fr" for share in shares]


def _gcd(first: int, second: int) -> int:
    while second:
        first, second = second, first % second
    return max(first, 1)


def equal_tracks(cells: Sequence[Box], content: Box, scale: SpacingScale) -> Tracks | None:
    """Returns equal columns on which `cells` (one per column) stand, or None.

    Cells either begin at their column's start or are centred in it. Their
    pitch and the content's width then give the columns' width and gap.
    """
    count = len(cells)
    if count < 2:
        return None
    for centred in (False, True):
        places = [cell.center_x if centred else cell.x for cell in cells]
        pitches = [after - before for before, after in itertools.pairwise(places)]
        if not near(pitches, _TRACK_SLACK):
            continue
        pitch = (places[-1] - places[0]) / (count - 1)
        width = content.w - (count - 1) * pitch
        gap = pitch - width
        if not -1.0 <= gap <= _MAX_GAP or width + 2 < max(cell.w for cell in cells):
            continue
        first = content.x + (width / 2 if centred else 0)
        if abs(places[0] - first) > _TRACK_SLACK:
            continue
        gap = max(scale.snap(gap), 0.0)
        width = (content.w - (count - 1) * gap) / count
        starts = tuple(content.x + index * (width + gap) for index in range(count))
        return Tracks(starts, (width,) * count, gap, equal=True)
    return None


def free_tracks(cells: Sequence[Box], content: Box, scale: SpacingScale) -> Tracks:
    """Returns columns that begin where `cells` begin, with the largest common gap that fits."""
    spaces = gaps(list(cells), horizontal=True)
    roomy = [space - _ROOM * cell.w for space, cell in zip(spaces, cells, strict=False)]
    gap = max(min([*roomy, 48.0]), 0.0)
    snapped = scale.snap(gap)
    gap = snapped if snapped <= gap + 0.5 else max(snapped - 2, 0.0)
    starts = [content.x, *(cell.x for cell in cells[1:])]
    ends = [*(start - gap for start in starts[1:]), content.right]
    widths = [max(end - start, 1.0) for start, end in zip(starts, ends, strict=True)]
    return Tracks(tuple(starts), tuple(widths), gap, equal=near(widths, 1.5))
