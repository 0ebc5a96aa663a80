"""Checks a model's words against what was recognised on the page.

A model reads blurred or broken letters better than text recognition does, but
it also completes and invents. So its text counts only as a correction: letter
by letter close to the recognised text, and with the same digits.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher

from structra.v1.node_pb2 import Node

# Letters and digits that recognition mistakes for each other, each as its class.
_LOOKALIKES = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b", "!": "l"})
# Pairs of letters that it takes for one; applied after the classes above.
_LIGATURES = (("rn", "m"), ("ln", "m"), ("cl", "d"), ("vv", "w"))
_NEAR = 0.8
# One wrong letter is a correction only in a word with enough others to hold it.
_LEAST_LETTERS = 4
_DIGITS = re.compile(r"\d")


def supports(recognised: str, claimed: str) -> bool:
    """Returns whether `claimed` can be a better reading of `recognised`."""
    seen, said = _letters(recognised), _letters(claimed)
    if not said or not seen:
        return False
    if _folded(seen) == _folded(said):
        return True
    if _digits(seen) != _digits(said):
        return False
    matcher = SequenceMatcher(None, seen, said, autojunk=False)
    if matcher.ratio() >= _NEAR:
        return True
    matched = sum(block.size for block in matcher.get_matching_blocks())
    longest = max(len(seen), len(said))
    return longest >= _LEAST_LETTERS and longest - matched <= 1


def supported_by_page(root: Node, claimed: str) -> bool:
    """Returns whether some text of the page supports `claimed`, whole or as a part of it."""
    said = _folded(_letters(claimed))
    return bool(said) and any(
        said in _folded(_letters(text)) or supports(text, claimed) for text in texts(root)
    )


def texts(node: Node) -> Iterator[str]:
    """Yields every text in the tree, in reading order."""
    for text in (node.text, node.control.label, node.control.placeholder, node.control.value):
        if text:
            yield text
    for child in node.children:
        yield from texts(child)


def _letters(text: str) -> str:
    """Returns letters and digits only, in one case and one form."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum() or c in "|!")


def _folded(letters: str) -> str:
    """Returns letters in which what is commonly mistaken for each other is equal."""
    folded = letters.translate(_LOOKALIKES)
    for pair, letter in _LIGATURES:
        folded = folded.replace(pair, letter)
    return folded


def _digits(text: str) -> list[str]:
    return _DIGITS.findall(text)
