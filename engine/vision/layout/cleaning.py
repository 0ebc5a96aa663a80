"""Mends what single percepts get wrong and their neighbours show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from engine.vision.layout.bullets import Bullet, drop_bullet_pictures, strip_bullets
from engine.vision.layout.metrics import DEFAULT_FACES, text_width
from engine.vision.percepts import (
    Family,
    FormMark,
    Mark,
    Percepts,
    Picture,
    PictureKind,
    TextLine,
)

# Fonts run at most this much narrower or wider than Arial or Times at the same size.
_NARROWEST, _WIDEST = 0.7, 1.75
# Within this range of Arial's width a typeface is an ordinary one.
_USUAL_NARROW, _USUAL_WIDE = 0.85, 1.3
_LEAST_LETTERS = 4
# Of the median of a page's lines: what is below may have been measured too small.
_SMALL = 0.85
_SAME_SIZE = 0.07
_COLUMN = 8.0
_CHECKABLE = {Mark.CHECKBOX, Mark.RADIO}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Mended percepts, and the bullets that were taken off text."""

    percepts: Percepts
    bullets: tuple[Bullet, ...]


def clean(percepts: Percepts) -> Cleaned:
    """Returns the percepts with implausible sizes mended, bullets removed and marks sorted."""
    marks, icons = _sort_marks(percepts)
    lines = _even_sizes(_plausible_sizes([line for line in percepts.lines if line.text.strip()]))
    lines, signs = strip_bullets(_even_families(lines))
    pictures, dots = drop_bullet_pictures([*percepts.pictures, *icons], lines)
    mended = replace(percepts, lines=tuple(lines), marks=tuple(marks), pictures=tuple(pictures))
    return Cleaned(mended, (*signs, *dots))


def _plausible_sizes(lines: Sequence[TextLine]) -> list[TextLine]:
    """Corrects font sizes at which a text could not be as wide as it was seen.

    What is plausible follows the page's own typeface: a condensed one runs
    narrower than Arial all over, and is no fault of single lines. A line that is too
    wide was measured too small only if it is small on its page: else letters of it were
    not read, or it is code.
    """
    usual = {family: _usual_ratio(lines, family) for family in Family}
    small = _SMALL * median(line.font_size for line in lines) if lines else 0.0
    out = []
    for line in lines:
        ratio = (_width_ratio(line) or usual[line.family]) / usual[line.family]
        if ratio < _NARROWEST or (ratio > _WIDEST and line.font_size < small):
            out.append(replace(line, font_size=round(line.font_size * ratio, 1)))
        else:
            out.append(line)
    return out


def _width_ratio(line: TextLine) -> float | None:
    """Returns how wide a line runs against Arial or Times; None for too short a text."""
    expected = text_width(line.text, DEFAULT_FACES[line.family], line.font_size, line.weight)
    return line.box.w / expected if expected > 0 and len(line.text) >= _LEAST_LETTERS else None


def _usual_ratio(lines: Sequence[TextLine], family: Family) -> float:
    """Returns the median over the letters of a family, where it departs far from 1; else 1."""
    ratios: list[float] = []
    for line in lines:
        ratio = _width_ratio(line) if line.family is family else None
        if ratio is not None:
            ratios += [ratio] * len(line.text)
    usual = median(ratios) if ratios else 1.0
    return 1.0 if _USUAL_NARROW <= usual <= _USUAL_WIDE else usual


def _even_sizes(lines: Sequence[TextLine]) -> list[TextLine]:
    """Gives lines the size that most text of nearly their size and weight has.

    Sizes are measured line by line and scatter by a few percent; a page uses few.
    """
    letters: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        letters[round(line.font_size * 2) / 2, line.weight >= 600] += len(line.text)
    steps: list[tuple[float, bool]] = []
    for (size, bold), _ in sorted(letters.items(), key=lambda entry: (-entry[1], entry[0])):
        if not any(
            heavy == bold and abs(step - size) <= max(_SAME_SIZE * step, 0.5)
            for step, heavy in steps
        ):
            steps.append((size, bold))
    out = []
    for line in lines:
        bold = line.weight >= 600
        near = [step for step, heavy in steps if heavy == bold]
        best = min(near, key=lambda step: abs(step - line.font_size), default=line.font_size)
        close = abs(best - line.font_size) <= max(_SAME_SIZE * best, 0.5)
        out.append(replace(line, font_size=best) if close else line)
    return out


def _even_families(lines: Sequence[TextLine]) -> list[TextLine]:
    """Overrules a serif or sans verdict that hardly any text of the page shares."""
    letters: Counter[Family] = Counter()
    for line in lines:
        letters[line.family] += len(line.text)
    sans, serif = letters[Family.SANS], letters[Family.SERIF]
    rare, usual = (Family.SERIF, Family.SANS) if sans >= serif else (Family.SANS, Family.SERIF)
    if letters[rare] > 0.15 * letters[usual]:
        return list(lines)
    return [replace(line, family=usual) if line.family is rare else line for line in lines]


def _sort_marks(percepts: Percepts) -> tuple[list[FormMark], list[Picture]]:
    """Tells form marks from icons: where icons stand in the same column, a mark is one too."""
    icons = [picture for picture in percepts.pictures if picture.kind is PictureKind.ICON]
    kept: list[FormMark] = []
    made: list[Picture] = []
    for mark in percepts.marks:
        column = [
            icon
            for icon in icons
            if abs(icon.box.center_x - mark.box.center_x) <= _COLUMN
            and 0.5 <= (icon.box.h + 1) / (mark.box.h + 1) <= 2
        ]
        if mark.mark in _CHECKABLE and mark.checked and len(column) >= 2:
            made.append(Picture(mark.box, PictureKind.ICON, mark.color, confidence=mark.confidence))
        else:
            kept.append(mark)
    return kept, made
