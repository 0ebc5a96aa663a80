"""Says in words what a page lost, largest first."""

from __future__ import annotations

from engine.fidelity.color import Rgb
from engine.fidelity.design2code import Block, BlockPair, Design2CodeScore
from engine.fidelity.measured import Page
from engine.fidelity.words import WordScore

_EXAMPLES = 10
_SHOWN = 60


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


def _largest(blocks: tuple[Block, ...]) -> list[Block]:
    return sorted(blocks, key=lambda block: -block.area)[:_EXAMPLES]


def _block(block: Block) -> str:
    return f"({block.area:.4f} of the page): {block.text[:_SHOWN]!r}"


def _moved(pair: BlockPair, made: Page, original: Page) -> str:
    a, b = pair.made, pair.original
    right = (a.x + a.w / 2) * made.width - (b.x + b.w / 2) * original.width
    down = (a.y + a.h / 2) * made.height - (b.y + b.h / 2) * original.height
    return f"moved {right:+.0f} right, {down:+.0f} down ({pair.position:.3f}): {b.text[:_SHOWN]!r}"


def _hex(color: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
