"""Finds words within a line that are painted in another colour or weight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import bgr_of, distance, hex_of
from engine.vision.perception.segments import Segment
from engine.vision.perception.typography import stem_width
from engine.vision.perception.underlines import is_underlined
from engine.vision.percepts import Box, TextLine, TextSpan

# Of the strongest ink of a word, what its colour is read off; and the coverage, as if the ink were
# the line's, that words in that ink reach.
_SOLID, _FULL = 0.8, 0.55
# Thin strokes never reach their colour, so words of one colour differ by up to this.
_OTHER_COLOR = 48
# Words of one weight have stems within this of each other, over the font size.
_OTHER_WEIGHT = 0.045
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    right: float
    color: tuple[int, int, int]
    stem: float


def spans_of(pixels: Pixels, segment: Segment, line: TextLine) -> tuple[TextSpan, ...]:
    """Returns the line's stretches of one style, or nothing when it is uniform."""
    if len(segment.words) < 2 or not segment.ink.flat:
        return ()
    words = [_word(pixels, segment, *word) for word in segment.words]
    stems = [word.stem for word in words if len(word.text) > _LEAST_LETTERS]
    middle = float(np.median(stems)) if stems else 0.0
    base = bgr_of(line.color)
    groups: list[tuple[tuple[int, int, int], int, bool, list[_Word]]] = []
    for word in words:
        color = word.color if distance(word.color, base) > _OTHER_COLOR else base
        weight = _weight(word, middle, line)
        underlined = is_underlined(word.left, word.right, segment.underlines)
        same = (
            groups
            and distance(groups[-1][0], color) <= _OTHER_COLOR // 2
            and groups[-1][1:3] == (weight, underlined)
        )
        if same and not (underlined and _apart(groups[-1][3][-1], word, segment)):
            groups[-1][3].append(word)
        else:
            groups.append((color, weight, underlined, [word]))
    if len(groups) < 2:
        return ()
    return tuple(
        TextSpan(
            text=" ".join(word.text for word in members),
            box=Box(members[0].left, line.box.y, members[-1].right - members[0].left, line.box.h),
            color=hex_of(color),
            weight=weight,
            italic=line.italic,
            underline=underlined,
        )
        for color, weight, underlined, members in groups
    )


def _apart(first: _Word, second: _Word, segment: Segment) -> bool:
    """Returns whether the space between two words is not underlined as they are."""
    return not is_underlined(first.right, second.left, segment.underlines)


def _word(pixels: Pixels, segment: Segment, text: str, left: float, right: float) -> _Word:
    ink = segment.ink
    low, high = max(int(left) - ink.x, 0), max(int(np.ceil(right)) - ink.x, 1)
    coverage = ink.coverage[:, low:high]
    window = pixels[
        ink.y : ink.y + coverage.shape[0], ink.x + low : ink.x + low + coverage.shape[1]
    ]
    strongest = float(coverage.max(initial=0))
    if not strongest:
        return _Word(text, left, right, ink.color, 0.0)
    solid = coverage >= _SOLID * strongest
    color = np.median(window[solid], axis=0)
    if strongest < _FULL:
        # A fainter ink: where it covers most it comes nearest to its colour.
        ground = np.array(ink.background)
        color = ground + (color - ground) * (strongest / np.median(coverage[solid]))
        color = np.clip(color, 0, 255)
    color = color.astype(int)
    return _Word(
        text, left, right, (int(color[0]), int(color[1]), int(color[2])), stem_width(coverage)
    )


def _weight(word: _Word, middle: float, line: TextLine) -> int:
    """The line's weight, or another when this word's stems are clearly thicker or thinner."""
    if len(word.text) <= _LEAST_LETTERS or not middle:
        return line.weight
    off = (word.stem - middle) / line.font_size
    if off > _OTHER_WEIGHT and line.weight < 600:
        return 700
    if off < -_OTHER_WEIGHT and line.weight >= 600:
        return 400
    return line.weight
