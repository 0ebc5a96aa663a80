"""The original's text blocks as Design2Code's program would find them, as far as the truth tells.

The truth lists block elements whole. The program takes every link apart, so
links within a text become blocks of their own. Other inline elements that it
takes apart (span, b) are not told from those that it does not (em, strong).
"""

from __future__ import annotations

from typing import Any

from benchmarks.fidelity.truth import box_of, ink_color
from benchmarks.fidelity.truth_order import document_order
from engine.fidelity.measured import Text
from engine.geometry import Box

# A link's box may be a rounding error larger than its text's.
_SLACK = 3.0

_Part = tuple[str, Box, str]


def truth_blocks(truth: dict[str, Any]) -> tuple[Text, ...]:
    """Returns the blocks in document order; placeholders of inputs are no text."""
    links = [
        (" ".join((item["label"] or "").split()), box_of(item))
        for item in truth["controls"]
        if item["kind"] == "link"
    ]
    items = [truth["texts"][index] for index in document_order(truth)]
    return tuple(
        Text(text, box, (box,), color)
        for item in items
        if "source" not in item
        for text, box, color in _parts(item, links)
    )


def _parts(item: dict[str, Any], links: list[tuple[str, Box]]) -> list[_Part]:
    whole = box_of(item)
    runs = [] if item["in_link"] else item.get("runs") or []
    rest: list[str] = []
    found: list[_Part] = []
    for run in runs:
        text = " ".join(run["text"].split())
        box = next((box for label, box in links if label == text and _within(box, whole)), None)
        if box is None:
            rest.append(text)
        else:
            found.append((text, box, run["color"]))
    if not found:
        return [(" ".join(item["text"].split()), whole, ink_color(item))]
    if not rest:
        return found
    return [(" ".join(rest), whole, ink_color(item)), *found]


def _within(inner: Box, outer: Box) -> bool:
    return (
        inner.x >= outer.x - _SLACK
        and inner.y >= outer.y - _SLACK
        and inner.right <= outer.right + _SLACK
        and inner.bottom <= outer.bottom + _SLACK
    )
