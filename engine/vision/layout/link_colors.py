"""Tells the colours that a page sets its links in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from engine.vision.color import contrast, distance, hue, saturation
from engine.vision.layout.entries import CHROMATIC
from engine.vision.layout.item import Item

_SAME = 48.0
_MAX_WORDS = 9
# How many colours links may have, and how often each is used beside the first at least.
_MOST, _SHARE = 3, 0.3
_LEAST_CONTRAST = 1.6
# The hues from cyan by blue to pink, 0 to 1; in the others, from red by yellow to green, pages also
# say that something failed, waits or went well.
_FREE = (0.5, 0.97)


def link_colors(page: Item) -> list[str]:
    """Returns the chromatic colours that short, free text is set in, most used first.

    Red, yellow and green tell states beside another colour, as Bootstrap's contextual colours do.
    """
    counts: Counter[str] = Counter()
    plain: Counter[str] = Counter()
    for item in page.texts():
        if item.surface is not None or item.text is None:
            continue
        words = len(item.text.text.split())
        plain[item.text.color] += words
        if saturation(item.text.color) >= CHROMATIC and words <= _MAX_WORDS:
            counts[item.text.color] += 1
        for run in item.node.runs:
            if run.HasField("color") and saturation(run.color.value) >= CHROMATIC:
                counts[run.color.value] += 1
    greys = [color for color, _ in plain.most_common() if saturation(color) < CHROMATIC]
    body = greys[0] if greys else "#000000"
    found = [
        (color, count) for color, count in counts.most_common() if distance(color, body) > _SAME
    ]
    used = [color for color, count in found[:_MOST] if count >= _SHARE * found[0][1]]
    free = [color for color in used if not _tells_state(color)]
    return free or used[:1]


def _tells_state(color: str) -> bool:
    """Returns whether a colour is of those that also say that something failed or went well."""
    low, high = _FREE
    return not low <= hue(color) <= high


def is_accented(color: str, background: str, accents: Sequence[str]) -> bool:
    """Returns whether a colour that stands out from its background is one of the accents."""
    if saturation(color) < CHROMATIC or contrast(color, background) < _LEAST_CONTRAST:
        return False
    return any(distance(color, accent) <= _SAME for accent in accents)
