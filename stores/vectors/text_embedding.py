"""Text as a sparse BM25 vector; needs no model."""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

# Okapi BM25's usual constants (Robertson & Zaragoza, 2009). The average length is that of a
# page's visible text; it only scales how much long pages are damped.
_K1 = 1.2
_B = 0.75
_AVERAGE_LENGTH = 200
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class SparseVector:
    """Values at some of 2^32 indices, which are hashes of words."""

    indices: list[int]
    values: list[float]


def embed_document(text: str) -> SparseVector:
    """Returns the term weights of a text. Qdrant multiplies them by the words' rarity (IDF)."""
    words = _words(text)
    damping = _K1 * (1 - _B + _B * len(words) / _AVERAGE_LENGTH)
    counts = Counter(map(_index, words))
    return SparseVector(
        indices=list(counts),
        values=[count * (_K1 + 1) / (count + damping) for count in counts.values()],
    )


def embed_query(text: str) -> SparseVector:
    """Returns a vector that asks for every word of a text once."""
    indices = sorted({_index(word) for word in _words(text)})
    return SparseVector(indices, [1.0] * len(indices))


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _index(word: str) -> int:
    return int.from_bytes(hashlib.blake2s(word.encode(), digest_size=4).digest(), "big")
