"""How wide text runs in the fonts that every system has.

Advance widths in thousandths of an em for the characters from space to "~",
of Liberation Sans and Serif, whose metrics equal Arial's and Times New Roman's
(https://github.com/liberationfonts), and of DejaVu Sans, which follows
Verdana's. They tell how far a page's own typeface departs from the one that
generated code will fall back to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from engine.vision.layout.faces import Face
from engine.vision.layout.kerning import kerning
from engine.vision.percepts import Family, TextLine

_FIRST, _LAST = ord(" "), ord("~")
_OTHER, _EM = 600.0, 1000.0
_BOLD = 600
_WIDE_FROM = 0x2E80
_MONO_ADVANCE = 602.0
# Every advance of Arial Narrow is that share of Arial's.
_NARROW = 0.82

_ARIAL = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
    "556 556 556 556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 "
    "556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 333 556 "
    "556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 "
    "500 500 500 334 260 334 584"
)
_ARIAL_BOLD = (
    "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 "
    "556 556 556 556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 "
    "611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 333 556 "
    "611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 "
    "556 556 500 389 280 389 584"
)
_VERDANA = (
    "318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 "
    "636 636 636 636 337 337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 "
    "557 863 748 787 603 787 695 635 611 732 684 989 685 611 685 390 337 390 838 500 500 613 "
    "635 550 635 615 352 635 634 278 278 579 278 974 634 612 635 635 411 521 392 634 592 818 "
    "592 592 525 636 337 636 838"
)
_VERDANA_BOLD = (
    "348 456 521 838 696 1002 872 306 457 457 523 838 380 415 380 365 696 696 696 696 696 696 "
    "696 696 696 696 400 400 838 838 838 580 1000 774 762 734 830 683 683 821 837 372 372 775 "
    "637 995 837 850 733 850 770 720 682 812 774 1103 771 724 725 457 365 457 838 500 500 675 "
    "716 593 716 678 435 716 712 343 343 665 343 1042 712 687 716 716 493 595 478 712 652 924 "
    "645 652 582 712 365 712 838"
)
_TIMES = (
    "250 333 408 500 500 833 778 180 333 333 500 564 250 333 250 278 500 500 500 500 500 500 "
    "500 500 500 500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 "
    "611 889 722 722 556 722 667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 "
    "500 444 500 444 333 500 500 278 278 500 278 778 500 500 500 500 333 389 278 500 500 722 "
    "500 500 444 480 200 480 541"
)
_TIMES_BOLD = (
    "250 333 555 500 500 1000 833 278 333 333 500 570 250 333 250 278 500 500 500 500 500 500 "
    "500 500 500 500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 "
    "667 944 722 778 611 778 722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 "
    "556 444 556 444 333 500 556 278 333 556 278 833 556 500 556 556 444 389 333 556 500 722 "
    "500 500 444 394 220 394 520"
)


_TABLES = {
    (Face.ARIAL, False): _ARIAL,
    (Face.ARIAL, True): _ARIAL_BOLD,
    (Face.VERDANA, False): _VERDANA,
    (Face.VERDANA, True): _VERDANA_BOLD,
    (Face.TIMES, False): _TIMES,
    (Face.TIMES, True): _TIMES_BOLD,
}
# Punctuation and signs outside ASCII, and how wide they are.
_SYMBOLS = "·•…‘’“”–—©®™×°€£"
_SYMBOL_WIDTHS = {
    (Face.ARIAL, False): "278 350 1000 222 222 333 333 556 1000 737 737 1000 584 400 556 556",
    (Face.ARIAL, True): "278 350 1000 278 278 500 500 556 1000 737 737 1000 584 400 556 556",
    (Face.VERDANA, False): "318 590 1000 318 318 518 518 500 1000 1000 1000 1000 838 500 636 636",
    (Face.VERDANA, True): "380 639 1000 380 380 657 657 500 1000 1000 1000 1000 838 500 696 696",
    (Face.TIMES, False): "250 350 1000 333 333 444 444 500 1000 760 760 980 564 400 500 500",
    (Face.TIMES, True): "250 350 1000 333 333 500 500 500 1000 747 747 1000 570 400 500 500",
}
_MARKED = re.compile(r"LATIN (?P<case>SMALL|CAPITAL) LETTER (?P<letter>[A-Z]) WITH ")
DEFAULT_FACES = {Family.SANS: Face.ARIAL, Family.SERIF: Face.TIMES, Family.MONO: Face.COURIER}


@cache
def _advances(face: Face, bold: bool) -> Mapping[str, float]:
    """Returns the widths of the characters that are known, in thousandths of an em."""
    letters = [chr(code) for code in range(_FIRST, _LAST + 1)]
    values = f"{_TABLES[face, bold]} {_SYMBOL_WIDTHS[face, bold]}".split()
    return dict(zip([*letters, *_SYMBOLS], map(float, values), strict=True))


def _plain(character: str) -> str:
    """Returns a Latin letter without its marks, which do not widen it; else the character."""
    name = _MARKED.match(unicodedata.name(character, ""))
    if name is None:
        return character
    return name["letter"] if name["case"] == "CAPITAL" else name["letter"].lower()


def text_width(text: str, face: Face, size: float, weight: int) -> float:
    """Returns the width of `text` in CSS pixels at `size` CSS pixels and `weight` (100 to 900).

    Characters that are not known count as an average letter, ideographs as one em.
    """
    if face is Face.COURIER:
        return len(text) * _MONO_ADVANCE * size / 1000
    if face is Face.NARROW:
        return _NARROW * text_width(text, Face.ARIAL, size, weight)
    advances = _advances(face, weight >= _BOLD)
    pairs = kerning(face, weight >= _BOLD)
    plain = text if text.isascii() else "".join(map(_plain, text))
    total = sum(pairs.get(first + second, 0.0) for first, second in pairwise(plain))
    for character in plain:
        other = _EM if ord(character) >= _WIDE_FROM else _OTHER
        total += advances.get(character, other)
    return total * size / 1000


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: in which face, size in CSS pixels, weight, and letter spacing in em."""

    face: Face
    size: float
    weight: int
    tracking: float

    def width(self, text: str, weight: int = 0) -> float:
        """Returns the width of `text` in CSS pixels, in its own weight or in `weight`."""
        advance = text_width(text, self.face, self.size, weight or self.weight)
        return advance + len(text) * self.tracking * self.size

    def line_width(self, line: TextLine) -> float:
        """Returns the width of a line in CSS pixels; as seen where it holds several sizes."""
        if any(span.font_size or span.background or span.mono for span in line.spans):
            return line.box.w
        words = sum(self.width(span.text, span.weight) for span in line.spans)
        spaces = self.width(" " * (len(line.spans) - 1))
        return words + spaces if line.spans else self.width(line.text)
