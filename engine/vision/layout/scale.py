"""The spacing scale that measured distances are snapped to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpacingScale:
    """Steps of 2 px up to 24 px, of 4 px up to 96 px, of 8 px above, and the page's own values.

    The steps are those of the 4-px grid that most design systems share, with
    half steps where they are used. `own` holds odd values (in whole pixels)
    that the page itself repeats; they are steps too.
    """

    own: frozenset[int] = frozenset()

    def snap(self, value: float) -> float:
        """Returns the step nearest to `value` pixels; keeps the sign."""
        size = abs(value)
        if size < 0.75:
            return 0.0
        step = 2 if size <= 24 else 4 if size <= 96 else 8
        best = round(size / step) * step
        near = round(size)
        if near in self.own and abs(near - size) < abs(best - size):
            best = near
        return float(best if value > 0 else -best)

    @staticmethod
    def infer(distances: Iterable[float]) -> SpacingScale:
        """Returns the scale for a page on which `distances` (pixels) were measured."""
        counts = Counter(round(value) for value in distances if 2 <= value <= 160)
        common = {value for value, count in counts.items() if count >= 3 and value % 2}
        return SpacingScale(frozenset(common))
