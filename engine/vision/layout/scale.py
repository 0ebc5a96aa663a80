"""The spacing scale that measured distances are snapped to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FINE, _MEDIUM = 48, 160
_FINEST = 2
# How often a page repeats a distance that is no step when it means it.
_REPEATED = 3
# What roundings may leave over before the next distance makes up for it, in pixels.
_LEFT_OVER = 0.5
# What the roundings of even distances may add up to, in pixels.
_DRIFT = 1.5


@dataclass(frozen=True, slots=True)
class SpacingScale:
    """Steps of 2 px up to 48 px, of 4 px up to 160 px, of 8 px above, and the page's own values.

    The steps are those of the 4-px grid that most design systems share, with
    half steps where they are used. `own` holds other values (in whole pixels)
    that the page itself repeats; they are steps too.
    """

    own: frozenset[int] = frozenset()

    def snap(self, value: float) -> float:
        """Returns the step nearest to `value` pixels; keeps the sign."""
        size = abs(value)
        if size < 0.75:
            return 0.0
        step = _FINEST if size <= _FINE else 4 if size <= _MEDIUM else 8
        best = round(size / step) * step
        near = round(size)
        if near in self.own and abs(near - size) < abs(best - size):
            best = near
        return float(best if value > 0 else -best)

    def near(self, seen: float, needed: float) -> float:
        """Returns a step for the distance `seen`, where `needed` would end in the right place.

        They differ by what earlier roundings left over. Like distances get like
        steps, until more than half a pixel has to be made up for; then whole pixels do.
        """
        for step in (self.snap(seen), self.snap(needed)):
            if abs(step - needed) <= _LEFT_OVER:
                return step
        return float(round(needed))

    def even(self, distances: Sequence[float]) -> float:
        """Returns one distance for all `distances`: a step, unless its rounding would add up.

        Then it is their mean in whole pixels. Without any it is 0.
        """
        if not distances:
            return 0.0
        mean = sum(distances) / len(distances)
        step = self.snap(mean)
        return step if abs(step - mean) * len(distances) <= _DRIFT else float(round(mean))

    @staticmethod
    def infer(distances: Iterable[float]) -> SpacingScale:
        """Returns the scale for a page on which `distances` (pixels) were measured."""
        counts = Counter(round(value) for value in distances if 2 <= value <= 160)
        plain = SpacingScale()
        common = {v for v, count in counts.items() if count >= _REPEATED and plain.snap(v) != v}
        return SpacingScale(frozenset(common))
