"""Settles characters that look alike: letters by their word, dashes and dots by their width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.vision.perception.ocr import OcrChar

# The recogniser's doubt from which a letter may be its rival: one that looks the same in most
# fonts, and the same letter in the other case, which differs in height.
_SAME_SHAPE, _SAME_LETTER = 0.005, 0.1
_ALIKE = ({"l", "I", "i", "1", "|"}, {"O", "o", "0"})
# A middle dot is narrower than this over the font size, and than so many times its height.
DASHES, _DOT, _DOT_WIDTH, _DOT_ASPECT = frozenset("-–—−"), "·", 0.19, 2.0


def respell(chars: Sequence[OcrChar], cuts: Sequence[str]) -> list[OcrChar]:
    """Returns the characters with doubtful ones as the rest of their word has them.

    In a word whose certain letters are all capitals a doubtful letter is a capital, and among
    figures it is a figure, where the recogniser thought of that too: "UI" is no "Ul".
    `cuts` says for each boundary what parts the characters there, "" for nothing.
    """
    result = list(chars)
    start = 0
    for index in range(len(chars)):
        last = index == len(chars) - 1
        if last or cuts[index] or not chars[index].text.isalnum():
            _settle(result, start, index + 1)
            start = index + 1
    return result


@dataclass(frozen=True, slots=True)
class Blot:
    """A stretch of connected ink: its edges, its width and height, in page pixels.

    Width and height count soft edges by their coverage.
    """

    left: float
    right: float
    width: float
    height: float


def respell_dots(
    chars: Sequence[OcrChar], cuts: Sequence[str], blots: Sequence[Blot], size: float
) -> list[OcrChar]:
    """Returns the characters with dashes between spaces that are as short as a dot as dots."""
    result = list(chars)
    for index in range(1, len(chars) - 1):
        if chars[index].text not in DASHES or cuts[index - 1] != " " or cuts[index] != " ":
            continue
        low, high = chars[index - 1].x, chars[index + 1].x
        inside = [blot for blot in blots if low < blot.left and blot.right < high]
        x = chars[index].x
        own = min(inside, key=lambda blot: abs(blot.left + blot.right - 2 * x), default=None)
        if own and own.width <= _DOT_WIDTH * size and own.width <= _DOT_ASPECT * own.height:
            result[index] = replace(chars[index], text=_DOT, rival=chars[index].text)
    return result


def _settle(chars: list[OcrChar], start: int, end: int) -> None:
    doubtful = [i for i in range(start, end) if _may_be_rival(chars[i])]
    sure = [chars[i].text for i in range(start, end) if i not in doubtful]
    letters = [text for text in sure if text.isalpha()]
    figures = [text for text in sure if text.isdigit()]
    # One capital begins any word, so that it proves nothing but of a word of two letters.
    capitals = all(text.isupper() for text in letters) and (
        len(letters) > 1 or (len(letters) == 1 and end - start == 2)
    )
    for i in doubtful:
        rival = "I" if chars[i].text == "l" and chars[i].rival == "i" else chars[i].rival
        if (rival.isupper() and capitals and not figures) or (
            rival.isdigit() and len(figures) > 1 and not letters
        ):
            chars[i] = replace(chars[i], text=rival, rival=chars[i].text)


def _may_be_rival(char: OcrChar) -> bool:
    if not char.text.isalnum():
        return False
    if any(char.text in alike and char.rival in alike for alike in _ALIKE):
        return char.doubt >= _SAME_SHAPE
    same = char.rival != char.text and char.rival.lower() == char.text.lower()
    return same and char.doubt >= _SAME_LETTER
