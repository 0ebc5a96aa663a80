"""Tells the spaces and column gaps of a line from the gaps between its letters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.vision.perception.glyphs import is_cjk
from engine.vision.perception.ocr import OcrChar

# How likely the recogniser must find a space to be in doubt, and to be sure.
_DOUBT, _SURE = 0.05, 0.9
# Gaps over the font size. In doubt: a space between letters, and beside signs, whose own shapes
# leave gaps. Without a doubt of the recogniser: wider than any gap between letters, or than
# that before a capital inside of a name.
_SPACE, _AT_SIGNS, _WIDE, _BEFORE_CAPITAL = 0.2, 0.6, 0.75, 0.25
# A doubtful space beside a sign must have this share of the line's others.
_NARROW = 0.6
# Signs that are set with spaces, or without any gap.
_SET_APART = "·•|»©—–"
# Columns and links are set apart by this and more, over the font size; in a fixed pitch by so
# much more, after a colon (a label before its value) by so many times that, and by so many times
# the advance of a letter in any case.
_SPLIT, _MONO_SPACE, _AFTER_COLON, _ADVANCES = 0.78, 0.47, 1.6, 1.4
_STEPS = 4
_JUSTIFIED, _JUSTIFIED_SPACES = 0.8, 4
# Gaps from here on may be spaces; one is about this wide. What a space read gains by a gap of
# its own, what a second gap between the same characters costs, in squared steps of the
# recogniser, and how many characters off a gap is looked for.
_TELLING, _USUAL_SPACE = 0.12, 0.25
_FOUND, _SHARED, _REACH = 2.0, 0.5, 3


@dataclass(frozen=True, slots=True)
class Boundary:
    """Between two characters: the ink gap (0 if they touch), where, and what the OCR saw.

    `space` says that the recogniser read a space, `likely` how likely one was to it, 0 to 1.
    """

    gap: float
    middle: float
    space: bool
    likely: float = 0.0


def find_boundaries(
    line: Sequence[OcrChar], gaps: Sequence[tuple[float, float]], size: float, step: float
) -> list[Boundary]:
    """Assigns each gap in the ink, (width, middle), to the pair of characters that it parts.

    The recogniser puts characters off their ink by about its `step`, in pixels, which
    is more than the gaps of a font of `size` pixels. So the gaps that may be spaces
    are matched with the pairs in order, in the cheapest way that gives each space read
    a gap; the others go by their place.
    """
    pairs = _pairs(line)
    if not pairs:
        return []
    best: list[tuple[float, float]] = [(0.0, (pair.left + pair.right) / 2) for pair in pairs]
    telling = [gap for gap in gaps if gap[0] >= _TELLING * size]
    small = [gap for gap in gaps if gap[0] < _TELLING * size]
    places = _match(pairs, telling, size, max(step, 1.0))
    places += [_nearest(pairs, middle) for _, middle in small]
    for gap, index in zip([*telling, *small], places, strict=True):
        if gap[0] > best[index][0]:
            best[index] = gap
    return [
        Boundary(gap, middle, pair.space, pair.likely)
        for (gap, middle), pair in zip(best, pairs, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two neighbours: their centres, and what the recogniser saw between them."""

    left: float
    right: float
    space: bool
    likely: float


def _pairs(line: Sequence[OcrChar]) -> list[_Pair]:
    result: list[_Pair] = []
    previous: OcrChar | None = None
    space, likely = False, 0.0
    for char in line:
        likely = max(likely, char.space)
        if char.text.isspace():
            space = previous is not None
            continue
        if previous is not None:
            result.append(_Pair(previous.x, char.x, space, likely))
        previous, space, likely = char, False, 0.0
    return result


def _nearest(pairs: Sequence[_Pair], middle: float) -> int:
    return min(bisect_left(pairs, middle, key=lambda pair: pair.right), len(pairs) - 1)


def _match(
    pairs: Sequence[_Pair], gaps: Sequence[tuple[float, float]], size: float, step: float
) -> list[int]:
    """Returns for each gap the number of its pair, never decreasing (Viterbi's algorithm)."""
    # For each pair that the last gap may part: the cost so far, and the pairs of all gaps.
    states: dict[int, tuple[float, list[int]]] = {-1: (0.0, [])}
    for width, middle in gaps:
        nearest = _nearest(pairs, middle)
        following: dict[int, tuple[float, list[int]]] = {}
        for index in range(max(nearest - _REACH, 0), min(nearest + _REACH + 1, len(pairs))):
            own = _cost(pairs[index], width / size, middle, step)
            ways = [
                (cost + (own if last < index else _SHARED + max(own, 0.0)), way)
                for last, (cost, way) in states.items()
                if last <= index
            ]
            if ways:
                cost, way = min(ways, key=lambda item: item[0])
                following[index] = (cost, [*way, index])
        states = following
    return min(states.values(), key=lambda item: item[0])[1]


