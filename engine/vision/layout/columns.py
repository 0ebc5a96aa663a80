"""Recognises columns and rows by what heads them, where empty stripes alone mislead."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from structra.v1 import node_pb2

from engine.vision.layout.item import Item, union
from engine.vision.layout.spacing import near, split

_SMALL = 40.0
_SLACK = 6.0
_GUTTER = 8.0
_HEAVY = 600
# How many titles begin columns that rows above do not share at least.
_LEAST_HEADS = 3
_LARGER = 1.08
# Of so many titles, the weight of one may be misread.
_MISREAD = 3
_ALIKE = 0.06
# How far apart the rows of even columns are at most, and how even their pitch is.
_CLOSE, _EVEN = 24.0, 0.04

_MARKS = {node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_SHAPE}


def marked_rows(rows: Sequence[Sequence[Item]], columns: Sequence[Sequence[Item]]) -> bool:
    """Returns whether rows begin with a small mark each, such as an icon, and go on with text."""
    first = columns[0]
    marks = all(_is_mark(item) and max(item.box.h, item.box.w) <= _SMALL for item in first)
    if not marks or len(first) < 2 or len(first) != len(rows):
        return False
    return all(any(item.text is not None for item in row) for row in rows)


def _is_mark(item: Item) -> bool:
    """Returns whether an item is a picture or mark, maybe in a painted box of its own."""
    if item.boxed and len(item.children) == 1:
        return _is_mark(item.children[0])
    return item.kind in _MARKS or item.mark is not None


def headed_columns(rows: Sequence[Sequence[Item]]) -> tuple[int, list[list[Item]]]:
    """Returns how many of `rows` stand in columns that the first row's titles head, and these.

    A column reaches from its title to the next, or, where titles are centred at an even
    pitch, half way to the next; (0, []) when the first row is none of titles.
    """
    heads = sorted(rows[0], key=lambda item: item.box.x)
    if len(heads) < 2 or len(rows) < 2 or not _are_titles(heads, rows[1]):
        return 0, []
    length, columns = _below_heads(rows, heads, [head.box.x for head in heads])
    centres = [head.box.center_x for head in heads]
    pitches = [after - before for before, after in pairwise(centres)]
    if not length and len(heads) > 2 and near(pitches, _EVEN * median(pitches)):
        half = median(pitches) / 2
        return _below_heads(rows, heads, [centre - half for centre in centres])
    return length, columns


def _below_heads(
    rows: Sequence[Sequence[Item]], heads: Sequence[Item], starts: Sequence[float]
) -> tuple[int, list[list[Item]]]:
    """Returns how many rows stand in the columns that begin at `starts`, and these."""
    columns: list[list[Item]] = [[item] for item in heads]
    end = 1
    for row in rows[1:]:
        places = [_column(item, starts) for item in row]
        if any(place is None for place in places):
            break
        for item, place in zip(row, places, strict=True):
            columns[place or 0].append(item)
        end += 1
    if any(len(column) < 2 for column in columns):
        return 0, []
    return end, columns


def next_heads(rows: Sequence[Sequence[Item]], start: int) -> int:
    """Returns where columns begin that rows from `start` on do not share.

    At least three titles head them, or labels with a field below each. The number of rows
    when they begin nowhere.
    """
    for at in range(start + 1, len(rows)):
        _, columns = headed_columns(rows[at:])
        starts = [column[0].box.x for column in columns]
        if len(starts) < _LEAST_HEADS:
            starts = _labels(rows[at:])
        above = (item for row in rows[start:at] for item in row)
        if starts and any(_column(item, starts) is None for item in above):
            return at
    return len(rows)


def _labels(rows: Sequence[Sequence[Item]]) -> list[float]:
    """Returns where labels begin that stand side by side, with a field below each; else []."""
    if len(rows) < 2 or len(rows[0]) != len(rows[1]) or len(rows[0]) < 2:
        return []
    heads = sorted(rows[0], key=lambda item: item.box.x)
    fields = sorted(rows[1], key=lambda item: item.box.x)
    labels = all(item.text is not None and item.surface is None for item in heads)
    inputs = all(item.kind == node_pb2.NODE_KIND_INPUT for item in fields)
    offsets = [abs(head.box.x - field.box.x) for head, field in zip(heads, fields, strict=True)]
    return [head.box.x for head in heads] if labels and inputs and max(offsets) <= _SLACK else []


def _column(item: Item, starts: Sequence[float]) -> int | None:
    for number, start in enumerate(starts):
        limit = starts[number + 1] - _GUTTER if number + 1 < len(starts) else float("inf")
        if start - _SLACK <= item.box.x and item.box.right <= limit:
            return number
    return None


def _are_titles(heads: Sequence[Item], below: Sequence[Item]) -> bool:
    """Returns whether all are one-line texts of one look that the texts below do not share."""
    blocks = [item.text for item in heads if item.text is not None and item.surface is None]
    if len(blocks) < len(heads) or any(len(block.lines) > 1 for block in blocks):
        return False
    size = blocks[0].size
    weight = median(block.weight for block in blocks)
    if any(abs(block.size - size) > _ALIKE * size for block in blocks):
        return False
    heavy = sum(block.weight >= _HEAVY for block in blocks)
    if min(heavy, len(blocks) - heavy) > len(blocks) // _MISREAD:
        return False
    texts = [text.text for item in below for text in item.texts() if text.text is not None]
    if not texts:
        return False
    return all(
        size >= _LARGER * text.size or (weight >= _HEAVY > text.weight and size >= 0.9 * text.size)
        for text in texts
    )


def even_columns(rows: Sequence[Sequence[Item]]) -> tuple[int, list[list[Item]]]:
    """Returns how many of `rows` make up columns at an even pitch, and these.

    Every row has something in every column, and rows follow each other closely;
    a row may have several things side by side in one column.
    """
    best: tuple[int, list[list[Item]]] = (0, [])
    items: list[Item] = []
    for number, row in enumerate(rows, start=1):
        if items and min(i.box.y for i in row) - max(i.box.bottom for i in items) > _CLOSE:
            break
        items += row
        columns = split(items, horizontal=False, slack=-_GUTTER)
        if len(columns) < 3:
            break
        full = all(any(i in column for i in line) for line in rows[:number] for column in columns)
        boxes = [union(item.box for item in column) for column in columns]
        pitches = [after.center_x - before.center_x for before, after in pairwise(boxes)]
        if number > 1 and full and near(pitches, _EVEN * median(pitches)):
            best = number, columns
    return best
