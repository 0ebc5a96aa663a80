"""What is known of characters: how high they reach, and which count as text."""

from __future__ import annotations

from dataclasses import dataclass

# Reach full height from the baseline: capitals, digits and ascenders.
TALL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789bdfhkl&%?!")
# Reach the x-height, without dots.
SHORT = frozenset("acemnorsuvwxzgpqy")
# Reach below the baseline.
HANGING = frozenset("gjpqyQ,;()[]{}|/@$_")
# Too small or too freely placed to measure by.
FLOATING = frozenset("'\"`´’‘“”^*°-–—=+~·•.…:<>«»")
# What icons in a disc are read as.
RINGED = frozenset("©®")

# Heights over the font size, means over common families: Arial, Helvetica, Roboto,
# Inter, Open Sans, Lato (their OS/2 tables), within 3 % but for Source Sans.
CAP_HEIGHT = 0.718
X_HEIGHT = 0.523
DESCENDER = 0.21


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a text's ink is expected to reach from its baseline, over the font size."""

    above: float
    below: float


def reach_of(text: str) -> Reach:
    """Returns the expected reach; for text of signs alone it is a capital's."""
    letters = [char for char in text if not char.isspace()]
    above = max((_above(char) for char in letters), default=CAP_HEIGHT)
    below = max((_below(char) for char in letters), default=0.0)
    return Reach(above or CAP_HEIGHT, below)


def _above(char: str) -> float:
    if char in SHORT:
        return X_HEIGHT
    if char == "t":
        return 0.66
    if char in ",.…_":
        return 0.11
    if char in "-–—=+~·•:;<>":
        return 0.5
    return CAP_HEIGHT


def _below(char: str) -> float:
    if char in "gjpqy()[]{}|@":
        return DESCENDER
    return 0.12 if char in HANGING else 0.0


def is_cjk(char: str) -> bool:
    """Returns whether a character is written without spaces around it."""
    return "\u2e80" <= char <= "\u9fff" or "\uf900" <= char <= "\ufaff" or char >= "\uff00"
