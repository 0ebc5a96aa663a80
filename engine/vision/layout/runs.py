"""Tells which stretches of running text are links."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.color import contrast, distance, saturation
from engine.vision.layout.entries import CHROMATIC, CODE, NOTICE, NUMBER, OWNED, REMARK
from engine.vision.layout.item import Item
from engine.vision.percepts import Family

_SAME = 48.0
# Greys that differ by less are one colour, read off thinner or thicker ink.
_GREY_STEP = 100.0
_SHORT = 4
_LEAST_LETTERS = 3
_PLAIN_WORDS = 3
_BOLDER = 150
_SEPARATOR = re.compile(r"(\s+[·|•/–]\s+)")
# What comes before the author or the category of an entry.
_LEADING = re.compile(r"\b(by|in)$", re.IGNORECASE)
_SIGN = re.compile(r"^\W{1,3}$")


def mark_runs(item: Item, accents: Sequence[str], *, in_footer: bool) -> None:
    """Marks the runs of a text that are links: underlined, in an accent, or set apart by colour."""
    if item.text is None or item.text.family is Family.MONO or CODE.search(item.node.text):
        return
    if in_footer and not item.node.runs:
        part_entries(item)
    runs = [run for run in item.node.runs if not run.code]
    if not runs:
        return
    colors = [_color(run, item) for run in runs]
    plain = _plain_color(runs, colors)
    separated = _separated(runs, least=1 if in_footer and not OWNED.search(item.node.text) else 2)
    for number, (run, color) in enumerate(zip(runs, colors, strict=True)):
        text = run.text.strip()
        if sum(character.isalpha() for character in text) < _LEAST_LETTERS:
            continue
        if REMARK.match(text) and not run.underline:
            continue
        own = distance(color, plain) > _SAME
        accent = saturation(color) >= CHROMATIC and any(
            distance(color, a) <= _SAME for a in accents
        )
        leading = runs[number - 1].text.strip() if number else ""
        names = bool(_LEADING.search(leading))
        apart = own and _set_apart(run, color, plain, runs, item, names=names)
        entry = separated and text[0].isalnum() and not NOTICE.search(text)
        if run.underline or (accent and own) or apart or entry:
            run.link = True


def _color(run: node_pb2.TextRun, item: Item) -> str:
    return run.color.value if run.HasField("color") else item.node.style.color.value


def _plain_color(runs: Sequence[node_pb2.TextRun], colors: Sequence[str]) -> str:
    """Returns the colour that most words are set in that are not underlined.

    Beside grey words those in another colour stand out, however many they are.
    """
    words: Counter[str] = Counter()
    for run, color in zip(runs, colors, strict=True):
        words[color] += 0 if run.underline else len(run.text.split())
    greys = [color for color in words if words[color] and saturation(color) < CHROMATIC]
    return max(greys or words, key=words.__getitem__)


def _separated(runs: Sequence[node_pb2.TextRun], least: int) -> bool:
    """Returns whether runs are short entries with `least` signs such as "·" between them."""
    signs = sum(bool(_SIGN.match(run.text.strip())) for run in runs)
    short = all(len(run.text.split()) <= _SHORT for run in runs)
    return signs >= least and short


def _set_apart(
    run: node_pb2.TextRun,
    color: str,
    plain: str,
    runs: Sequence[node_pb2.TextRun],
    item: Item,
    *,
    names: bool,
) -> bool:
    """Returns whether colour alone tells a run from the prose around it.

    Bold in another grey is emphasis, what ends in a colon names what follows, and a lone sign
    or a mark is decoration. Prose has some words, unless the run `names` an author or category.
    """
    if run.text.rstrip().endswith(":"):
        return False
    prose = sum(len(other.text.split()) for other in runs) - len(run.text.split())
    bolder = run.font_weight and run.font_weight >= item.node.style.typography.weight + _BOLDER
    chromatic = saturation(color) >= CHROMATIC
    ground = item.text.first.background if item.text is not None else "#ffffff"
    stronger = contrast(color, ground) > contrast(plain, ground)
    clear = chromatic or (stronger and distance(color, plain) > _GREY_STEP)
    return (names or prose >= _PLAIN_WORDS) and clear and not (bolder and not chromatic)


def part_entries(item: Item) -> None:
    """Makes runs of the parts of a footer line that signs such as "·" separate."""
    parts = _SEPARATOR.split(item.node.text)
    if len(parts) < 3 or any(len(part.split()) > _SHORT for part in parts):
        return
    for part in parts:
        plain = _SEPARATOR.fullmatch(part) or NOTICE.search(part) or NUMBER.match(part)
        item.node.runs.add(text=part, link=not plain)


def link_spans(node: node_pb2.Node, spans: Sequence[tuple[int, int]]) -> None:
    """Makes links of the parts of a text from one index to another; each keeps its look."""
    text = node.text
    seen: list[tuple[int, node_pb2.TextRun]] = []
    for run in node.runs or [node_pb2.TextRun(text=text)]:
        start = seen[-1][0] + len(seen[-1][1].text) if seen else 0
        seen.append((start, run))
    runs: list[node_pb2.TextRun] = []
    for start, run in seen:
        stop = start + len(run.text)
        cuts = sorted({start, stop, *(cut for span in spans for cut in span if start < cut < stop)})
        for first, last in pairwise(cuts):
            part = node_pb2.TextRun()
            part.CopyFrom(run)
            part.text = text[first:last]
            part.break_after = run.break_after and last == stop
            part.link = run.link or any(low <= first and last <= high for low, high in spans)
            runs.append(part)
    del node.runs[:]
    node.runs.extend(runs)