def _cost(pair: _Pair, width: float, middle: float, step: float) -> float:
    """How ill a gap of `width` over the size suits a pair; negative for a space on its gap."""
    off = max(pair.left - middle, middle - pair.right, 0.0) / step
    if pair.space:
        return off * off - _FOUND * min(width / _USUAL_SPACE, 1.2)
    return off * off + min((width - _TELLING) / _USUAL_SPACE, 1.0) * (1 - pair.likely)


def decide(chars: Sequence[OcrChar], boundaries: list[Boundary], size: float) -> list[str]:
    """Returns for each boundary "" (joined), " " (space) or "|" (a column gap).

    What the recogniser read is right but for a few in a thousand, while gaps between
    letters reach the width of a space in most fonts. So a gap decides only where the
    recogniser was in doubt, or where it is wider than any space.
    """
    letters = [b.gap for b in boundaries if b.likely < _DOUBT and not b.space]
    usual = float(np.median(letters)) if letters else 0.0
    sure = [b.gap for b in boundaries if b.space and b.likely >= _SURE]
    typical = float(np.median(sure)) if sure else 0.0
    split = _split(chars, boundaries, size, usual)
    result = []
    for index, boundary in enumerate(boundaries):
        pair = chars[index].text + chars[index + 1].text
        reach = _AFTER_COLON * split if pair[0] == ":" else split
        if boundary.gap >= reach:
            result.append("|")
        elif _is_space(boundary, pair, size, typical):
            result.append(" ")
        else:
            result.append("")
    return result


def _is_space(boundary: Boundary, pair: str, size: float, typical: float) -> bool:
    """`typical` is the width of the spaces beyond doubt on the same line, 0 if unknown."""
    if is_cjk(pair[0]) or is_cjk(pair[1]):
        return boundary.space
    words = pair[0].isalnum() and pair[1].isalnum()
    if boundary.space:
        narrow = not words and boundary.gap < _NARROW * typical
        return boundary.likely >= _SURE or not narrow
    if pair[0] in _SET_APART or pair[1] in _SET_APART:
        return boundary.likely >= _DOUBT or boundary.gap >= _SPACE * size
    if boundary.likely < _DOUBT:
        capital = pair[0].islower() and pair[1].isupper()
        return words and boundary.gap >= (_BEFORE_CAPITAL if capital else _WIDE) * size
    return boundary.gap >= (_SPACE if words else _AT_SIGNS) * size


def _split(
    chars: Sequence[OcrChar], boundaries: Sequence[Boundary], size: float, usual: float
) -> float:
    """The gap from which the line is parted, in pixels."""
    mono = _is_mono([char.x for char in chars], boundaries)
    split = (_SPLIT + (_MONO_SPACE if mono else 0.0)) * size + usual
    steps = [
        second.x - first.x
        for first, second, boundary in zip(chars, chars[1:], boundaries, strict=False)
        if not boundary.space
    ]
    if len(steps) >= _STEPS:
        # Fonts of pixels, capitals and tracked text have wide letters, and spaces to match.
        split = max(split, _ADVANCES * float(np.median(steps)))
    spaces = [b.gap for b in boundaries if b.space]
    if len(spaces) >= _JUSTIFIED_SPACES and float(np.median(spaces)) < _JUSTIFIED * size:
        # Justified or widely spaced text: its own spaces set the measure. Still wider
        # ones part the links of a bar.
        split = max(split, 1.8 * float(np.median(spaces)))
    return split


def _is_mono(centres: Sequence[float], boundaries: Sequence[Boundary]) -> bool:
    """Whether all characters advance alike."""
    steps = np.array(
        [
            second - first
            for first, second, boundary in zip(centres, centres[1:], boundaries, strict=False)
            if not boundary.space
        ]
    )
    if len(steps) < 10:
        return False
    pitch = float(np.median(steps))
    return bool((np.abs(steps - pitch) < 0.22 * pitch).mean() > 0.9)
