"""The visual measures of Design2Code, from their definitions.

Si et al., "Design2Code: Benchmarking Multimodal Code Generation for Automated
Front-End Engineering" (arXiv 2403.03163, section 3 and appendix), in the form
that its released program computes them: text blocks of both pages are matched
by an optimal assignment over text similarity, after neighbouring blocks were
joined wherever joining improves the match.

- Block-Match: area of the matched blocks over the area of all blocks.
- Text: similarity of matched texts (Ratcliff-Obershelp ratio, as released;
  the paper names Sørensen-Dice over characters).
- Position: 1 minus the larger of the two centre shifts, as shares of the page.
- Color: 1 minus CIEDE2000 / 100.
CLIP, the fifth measure, needs a model and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from engine.fidelity.color import Rgb, ciede2000, parse_hex
from engine.fidelity.measured import Page

# Constants of the released program.
_MATCH_LEAST = 0.5
_MERGE_GAIN = 0.05
_CONTEXT_BONUS = 0.1
_CONTEXT_WINDOW = 1

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Block:
    """A text block; `x`, `y`, `w`, `h` are shares of the page's width and height."""

    text: str
    x: float
    y: float
    w: float
    h: float
    color: Rgb

    @property
    def area(self) -> float:
        return self.w * self.h


@dataclass(frozen=True, slots=True)
class BlockPair:
    """A generated block and the original block it was matched with."""

    made: Block
    original: Block
    text: float
    position: float
    color: float


@dataclass(frozen=True, slots=True)
class Design2CodeScore:
    """The four measures, each 0 to 1, and what they were computed from."""

    block_match: float
    text: float
    position: float
    color: float
    pairs: tuple[BlockPair, ...] = ()
    only_made: tuple[Block, ...] = ()
    only_original: tuple[Block, ...] = ()


def blocks_of(page: Page) -> list[Block]:
    """Returns the page's text blocks; blocks with the same box are one block.

    Placeholders and values of inputs are left out, as they are no text nodes.
    """
    by_box: dict[tuple[float, float, float, float], Block] = {}
    for item in page.texts:
        if item.placeholder or not item.text:
            continue
        box = item.box
        key = (box.x / page.width, box.y / page.height, box.w / page.width, box.h / page.height)
        block = Block(item.text, *key, parse_hex(item.color))
        known = by_box.get(key)
        by_box[key] = _joined(known, block) if known else block
    return list(by_box.values())


def score(
    made: Sequence[Block], original: Sequence[Block], similarity: TextSimilarity | None = None
) -> Design2CodeScore:
    """Returns the measures of the generated blocks against the original's.

    All are 0 when either page has no text or nothing matches. A `similarity`
    may be passed to share its cache between calls.
    """
    if not made or not original:
        return Design2CodeScore(0, 0, 0, 0, (), tuple(made), tuple(original))
    ratio = similarity or TextSimilarity()
    a, b = _merge_neighbours(list(made), list(original), ratio)
    rows, cols = _assign(_with_context(_costs(a, b, ratio)))
    pairs: list[BlockPair] = []
    used_a: set[int] = set()
    used_b: set[int] = set()
    for i, j in zip(rows, cols, strict=True):
        text = ratio(a[i].text, b[j].text)
        if text < _MATCH_LEAST:
            continue
        used_a.add(i)
        used_b.add(j)
        pairs.append(BlockPair(a[i], b[j], text, _position(a[i], b[j]), _color(a[i], b[j])))
    only_a = tuple(block for i, block in enumerate(a) if i not in used_a)
    only_b = tuple(block for j, block in enumerate(b) if j not in used_b)
    if not pairs:
        return Design2CodeScore(0, 0, 0, 0, (), only_a, only_b)
    matched = sum(pair.made.area + pair.original.area for pair in pairs)
    total = matched + sum(block.area for block in (*only_a, *only_b))
    count = len(pairs)
    return Design2CodeScore(
        block_match=matched / total if total else 0.0,
        text=sum(pair.text for pair in pairs) / count,
        position=sum(pair.position for pair in pairs) / count,
        color=sum(pair.color for pair in pairs) / count,
        pairs=tuple(pairs),
        only_made=only_a,
        only_original=only_b,
    )


class TextSimilarity:
    """The Ratcliff-Obershelp ratio of two texts, remembered per pair.

    Holds one matcher per second text, as preparing it is the costly part.
    """

    def __init__(self) -> None:
        self._matchers: dict[str, SequenceMatcher[str]] = {}
        self._ratios: dict[tuple[str, str], float] = {}

    def __call__(self, first: str, second: str) -> float:
        """Returns the ratio, 0 to 1."""
        key = (first, second)
        known = self._ratios.get(key)
        if known is not None:
            return known
        matcher = self._matchers.get(second)
        if matcher is None:
            matcher = self._matchers[second] = SequenceMatcher(None, "", second)
        matcher.set_seq1(first)
        ratio = self._ratios[key] = matcher.ratio()
        return ratio


