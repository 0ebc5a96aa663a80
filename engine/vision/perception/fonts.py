"""Names the font of each line by its widths, which gives its size to a fraction of a pixel.

Heights are whole pixels on screen, so they tell a size of 14 from 15 badly. The
places of words along a line depend on the font's advance widths alone: the font
whose widths put every word where it was seen is the one, and the scale is its size.
font_metrics.json holds the advance widths (ASCII 32 to 126, thousandths of the size,
weights 400 and 700), heights of H and x, ascent and descent of 22 fonts, read from
their hmtx, glyf and hhea tables; all are under the OFL, Apache or Bitstream Vera
licence. Arial, Times New Roman and Courier New are measured by their metric twins.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from engine.vision.perception.segments import Segment
from engine.vision.perception.typography import Measure, is_bold
from engine.vision.percepts import Family

Floats = NDArray[np.float64]

# Mean side bearing of a glyph, over the font size.
_BEARING = 0.05
# Hinting and soft edges add this many pixels to heights.
_HEIGHT_BIAS = 0.3
# Mismatches over these tell no more: a line may hold other fonts or spacing.
_WORST_FIT, _WORST_HEIGHT = 0.12, 0.15
# How much a pixel of misplacement (over the size) counts against a mismatch of heights.
_FIT_WEIGHT, _HEIGHT_WEIGHT = 2.0, 0.6
_CANDIDATES = 3
# Widths and heights that disagree by more mean letter-spacing or a foreign font.
_AGREE = 0.12
_SNAP = 0.3
# Type from this size on, in pixels, is judged by itself: titles may have serifs and prose none.
_DISPLAY = 32
_UNKNOWN_CHAR = ord("e") - 32
# Signs before the items of lists: style sheets set how far, not the font.
_BULLETS = frozenset("•·▪●○◦‣∙")


@dataclass(frozen=True, slots=True)
class FontChoice:
    """The best font for a line: `size` in CSS pixels; ascent and descent over the size.

    `name` is empty when widths and heights disagree, as with letter-spacing.
    """

    name: str
    family: Family
    size: float
    ascent: float
    descent: float


@dataclass(frozen=True, slots=True)
class FontTable:
    """Known fonts; arrays have one row or entry for each, over the font size."""

    names: tuple[str, ...]
    families: tuple[Family, ...]
    regular: Floats
    bold: Floats
    cap: Floats
    x_height: Floats
    ascent: Floats
    descent: Floats


@lru_cache(maxsize=1)
def font_table() -> FontTable:
    """Returns the known fonts, read once."""
    text = files("engine.vision.perception").joinpath("font_metrics.json").read_text("utf-8")
    data = json.loads(text)

    def column(key: str) -> Floats:
        return np.array([entry[key] for entry in data.values()], np.float64) / 1000

    return FontTable(
        names=tuple(data),
        families=tuple(Family(entry["class"]) for entry in data.values()),
        regular=column("400"),
        bold=column("700"),
        cap=column("cap"),
        x_height=column("x"),
        ascent=column("ascent"),
        descent=column("descent"),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """For each font: the size by widths and by heights, and the mismatch."""

    by_width: Floats
    by_height: Floats
    mismatch: Floats
    weight: float


def choose_fonts(segments: Sequence[Segment], measures: Sequence[Measure]) -> list[FontChoice]:
    """Returns the choice for each segment; a page's lines vote for its fonts together."""
    table = font_table()
    fits = [
        _fit(segment, measure, table) for segment, measure in zip(segments, measures, strict=True)
    ]
    total = sum(fit.weight for fit in fits)
    if not total:
        votes = np.zeros(len(table.names))
    else:
        votes = np.sum([fit.mismatch * fit.weight for fit in fits], axis=0) / total
    candidates = _candidates(votes, table)
    choices = [_choice(fit, votes, candidates, table) for fit in fits]
    if not _is_mostly_sans(choices, segments):
        return choices
    sans = [index for index in candidates if table.families[index] is Family.SANS]
    return [
        _choice(fit, votes, sans, table) if _is_stray(choice) else choice
        for fit, choice in zip(fits, choices, strict=True)
    ]


