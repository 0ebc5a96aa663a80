"""Tells text from icons that the recogniser took for characters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.vision.perception.glyphs import HANGING, RINGED, TALL, is_cjk
from engine.vision.perception.ocr import OcrChar
from engine.vision.perception.segments import Segment, cut_segment
from engine.vision.perception.typography import measure, stem_width

# What is read with less is hardly ever text: on 81 pages one word of 24 was.
_MIN_CONFIDENCE = 0.75
_SURE = 0.9
# Ends of a line are icons if they are read with less than the first and stand apart, with an
# accent if not sure, and with less than the second wherever they stand.
_DOUBTFUL, _UNREAD = 0.7, 0.4
# Signs that are a line of code on their own, one of which at least is a bracket: how surely they
# are read, and their least font size in pixels, since arcs of smaller rings are read so, too.
_CODE_LINE, _BRACKETS = frozenset("{}[]();,"), frozenset("{}[]()")
_CODE_READ, _LEAST_CODE = 0.85, 8
# Signs that stand alone as text: separators, currency, copyright.
_SEPARATORS = frozenset("/|·•–—-&,.:;©®™$€£%#@…»«›‹*+()[]{}\"'“”")
# LinkedIn's sign, of stems this heavy over its height; the word alone on a line is hardly bold.
_SIGN, _HEAVY = "in", 0.2
# Letters that stand alone as words.
_WORDS = frozenset("aAI&")
# Figures alone are narrower than this, over their height.
_FIGURE_WIDTH, _CERTAIN = 0.85, 0.95
_LEAST_FIGURE = 0.85
# No icon is read as a figure so surely beside text.
_UNMISTAKEN = 0.995
# How far a letter may reach over the line's measures, over the font size.
_STRAY = 0.16
# Coverage from which a row of a glyph is inked.
_INKED = 0.3
# Signs that end a sentence, after a thin space in some languages.
_ENDS = frozenset("!?")
# Arrows after or before words: in type they are lower than this, over the font size, and as far
# off as a word at most; those of icon sets are higher.
_ARROWS, _ARROW_HEIGHT, _ARROW_GAP = frozenset("→←"), 0.5, 0.6
# An icon is set apart from its label by at least this, over the font size.
_APART = 0.22
# One before its label stands off by this, and by so many times the spaces of the label; without
# spaces to compare with, it is not read for certain either. Bullets do so too.
_OFF, _OFF_SPACES = 0.45, 1.4
_BULLETS = frozenset("oO0•·")
# No space is as wide as this, over the font size, even where none was read; and no plus of a
# text is as high.
_FAR_OFF, _HIGH_PLUS = 0.6, 0.62
# Signs of code, which in a fixed pitch have gaps of up to this, over the font size.
_CODE, _CODE_APART = frozenset("<>=_~^\\"), 0.5


def sift(segments: Sequence[Segment]) -> list[Segment]:
    """Returns the segments that are text, without icons at their ends."""
    kept = []
    for segment in segments:
        trimmed = _trim(segment)
        if trimmed and is_text(trimmed, alone=len(segments) == 1):
            kept.append(trimmed)
    return kept


def is_text(segment: Segment, *, alone: bool) -> bool:
    """Returns whether a segment reads as text and not as a picture.

    `alone` says that the detector saw nothing beside it on its line.
    """
    letters = [char for char in segment.chars if char.text.isalnum()]
    confidence = float(np.mean([char.confidence for char in segment.chars]))
    if not letters:
        return _is_line_of_code(segment) or (
            not alone
            and confidence >= _SURE
            and all(char.text in _SEPARATORS for char in segment.chars)
        )
    if confidence < _MIN_CONFIDENCE:
        return False
    if len(letters) == 1 and len(segment.chars) <= 2:
        return _lone_letter_is_text(letters[0]) and not _is_square(segment)
    if segment.text == _SIGN and _is_heavy(segment):
        return False
    if len(letters) <= 2 and (confidence < 0.8 or any(is_cjk(char.text) for char in letters)):
        return confidence >= 0.97 and len(letters) == 2
    return True


def _is_line_of_code(segment: Segment) -> bool:
    """Whether a segment is what closes or opens a block of code, as a brace."""
    signs = {char.text for char in segment.chars}
    confidence = float(np.mean([char.confidence for char in segment.chars]))
    sure = confidence >= _CODE_READ and segment.rough_size >= _LEAST_CODE
    return sure and signs <= _CODE_LINE and bool(signs & _BRACKETS)


def _is_heavy(segment: Segment) -> bool:
    return stem_width(segment.ink.coverage) >= _HEAVY * segment.box.h


def _is_square(segment: Segment) -> bool:
    """Whether the ink is as wide as high, as an icon's and no figure's."""
    (char, *others) = segment.chars
    wide = segment.box.w > _FIGURE_WIDTH * segment.box.h
    return not others and wide and char.confidence < _CERTAIN


def _lone_letter_is_text(char: OcrChar) -> bool:
    if char.text.isascii() and char.text.isdigit():
        return char.confidence >= _LEAST_FIGURE
    return char.text in _WORDS and char.confidence >= 0.97


def _trim(segment: Segment) -> Segment | None:
    """Cuts a glyph off either end when it does not behave as the letter it was read as."""
    for at_start in (True, False):
        if _is_before_figure(segment, at_start=at_start) or (
            len(segment.chars) > 2 and _is_icon(segment, at_start=at_start)
        ):
            rest = cut_segment(segment, 1 if at_start else len(segment.chars) - 1, at_start)
            if rest is None:
                return segment
            segment = rest
    return segment


def _is_icon(segment: Segment, *, at_start: bool) -> bool:
    char = segment.chars[0 if at_start else -1]
    gap = segment.gaps[0 if at_start else -1]
    if at_start and _stands_off(segment):
        return True
    if _is_foreign(segment, at_start=at_start):
        return True
    if gap < _APART * segment.rough_size:
        return False
    if char.text in _SEPARATORS:
        return char.text in RINGED and char.confidence < _DOUBTFUL
    if char.text in _ARROWS and char.confidence >= _SURE:
        return not _is_set_arrow(segment, gap, at_start=at_start)
    if char.text.isdigit() and char.confidence >= _SURE:
        return False
    if char.text in _CODE:
        return segment.cuts[0 if at_start else -1] == " " or gap >= _CODE_APART * segment.rough_size
    if not at_start and char.text in _ENDS:
        return gap >= _CODE_APART * segment.rough_size
    if not char.text.isalnum():
        return True
    if is_cjk(char.text) and not is_cjk(segment.chars[1 if at_start else -2].text):
        return True
    least = _DOUBTFUL if char.text.isascii() else _SURE
    if char.confidence < least and char.text not in _WORDS:
        return True
    return _strays(segment, char, at_start=at_start)


def _is_foreign(segment: Segment, *, at_start: bool) -> bool:
    """Whether an end was read as what no line holds: a lone ideogram, or next to nothing."""
    char, beside = segment.chars[0 if at_start else -1], segment.chars[1 if at_start else -2]
    if is_cjk(char.text) and not is_cjk(beside.text):
        return char.confidence < _SURE
    unread = char.confidence < _UNREAD and char.text not in _SEPARATORS
    return unread and beside.confidence >= _SURE


def _is_before_figure(segment: Segment, *, at_start: bool) -> bool:
    """Whether a segment is an icon and the one figure that it counts with."""
    pair = at_start and len(segment.chars) == 2
    return pair and segment.chars[1].text.isdigit() and _is_foreign(segment, at_start=True)


def _is_set_arrow(segment: Segment, gap: float, *, at_start: bool) -> bool:
    """Whether an arrow at an end of a line belongs to its type."""
    height, size = _height(segment, at_start=at_start), segment.rough_size
    return 0 < height <= _ARROW_HEIGHT * size and gap <= _ARROW_GAP * size


def _height(segment: Segment, *, at_start: bool) -> int:
    """How high the ink of the first or last glyph is, in pixels."""
    rows = _rows(segment, at_start=at_start)
    return int(rows[-1]) + 1 - int(rows[0]) if len(rows) else 0


def _rows(segment: Segment, *, at_start: bool) -> NDArray[np.intp]:
    """The rows that the first or last glyph inks, within the segment's window."""
    middle = int(gap_middle(segment, at_start=at_start)) - segment.ink.x
    window = segment.ink.coverage[:, :middle] if at_start else segment.ink.coverage[:, middle:]
    return np.flatnonzero(window.max(axis=1, initial=0) > _INKED)