def _joined(first: Block, second: Block) -> Block:
    x, y = min(first.x, second.x), min(first.y, second.y)
    return Block(
        text=f"{first.text} {second.text}",
        x=x,
        y=y,
        w=max(first.x + first.w, second.x + second.w) - x,
        h=max(first.y + first.h, second.y + second.h) - y,
        color=(
            (first.color[0] + second.color[0]) // 2,
            (first.color[1] + second.color[1]) // 2,
            (first.color[2] + second.color[2]) // 2,
        ),
    )


def _position(made: Block, original: Block) -> float:
    across = abs(made.x + made.w / 2 - original.x - original.w / 2)
    down = abs(made.y + made.h / 2 - original.y - original.h / 2)
    return 1 - max(across, down)


def _color(made: Block, original: Block) -> float:
    return max(0.0, 1 - ciede2000(made.color, original.color) / 100)


def _costs(a: Sequence[Block], b: Sequence[Block], ratio: TextSimilarity) -> Matrix:
    return np.array([[-ratio(x.text, y.text) for y in b] for x in a], dtype=np.float64)


def _assign(costs: Matrix) -> tuple[list[int], list[int]]:
    rows, cols = linear_sum_assignment(costs)
    return [int(i) for i in rows], [int(j) for j in cols]


def _with_context(costs: Matrix) -> Matrix:
    """Lowers the cost of likely pairs whose neighbours are likely pairs too."""
    reach = _CONTEXT_WINDOW
    adjusted = costs.copy()
    for i, j in np.argwhere(costs < -_MATCH_LEAST):
        near = np.sort(
            costs[max(0, i - reach) : i + reach + 1, max(0, j - reach) : j + reach + 1], axis=None
        )
        others = np.delete(near, np.searchsorted(near, costs[i, j]))
        adjusted[i, j] += _CONTEXT_BONUS * others[: reach * 2].sum()
    return adjusted


def _assigned_costs(costs: Matrix) -> list[float]:
    rows, cols = linear_sum_assignment(costs)
    assigned: list[float] = costs[rows, cols].tolist()
    return assigned


def _gain(before: list[float], after: list[float]) -> float:
    """Returns by how much the mean cost of the pairs that changed went down.

    A lower mean counts only when the best of the changed pairs got better, too.
    """
    kept = Counter(before) & Counter(after)
    old = list((Counter(before) - kept).elements())
    new = list((Counter(after) - kept).elements())
    gain = (sum(old) / len(old) if old else 0.0) - (sum(new) / len(new) if new else 0.0)
    if gain > 0 and not (old and new and min(old) > min(new)):
        return 0.0
    return gain


def _merge_neighbours(
    a: list[Block], b: list[Block], ratio: TextSimilarity
) -> tuple[list[Block], list[Block]]:
    """Joins neighbouring blocks on either side while that improves the match."""
    while True:
        a, a_changed = _merge_side(a, b, ratio)
        b, b_changed = _merge_side(b, a, lambda x, y: ratio(y, x))
        if not a_changed and not b_changed:
            return a, b


def _merge_side(
    side: list[Block], other: Sequence[Block], ratio: Callable[[str, str], float]
) -> tuple[list[Block], bool]:
    if len(side) < 2:
        return side, False
    costs = np.array([[-ratio(x.text, y.text) for y in other] for x in side], dtype=np.float64)
    current = _assigned_costs(costs)
    gains: list[tuple[int, float]] = []
    for i in range(len(side) - 1):
        text = f"{side[i].text} {side[i + 1].text}"
        candidate = np.delete(costs, i + 1, axis=0)
        candidate[i] = [-ratio(text, block.text) for block in other]
        gain = _gain(current, _assigned_costs(candidate))
        if gain > _MERGE_GAIN:
            gains.append((i, gain))
    if not gains:
        return side, False
    merged = list(side)
    gone: set[int] = set()
    touched: set[int] = set()
    for i, _ in sorted(gains, key=lambda item: item[1], reverse=True):
        if i in touched or i + 1 in touched:
            continue
        merged[i] = _joined(merged[i], merged[i + 1])
        gone.add(i + 1)
        touched.update((i, i + 1))
    return [block for i, block in enumerate(merged) if i not in gone], True
