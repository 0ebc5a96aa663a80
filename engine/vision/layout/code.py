"""Recognises preformatted code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.item import Item
from engine.vision.layout.leaves import text_item
from engine.vision.layout.regions import Region
from engine.vision.percepts import Family, TextLine

# The share of letters that are monospaced: in any code, and after a prompt, where coloured
# words are easily taken for those of another font.
_MOST, _SOME = 0.8, 0.3
_PROMPT = re.compile(r"(>>>|\$|%) ")
# The advance of common monospaced fonts, in em.
_ADVANCE = 0.602
_ROW = 0.5


def is_code(region: Region) -> bool:
    """Returns whether a painted box holds nothing but lines of code."""
    if region.surface is None or region.surface.full_width or region.regions or region.pictures:
        return False
    letters = sum(len(line.text) for line in region.lines)
    mono = sum(len(line.text) for line in region.lines if line.family is Family.MONO)
    prompted = any(_PROMPT.match(line.text) for line in region.lines)
    return len(region.lines) >= 2 and mono >= (_SOME if prompted else _MOST) * letters


def code_item(lines: Sequence[TextLine]) -> Item:
    """Returns one text that keeps its line breaks and indentation."""
    rows = _rows([replace(line, family=Family.MONO) for line in lines])
    left = min(row[0].box.x for row in rows)
    block = TextBlock([_joined(row) for row in rows], frozenset(range(len(rows) - 1)))
    item = text_item(block)
    item.node.role = node_pb2.SEMANTIC_ROLE_CODE_BLOCK
    del item.node.runs[:]
    size = block.size or 1.0
    item.node.text = "\n".join(
        " " * round((row[0].box.x - left) / (_ADVANCE * size)) + line.text
        for row, line in zip(rows, block.lines, strict=True)
    )
    return item


def _rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Returns the lines in rows from top to bottom, each from left to right."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda entry: entry.baseline):
        if rows and abs(rows[-1][0].baseline - line.baseline) <= _ROW * line.font_size:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda entry: entry.box.x) for row in rows]


def _joined(row: list[TextLine]) -> TextLine:
    first = row[0]
    if len(row) == 1:
        return first
    box = first.box
    for line in row[1:]:
        box = box.union(line.box)
    return TextLine(
        text=" ".join(line.text for line in row),
        box=box,
        baseline=first.baseline,
        font_size=first.font_size,
        weight=first.weight,
        family=first.family,
        color=first.color,
        background=first.background,
        confidence=min(line.confidence for line in row),
    )
