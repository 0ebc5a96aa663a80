"""Cuts an OCR line where its ink says so, and puts its spaces right.

The detector joins neighbouring links and columns into one line, and the
recogniser drops spaces. Both are decided here by gaps in the ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.boundaries import Boundary, decide, find_boundaries
from engine.vision.perception.glyphs import reach_of
from engine.vision.perception.ink import Ink, read_ink
from engine.vision.perception.inline_icons import part_by_icons
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.spelling import DASHES, Blot, respell, respell_dots
from engine.vision.perception.underlines import part_links, take_underlines
from engine.vision.percepts import Box

# Column coverage above this is ink.
_INKED = 0.25
# Over the line's height.
_UNREAD = 0.2
_NARROW = 0.35


@dataclass(frozen=True, slots=True)
class Run:
    """Connected ink columns, [left, right) within the ink window, with their characters."""

    left: int
    right: int
    text: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text without a column gap.

    `ink` covers just this stretch; `runs` are relative to it; `words` are the
    (text, left, right) of each word in page pixels. `gaps`, their `gap_middles` on
    the page and `cuts` ("" or " ") are those between characters.
    """

    text: str
    chars: tuple[OcrChar, ...]
    ink: Ink
    runs: tuple[Run, ...]
    words: tuple[tuple[str, float, float], ...]
    underlines: tuple[tuple[float, float], ...]
    score: float
    rough_size: float
    gaps: tuple[float, ...]
    gap_middles: tuple[float, ...]
    cuts: tuple[str, ...]

    @property
    def box(self) -> Box:
        """The bounds of the ink on the page."""
        height, width = self.ink.coverage.shape
        return Box(self.ink.x, self.ink.y, width, height)


def segments_of(pixels: Pixels, line: OcrLine) -> list[Segment]:
    """Returns the stretches of one OCR line, left to right."""
    ink = read_ink(pixels, line.box)
    if ink is None:
        return []
    ink, underlines = take_underlines(_main_rows(ink))
    chars = [char for char in line.chars if not char.text.isspace()]
    runs = _read_runs(_runs(ink.coverage), chars, ink)
    if not runs or not chars:
        return []
    height = _inked_height(ink)
    reach = reach_of(line.text)
    size = height / (reach.above + reach.below)
    parts = part_by_icons(line, ink, [(run.left, run.right) for run in runs], size)
    if len(parts) > 1:
        return [segment for part in parts for segment in segments_of(pixels, part)]
    gaps = [
        (second.left - first.right, ink.x + (first.right + second.left) / 2)
        for first, second in pairwise(runs)
    ]
    boundaries = find_boundaries(line.chars, gaps, size, line.step)
    cuts = decide(chars, boundaries, size)
    chars = respell(chars, cuts)
    if any(char.text in DASHES for char in chars):
        chars = respell_dots(chars, cuts, [_blot(ink, run) for run in runs], size)
    cuts = part_links(chars, cuts, boundaries, underlines, size)
    return _assemble(line, ink, chars, runs, boundaries, cuts, underlines, size)