def _is_stray(choice: FontChoice) -> bool:
    """Returns whether serifs are no more than a guess: where text is small, few pixels tell."""
    return choice.family is Family.SERIF and choice.size < _DISPLAY


def _is_mostly_sans(choices: Sequence[FontChoice], segments: Sequence[Segment]) -> bool:
    """Returns whether most small letters of a page seem to have no serifs."""
    letters = dict.fromkeys(Family, 0)
    for choice, segment in zip(choices, segments, strict=True):
        if choice.size < _DISPLAY:
            letters[choice.family] += len(segment.text)
    return letters[Family.SANS] > letters[Family.SERIF]


def _candidates(votes: Floats, table: FontTable) -> list[int]:
    """The page's best fonts, and the best of each other class."""
    order = [int(index) for index in np.argsort(votes, kind="stable")]
    chosen = order[:_CANDIDATES]
    for family in Family:
        if all(table.families[index] is not family for index in chosen):
            chosen.append(next(i for i in order if table.families[i] is family))
    return chosen


def _fit(segment: Segment, measure: Measure, table: FontTable) -> _Fit:
    widths = table.bold if is_bold(measure) else table.regular
    places, edges = [], []
    pen = np.zeros(len(table.names))
    for index, (word, left, right) in enumerate(_set_words(segment)):
        if index:
            pen = pen + widths[:, 0]
        places.append(pen + _BEARING)
        codes = [ord(c) - 32 if 32 <= ord(c) < 127 else _UNKNOWN_CHAR for c in word]
        pen = pen + widths[:, codes].sum(axis=1)
        places.append(pen - _BEARING)
        edges += [left, right]
    at = np.array(places)
    at -= at.mean(axis=0)
    seen = np.array(edges)[:, None]
    seen = seen - seen.mean()
    size = np.maximum((at * seen).sum(axis=0) / np.maximum((at**2).sum(axis=0), 1e-6), 1.0)
    error = np.sqrt(((seen - size * at) ** 2).mean(axis=0)) / max(measure.size, 6.0)
    heights = _by_height(measure, table)
    apart = np.abs(np.log(size / heights))
    mismatch = _FIT_WEIGHT * np.minimum(error, _WORST_FIT) + _HEIGHT_WEIGHT * np.minimum(
        apart, _WORST_HEIGHT
    )
    seen_heights = measure.cap is not None or measure.x_height is not None
    return _Fit(size, heights, mismatch, min(len(segment.words), 8) if seen_heights else 0.0)


def _set_words(segment: Segment) -> Sequence[tuple[str, float, float]]:
    """Returns the words whose places follow from the font: all but a bullet before them."""
    bulleted = len(segment.words) > 1 and segment.words[0][0] in _BULLETS
    return segment.words[1:] if bulleted else segment.words


def _by_height(measure: Measure, table: FontTable) -> Floats:
    sizes = []
    if measure.cap is not None:
        sizes.append((measure.cap - _HEIGHT_BIAS) / table.cap)
    if measure.x_height is not None:
        sizes.append((measure.x_height - _HEIGHT_BIAS) / table.x_height)
    if not sizes:
        return np.full(len(table.names), measure.size)
    return np.asarray(np.maximum(np.mean(sizes, axis=0), 1.0), np.float64)


def _choice(fit: _Fit, votes: Floats, candidates: Sequence[int], table: FontTable) -> FontChoice:
    best = min(candidates, key=lambda index: (fit.mismatch[index] + votes[index], index))
    by_width, by_height = float(fit.by_width[best]), float(fit.by_height[best])
    agreed = abs(np.log(by_width / by_height)) < _AGREE
    size = by_width if agreed else by_height
    nearest = round(size)
    if abs(size - nearest) < _SNAP:
        size = float(nearest)
    return FontChoice(
        name=table.names[best] if agreed else "",
        family=table.families[best],
        size=round(size, 1),
        ascent=float(table.ascent[best]),
        descent=float(table.descent[best]),
    )
