"""The few font sizes that a page's texts are set in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from structra.v1 import node_pb2

from engine.vision.layout.item import Item

# Sizes that differ by less can't be told apart in a picture: in pixels, and as a share of them.
_SAME_SIZE, _SAME_SHARE = 0.5, 0.035


def set_sizes(page: Item, body: float) -> float:
    """Gives texts whose sizes are the same but for noise one size; returns that of `body` pixels.

    The heights of their lines stay as they are.
    """
    sized = [item for item in page.walk() if item.node.style.typography.HasField("size")]
    weights: Counter[float] = Counter({_half(body): 1})
    for item in sized:
        weights[_half(item.node.style.typography.size.px)] += max(len(item.node.text), 1)
    steps = _merge(weights)
    for item in sized:
        _resize(item.node.style.typography, _nearest(item.node.style.typography.size.px, steps))
    return _nearest(body, steps)


def _resize(typography: node_pb2.Typography, size: float) -> None:
    height = typography.line_height * typography.size.px
    typography.size.px = size
    typography.line_height = round(height / size, 3)


def _half(size: float) -> float:
    return round(size * 2) / 2


def _nearest(size: float, steps: Iterable[float]) -> float:
    return min(steps, key=lambda step: abs(step - size))


def _merge(weights: Counter[float]) -> list[float]:
    """Returns the sizes that most text has, without those that are near one with more."""
    steps: list[float] = []
    for value, _ in sorted(weights.items(), key=lambda entry: (-entry[1], entry[0])):
        if all(abs(step - value) > max(_SAME_SIZE, _SAME_SHARE * step) for step in steps):
            steps.append(value)
    return steps
