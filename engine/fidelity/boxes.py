"""One-to-one matching of boxes, and the F1 measure over it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

Made = TypeVar("Made")
Original = TypeVar("Original")


@dataclass(frozen=True, slots=True)
class F1:
    """Counts of what was matched, made and wanted.

    `made` leaves out what was excused. With nothing made and nothing wanted
    all rates are 1.
    """

    matched: int
    made: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.matched / self.made if self.made else float(not self.wanted)

    @property
    def recall(self) -> float:
        return self.matched / self.wanted if self.wanted else float(not self.made)

    @property
    def value(self) -> float:
        total = self.made + self.wanted
        return 2 * self.matched / total if total else 1.0

    def __add__(self, other: F1) -> F1:
        return F1(self.matched + other.matched, self.made + other.made, self.wanted + other.wanted)


@dataclass(frozen=True, slots=True)
class Matching:
    """Index pairs (made, original) and what remains of either."""

    pairs: tuple[tuple[int, int], ...]
    only_made: tuple[int, ...]
    only_original: tuple[int, ...]

    def f1(self) -> F1:
        """Returns the measure with nothing excused."""
        count = len(self.pairs)
        return F1(count, count + len(self.only_made), count + len(self.only_original))


def match(
    made: Sequence[Made],
    original: Sequence[Original],
    likeness: Callable[[Made, Original], float],
) -> Matching:
    """Matches one to one so that the likeness is greatest in sum; 0 means no match."""
    if not made or not original:
        return Matching((), tuple(range(len(made))), tuple(range(len(original))))
    values = np.array([[likeness(m, o) for o in original] for m in made], dtype=np.float64)
    rows, cols = linear_sum_assignment(values, maximize=True)
    pairs = tuple((int(i), int(j)) for i, j in zip(rows, cols, strict=True) if values[i, j] > 0)
    taken_made, taken_original = {i for i, _ in pairs}, {j for _, j in pairs}
    return Matching(
        pairs,
        tuple(i for i in range(len(made)) if i not in taken_made),
        tuple(j for j in range(len(original)) if j not in taken_original),
    )