def _stands_off(segment: Segment) -> bool:
    """Whether a letter, figure or plus begins a line farther off than a word would."""
    char, gap, size = segment.chars[0], segment.gaps[0], segment.rough_size
    if char.text in _BULLETS or not (char.text.isalnum() or char.text == "+"):
        return False
    if char.text in _WORDS and char.confidence >= _DOUBTFUL:
        return False
    if char.text.isdigit() and char.confidence >= _UNMISTAKEN:
        return False
    if char.text == "+" and _height(segment, at_start=True) >= _HIGH_PLUS * size:
        return gap >= _APART * size
    if gap < (_OFF if segment.cuts[0] == " " else _FAR_OFF) * size:
        return False
    rest = zip(segment.gaps[1:], segment.cuts[1:], strict=True)
    spaces = [other for other, cut in rest if cut == " "]
    if not spaces:
        return char.confidence < _CERTAIN
    return gap >= _OFF_SPACES * float(np.median(spaces))


def _strays(segment: Segment, char: OcrChar, *, at_start: bool) -> bool:
    """Whether the glyph reaches where that letter would not, given the rest of the line."""
    rest = cut_segment(segment, 1 if at_start else len(segment.chars) - 1, at_start)
    if rest is None or char.text in HANGING:
        return False
    seen = measure(rest)
    rows = _rows(segment, at_start=at_start)
    if not len(rows):
        return False
    top, bottom = segment.ink.y + int(rows[0]), segment.ink.y + int(rows[-1]) + 1
    cap = seen.cap or 0.72 * seen.size
    above = seen.baseline - top - cap
    below = bottom - seen.baseline
    slack = _STRAY * seen.size
    if above > slack or below > slack:
        return True
    return char.text in TALL and above < -2 * slack


def gap_middle(segment: Segment, *, at_start: bool) -> float:
    """The x of the middle of the first or last gap."""
    return segment.gap_middles[0 if at_start else -1]