def _main_rows(ink: Ink) -> Ink:
    """Keeps the rows of the line itself, not of its neighbours above and below."""
    rows = ink.coverage.sum(axis=1)
    height = len(rows)
    # On a picture some noise remains in every row.
    inked = rows > (0.3 if ink.flat else max(0.3, 0.12 * float(rows.max())))
    middle = slice(height // 4, max(height - height // 4, height // 4 + 1))
    start = height // 4 + int(rows[middle].argmax())
    slack = max(1, round(height * 0.12))
    top, bottom = start, start
    for step in range(start, -1, -1):
        if inked[step]:
            top = step
        elif top - step > slack:
            break
    for step in range(start, height):
        if inked[step]:
            bottom = step
        elif step - bottom > slack:
            break
    return Ink(
        ink.x, ink.y + top, ink.coverage[top : bottom + 1], ink.color, ink.background, ink.flat
    )


def _runs(coverage: NDArray[np.float32]) -> list[Run]:
    inked = np.concatenate([[False], coverage.max(axis=0) > _INKED, [False]])
    edges = np.flatnonzero(inked[1:] != inked[:-1])
    return [
        Run(int(left), int(right), "") for left, right in zip(edges[::2], edges[1::2], strict=True)
    ]


def _read_runs(runs: list[Run], chars: Sequence[OcrChar], ink: Ink) -> list[Run]:
    """Leaves out what lies apart at either end and was read as nothing: an icon."""
    if not chars:
        return runs
    apart = _UNREAD * len(ink.coverage)
    start, end = 0, len(runs)
    for index in range(len(runs) - 1):
        run, gap = runs[index], runs[index + 1].left - runs[index].right
        if chars[0].x - ink.x < run.right + _off(run, gap, ink):
            break
        if gap >= apart:
            start = index + 1
    for index in range(len(runs) - 1, start, -1):
        run, gap = runs[index], runs[index].left - runs[index - 1].right
        if chars[-1].x - ink.x > run.left - _off(run, gap, ink):
            break
        if gap >= apart:
            end = index
    return runs[start:end]


def _off(run: Run, gap: int, ink: Ink) -> float:
    """How far off its ink the recogniser may put a letter; narrow ones, as "I", farther."""
    narrow = run.right - run.left <= _NARROW * len(ink.coverage)
    return max(gap / 2, 1.0) if narrow else 1.0


def _inked_height(ink: Ink) -> int:
    rows = np.flatnonzero(ink.coverage.max(axis=1) > _INKED)
    return int(rows[-1] - rows[0] + 1) if len(rows) else len(ink.coverage)


def _blot(ink: Ink, run: Run) -> Blot:
    columns = ink.coverage[:, run.left : run.right]
    width, height = (float(columns.max(axis=axis).sum()) for axis in (0, 1))
    return Blot(ink.x + run.left, ink.x + run.right, width, height)


def _assemble(
    line: OcrLine,
    ink: Ink,
    chars: Sequence[OcrChar],
    runs: Sequence[Run],
    boundaries: Sequence[Boundary],
    cuts: Sequence[str],
    underlines: tuple[tuple[float, float], ...],
    size: float,
) -> list[Segment]:
    result: list[Segment] = []
    start = 0
    left: float = ink.x + runs[0].left
    for index in range(len(chars)):
        last = index == len(chars) - 1
        if not last and cuts[index] != "|":
            continue
        right = ink.x + runs[-1].right if last else boundaries[index].middle
        segment = _segment(
            line.score, ink, chars[start : index + 1], cuts[start:index], boundaries[start:index],
            (left, right), underlines, size,
        )  # fmt: skip
        if segment:
            result.append(segment)
        start, left = index + 1, right
    return result


def _segment(
    score: float,
    ink: Ink,
    chars: Sequence[OcrChar],
    cuts: Sequence[str],
    boundaries: Sequence[Boundary],
    extent: tuple[float, float],
    underlines: tuple[tuple[float, float], ...],
    size: float,
) -> Segment | None:
    low, high = max(int(extent[0]) - ink.x, 0), int(np.ceil(extent[1])) - ink.x
    window = ink.coverage[:, low:high]
    if not window.size:
        return None
    columns = np.flatnonzero(window.max(axis=0) > _INKED)
    if not len(columns):
        return None
    low, high = low + int(columns[0]), low + int(columns[-1]) + 1
    window = ink.coverage[:, low:high]
    rows = np.flatnonzero(window.max(axis=1) > _INKED)
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    top, bottom = max(top - 1, 0), min(bottom + 1, len(window))
    part = Ink(ink.x + low, ink.y + top, window[top:bottom], ink.color, ink.background, ink.flat)
    text = chars[0].text + "".join(
        cut + char.text for cut, char in zip(cuts, chars[1:], strict=True)
    )
    words: list[tuple[str, float, float]] = []
    word, left = chars[0].text, float(part.x)
    for cut, boundary, char in zip(cuts, boundaries, chars[1:], strict=True):
        if cut:
            words.append((word, left, boundary.middle - boundary.gap / 2))
            word, left = "", boundary.middle + boundary.gap / 2
        word += char.text
    words.append((word, left, float(part.x + part.coverage.shape[1])))
    return Segment(
        text, tuple(chars), part, tuple(_label_runs(_runs(part.coverage), chars, part.x)),
        tuple(words), underlines, score, size, tuple(b.gap for b in boundaries),
        tuple(b.middle for b in boundaries), tuple(cuts),
    )  # fmt: skip


def cut_segment(segment: Segment, at: int, after: bool) -> Segment | None:
    """Returns the part of a segment after (or else before) its character number `at`."""
    if not 0 < at < len(segment.chars):
        return None
    boundaries = [
        Boundary(gap, middle, cut == " ")
        for gap, middle, cut in zip(segment.gaps, segment.gap_middles, segment.cuts, strict=True)
    ]
    edge = boundaries[at - 1].middle
    box = segment.box
    if after:
        chars, cuts, kept = segment.chars[at:], segment.cuts[at:], boundaries[at:]
        extent = (edge, box.right)
    else:
        chars, cuts, kept = segment.chars[:at], segment.cuts[: at - 1], boundaries[: at - 1]
        extent = (box.x, edge)
    return _segment(
        segment.score, segment.ink, chars, cuts, kept, extent, segment.underlines,
        segment.rough_size,
    )  # fmt: skip


def _label_runs(runs: Sequence[Run], chars: Sequence[OcrChar], offset: int) -> list[Run]:
    """Gives each run the characters whose centres lie nearest to it."""
    texts = [""] * len(runs)
    for char in chars:
        x = char.x - offset
        nearest = min(
            range(len(runs)),
            key=lambda i: max(runs[i].left - x, x - runs[i].right, 0),
        )
        texts[nearest] += char.text
    return [Run(run.left, run.right, text) for run, text in zip(runs, texts, strict=True)]
