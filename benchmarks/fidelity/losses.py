"""Says in words what a page lost, largest first."""

from __future__ import annotations

from collections.abc import Sequence

from engine.fidelity.color import Rgb
from engine.fidelity.design2code import Block, BlockPair, Design2CodeScore
from engine.fidelity.measured import Page
from engine.fidelity.words import WordScore

_EXAMPLES = 10
_SHOWN = 60
_NAMED = 32
# Pixels; less is rounding and the fonts' own metrics.
_DRIFT_LEAST = 2.5


def explain(visual: Design2CodeScore, words: WordScore, made: Page, original: Page) -> list[str]:
    """Returns a line for each of the largest losses in look."""
    lines = []
    if abs(made.height - original.height) > 1:
        lines.append(f"page height {made.height:.0f} for {original.height:.0f}")
    if words.missing:
        lines.append("words missing: " + " ".join(words.missing[:_EXAMPLES]))
    if words.invented:
        lines.append("words invented: " + " ".join(words.invented[:_EXAMPLES]))
    lines += [f"only in original {_block(b)}" for b in _largest(visual.only_original)]
    lines += [f"only in result {_block(b)}" for b in _largest(visual.only_made)]
    moved = sorted(visual.pairs, key=lambda pair: pair.position)[:_EXAMPLES]
    lines += [_moved(pair, made, original) for pair in moved]
    lines += drift(visual.pairs, made, original)
    colored = sorted(visual.pairs, key=lambda pair: pair.color)[:_EXAMPLES]
    lines += [
        f"color {_hex(pair.made.color)} for {_hex(pair.original.color)}"
        f" ({pair.color:.2f}): {pair.original.text[:_SHOWN]!r}"
        for pair in colored
    ]
    misread = sorted(visual.pairs, key=lambda pair: pair.text)[:_EXAMPLES]
    lines += [
        f"text {pair.text:.2f}: {pair.made.text[:_SHOWN]!r} for {pair.original.text[:_SHOWN]!r}"
        for pair in misread
        if pair.text < 1
    ]
    return lines


def drift(pairs: Sequence[BlockPair], made: Page, original: Page) -> list[str]:
    """Returns where the distance to the text above came out wrong, worst first.

    A page's vertical errors add up from the top; this names where they begin.
    """
    found: list[tuple[float, str]] = []
    shifts = [_down(pair, made, original) for pair in pairs]
    for pair, shift in zip(pairs, shifts, strict=True):
        below = pair.original
        above = [
            (other.original.y + other.original.h, other.original.text, at)
            for other, at in zip(pairs, shifts, strict=True)
            if other.original.y + other.original.h <= below.y
            and min(other.original.x + other.original.w, below.x + below.w)
            > max(other.original.x, below.x)
        ]
        _, text, at = max(above, default=(0.0, "page top", 0.0))
        if abs(shift - at) >= _DRIFT_LEAST:
            y = below.y * original.height
            gap = f"gap {shift - at:+.0f} at y={y:.0f}, from {text[:_NAMED]!r}"
            found.append((abs(shift - at), f"{gap} to {below.text[:_NAMED]!r}"))
    return [line for _, line in sorted(found, reverse=True)[:_EXAMPLES]]


def _down(pair: BlockPair, made: Page, original: Page) -> float:
    a, b = pair.made, pair.original
    return (a.y + a.h / 2) * made.height - (b.y + b.h / 2) * original.height


def _largest(blocks: tuple[Block, ...]) -> list[Block]:
    return sorted(blocks, key=lambda block: -block.area)[:_EXAMPLES]


def _block(block: Block) -> str:
    return f"({block.area:.4f} of the page): {block.text[:_SHOWN]!r}"


def _moved(pair: BlockPair, made: Page, original: Page) -> str:
    a, b = pair.made, pair.original
    right = (a.x + a.w / 2) * made.width - (b.x + b.w / 2) * original.width
    down = _down(pair, made, original)
    return f"moved {right:+.0f} right, {down:+.0f} down ({pair.position:.3f}): {b.text[:_SHOWN]!r}"


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
