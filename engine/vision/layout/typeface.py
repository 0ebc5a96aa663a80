"""Chooses fall-back fonts and letter spacing so that text runs as wide as in the source.

A screenshot does not name its typeface, but the widths of its lines tell how
wide it runs. The fall-back with the nearest width is taken, and what remains
is made up for by letter spacing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import floor

from engine.vision.layout.faces import Face
from engine.vision.layout.metrics import DEFAULT_FACES, text_width
from engine.vision.percepts import Family, TextLine

_STACKS = {
    Face.ARIAL: 'Arial, "Helvetica Neue", Helvetica, "Liberation Sans", sans-serif',
    Face.NARROW: '"Arial Narrow", "Liberation Sans Narrow", Arial, sans-serif',
    Face.VERDANA: 'Verdana, "DejaVu Sans", Geneva, sans-serif',
    Face.TIMES: '"Times New Roman", Times, "Liberation Serif", serif',
    Face.COURIER: '"DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace',
}
_CHOICES = {
    Family.SANS: (Face.ARIAL, Face.VERDANA, Face.NARROW),
    Family.SERIF: (Face.TIMES,),
    Family.MONO: (Face.COURIER,),
}
_LEAST_LETTERS = 5
_STEP = 0.002
# How much tighter and wider than the fall-back text may be set, in em.
_TIGHTEST, _WIDEST = -0.12, 0.5
# The share of letters that may run wider than in the source.
_SHORT_SHARE = 0.45


@dataclass(frozen=True, slots=True)
class Typeface:
    """A fall-back for a family: the face whose metrics it has, and its CSS font list."""

    face: Face
    stack: str


def choose_typefaces(lines: Iterable[TextLine]) -> dict[Family, Typeface]:
    """Returns the fall-back of every family that occurs in `lines`."""
    by_family: dict[Family, list[TextLine]] = defaultdict(list)
    for line in lines:
        by_family[line.family].append(line)
    chosen: dict[Family, Typeface] = {}
    for family, members in by_family.items():
        face = min(_CHOICES[family], key=lambda face: abs(_spacing(members, face)))
        chosen[family] = Typeface(face, _STACKS[face])
    for family in Family:
        face = DEFAULT_FACES[family]
        chosen.setdefault(family, Typeface(face, _STACKS[face]))
    return chosen


def letter_spacing(lines: Iterable[TextLine], face: Face, size: float) -> float:
    """Returns the letter spacing in em that makes `face` at `size` pixels as wide as `lines` are.

    It is rounded down: text that runs a little short keeps its line breaks.
    """
    spacing = floor(_spacing(lines, face, size) / _STEP) * _STEP
    return round(max(min(spacing, _WIDEST), _TIGHTEST), 3)


def _mixed(line: TextLine) -> bool:
    """Whether the widths of a line are those of several sizes or of padded code."""
    return any(span.font_size or span.background for span in line.spans)


def _spacing(lines: Iterable[TextLine], face: Face, size: float | None = None) -> float:
    """Returns the usual missing width per letter in em; 0 when there is too little text.

    `size` is what the lines will be set at, in pixels; without it, each at its own.

    It leans to the narrow side, since text that runs a little short keeps its line breaks.
    """
    samples: list[float] = []
    for line in lines:
        letters = len(line.text)
        if letters < _LEAST_LETTERS or line.font_size <= 0 or _mixed(line):
            continue
        em = size or line.font_size
        missing = line.box.w - text_width(line.text, face, em, line.weight)
        samples.extend([missing / letters / em] * letters)
    return sorted(samples)[int(_SHORT_SHARE * (len(samples) - 1))] if samples else 0.0
