"""Whether sections, columns and reading order came out as they were."""

from __future__ import annotations

from collections.abc import Sequence

from engine.fidelity.boxes import F1, match
from engine.fidelity.content import contents, holds, jaccard
from engine.fidelity.structure import Grid, Structure
from engine.geometry import Box

_STRIPE_LEAST = 0.7
_CONTENT_LEAST = 0.6
_CONTENT_SLACK = 0.15
_PART_LEAST = 0.9
# How much of an original text must lie in a node to be that node's text.
_TEXT_SHARE_LEAST = 0.3


def sections_f1(made: Structure, original: Structure) -> F1:
    """Returns the F1 of sections, matched by the stripe of the page they take.

    Sections that equal one of the original's subsections are excused.
    """
    matching = match(made.sections, original.sections, _stripe_likeness)
    wrong = sum(
        not any(_stripe_likeness(made.sections[index], sub) for sub in original.subsections)
        for index in matching.only_made
    )
    hits = len(matching.pairs)
    return F1(hits, hits + wrong, len(original.sections))


def grids_right(made: Structure, original: Structure) -> tuple[int, int]:
    """Returns how many of the original's grids have the right number of columns, of how many.

    Grids are told apart by the texts and pictures they hold, as the space
    around cells may belong to either the cells or the gaps.
    """
    points = [*original.texts, *(e.box for e in original.elements if e.kind == "image")]
    ours = [(item, contents(item.box, points)) for item in made.grids]
    right = wanted = 0
    for grid in original.grids:
        held = contents(grid.box, points)
        if not held:
            continue
        wanted += 1
        best = max((jaccard(held, other) for _, other in ours), default=0.0)
        # Wrappers hold what they wrap; any of them may be the grid.
        least = max(_CONTENT_LEAST, best - _CONTENT_SLACK)
        right += any(
            item.columns == grid.columns
            and (jaccard(held, other) >= least or _continues(item, grid, held, points))
            for item, other in ours
        )
    return right, wanted


def order_agreement(made: Structure, original: Structure) -> float | None:
    """Returns the share of pairs of texts that are read in the original's order.

    Only pairs whose order is certain count: cells of one grid, or texts above
    each other. None when there are none.
    """
    places = [_place(made.texts, box) for box in original.texts]
    agreed = total = 0
    for i, first in enumerate(original.texts):
        for j in range(i + 1, len(original.texts)):
            a, b = places[i], places[j]
            if a is None or b is None or a == b:
                continue
            sign = _certain_order(first, original.texts[j], original.flows)
            if sign:
                total += 1
                agreed += (a < b) == (sign < 0)
    return agreed / total if total else None


def _continues(made: Grid, original: Grid, held: frozenset[int], points: Sequence[Box]) -> bool:
    """Returns whether `original` is a part of `made`: rows of a longer grid or table.

    Then no cell of `made` holds anything of two cells of `original`.
    """
    ours = [contents(cell, points) & held for cell in made.cells]
    if len(frozenset[int]().union(*ours)) < _PART_LEAST * len(held):
        return False
    theirs = [contents(cell, points) for cell in original.cells]
    return all(sum(bool(cell & other) for other in theirs) <= 1 for cell in ours)


def _stripe_likeness(made: Box, original: Box) -> float:
    shared = min(made.bottom, original.bottom) - max(made.y, original.y)
    union = max(made.bottom, original.bottom) - min(made.y, original.y)
    ratio = shared / union if union else 0.0
    across = min(made.right, original.right) - max(made.x, original.x)
    return ratio if ratio >= _STRIPE_LEAST and across > 0 else 0.0


def _place(texts: Sequence[Box], box: Box) -> int | None:
    if not box.area:
        return None
    best, place = _TEXT_SHARE_LEAST, None
    for index, other in enumerate(texts):
        share = box.intersection(other) / box.area
        if share > best:
            best, place = share, index
    return place


def _certain_order(first: Box, second: Box, grids: Sequence[Grid]) -> int:
    """Returns -1 when `first` is read first, 1 when `second` is, 0 when it is not certain."""
    smallest: tuple[float, int] | None = None
    for grid in grids:
        a = _cell(grid, first)
        b = _cell(grid, second)
        if a is None or b is None or a == b:
            continue
        if smallest is None or grid.box.area < smallest[0]:
            smallest = (grid.box.area, -1 if a < b else 1)
    if smallest:
        return smallest[1]
    across = min(first.right, second.right) - max(first.x, second.x)
    if across <= 0:
        return 0
    if first.bottom <= second.y:
        return -1
    return 1 if second.bottom <= first.y else 0


def _cell(grid: Grid, box: Box) -> int | None:
    for index, cell in enumerate(grid.cells):
        if holds(cell, box):
            return index
    return None
