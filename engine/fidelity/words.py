"""How much of the text came through."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_WORD = re.compile(r"\w+(?:['’.@/-]\w+)*", re.UNICODE)
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'"})


@dataclass(frozen=True, slots=True)
class WordScore:
    """`recovered` and `precision` are shares of words, whatever their place;
    `error_rate` is edits (insert, delete, replace) over the words of the original.
    """

    recovered: float
    precision: float
    error_rate: float
    missing: tuple[str, ...]
    invented: tuple[str, ...]


def words_of(text: str) -> list[str]:
    """Returns the words of a text in lower case, without punctuation around them."""
    return _WORD.findall(text.translate(_APOSTROPHES).lower())


def score_words(made: Sequence[str], original: Sequence[str]) -> WordScore:
    """Scores the texts of a page against the original's, both in reading order.

    Without words in the original everything is recovered.
    """
    got = [word for text in made for word in words_of(text)]
    want = [word for text in original for word in words_of(text)]
    have, need = Counter(got), Counter(want)
    shared = sum((have & need).values())
    return WordScore(
        recovered=shared / len(want) if want else 1.0,
        precision=shared / len(got) if got else float(not want),
        error_rate=edit_distance(got, want) / len(want) if want else float(bool(got)),
        missing=tuple((need - have).elements()),
        invented=tuple((have - need).elements()),
    )


def edit_distance(first: Sequence[str], second: Sequence[str]) -> int:
    """Returns the Levenshtein distance of two sequences."""
    codes: dict[str, int] = {}
    a = np.array([codes.setdefault(item, len(codes)) for item in first], dtype=np.int64)
    b = np.array([codes.setdefault(item, len(codes)) for item in second], dtype=np.int64)
    steps = np.arange(len(b) + 1)
    row = steps.copy()
    for index, item in enumerate(a):
        best = np.empty_like(row)
        best[0] = index + 1
        best[1:] = np.minimum(row[:-1] + (b != item), row[1:] + 1)
        # Insertions run along the row: a running minimum of value minus position.
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])
