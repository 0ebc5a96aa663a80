"""Tells the spaces and column gaps of a line from the gaps between its letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.vision.perception.glyphs import is_cjk
from engine.vision.perception.ocr import OcrChar

# Gaps over the font size. A space is 0.25 to 0.33 in most fonts, side bearings
# together below 0.15; columns and links are set apart by 1 and more.
_SPACE = 0.19
_SPACE_OVER_USUAL = 0.13
_SPLIT = 0.85
_JUSTIFIED = 0.8
_MONO_SPACE = 0.62


@dataclass(frozen=True, slots=True)
class Boundary:
    """Between two characters: the ink gap (0 if they touch), where, and what the OCR saw."""

    gap: float
    middle: float
    space: bool


def find_boundaries(line: Sequence[OcrChar], gaps: Sequence[tuple[float, float]]) -> list[Boundary]:
    """Assigns each gap in the ink, (width, middle), to the pair of characters around it."""
    result: list[Boundary] = []
    previous: OcrChar | None = None
    space = False
    index = 0
    for char in line:
        if char.text.isspace():
            space = previous is not None
            continue
        if previous is not None:
            while index < len(gaps) and gaps[index][1] < previous.x:
                index += 1
            inside = index
            widest: tuple[float, float] = (0.0, (previous.x + char.x) / 2)
            while inside < len(gaps) and gaps[inside][1] < char.x:
                widest = max(widest, (gaps[inside][0], gaps[inside][1]))
                inside += 1
            result.append(Boundary(widest[0], widest[1], space))
        previous, space = char, False
    return result


def decide(chars: Sequence[OcrChar], boundaries: list[Boundary], size: float) -> list[str]:
    """Returns for each boundary "" (joined), " " (space) or "|" (a column gap)."""
    letters = [b.gap for b in boundaries if not b.space]
    usual = float(np.median(letters)) if letters else 0.0
    mono = _is_mono([char.x for char in chars], boundaries)
    threshold = _MONO_SPACE * size if mono else max(_SPACE * size, usual + _SPACE_OVER_USUAL * size)
    split = (_SPLIT + (0.4 if mono else 0.0)) * size + 2 * usual
    spaces = [b.gap for b in boundaries if b.space]
    if len(spaces) >= 4 and float(np.median(spaces)) < _JUSTIFIED * size:
        # Justified or widely spaced text: its own spaces set the measure. Still wider
        # ones part the links of a bar.
        split = max(split, 1.8 * float(np.median(spaces)))
    result = []
    for index, boundary in enumerate(boundaries):
        around = chars[index].text + chars[index + 1].text
        if boundary.gap >= split:
            result.append("|")
        elif boundary.space or (
            boundary.gap >= threshold
            and not _unspaced(around)
            and not _belongs_beside(boundaries, index)
        ):
            result.append(" ")
        else:
            result.append("")
    return result


def _belongs_beside(boundaries: list[Boundary], index: int) -> bool:
    """Whether a gap is that of the space one letter on, which was read a little off its ink."""
    beside = boundaries[max(index - 1, 0) : index] + boundaries[index + 1 : index + 2]
    return any(other.space and other.gap < boundaries[index].gap / 2 for other in beside)


def _unspaced(pair: str) -> bool:
    """Pairs whose shapes leave wide gaps by themselves."""
    return (
        is_cjk(pair[0]) or is_cjk(pair[1]) or pair[0] in "([{/'\"‘“" or pair[1] in ")]}/,.;:!?'’”"
    )


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
