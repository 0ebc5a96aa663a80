"""Bounds on sentences that a model wrote."""

from __future__ import annotations

import re

MOST_SENTENCE = 400
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


def sentence(text: str) -> str:
    """Returns a model's sentence on one line, at most `MOST_SENTENCE` characters."""
    return _BREAKS.sub(" ", text).strip()[:MOST_SENTENCE]
