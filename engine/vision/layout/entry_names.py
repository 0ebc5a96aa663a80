"""Tells the names of entries in lists from headings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, pairwise

from engine.vision.layout.entries import with_note
from engine.vision.layout.item import Arrangement, Item

# How much smaller than a heading what it heads may be at least, give or take how sizes are read.
_AS_LARGE = 0.945
# What comes before an entry's name is no taller than one line with its leading, in pixels, and no
# farther above than this, in sizes of its type.
_LOW, _NEAR = 38.0, 1.6
# How near a note stands below the name of an entry in a set at most, in sizes of the name's type,
# as no margin of a heading parts them; and how many things lie in a set at least.
_TOUCHING, _SET = 0.2, 4
# From what size on, in body sizes, a text heads something whatever stands around it.
_LARGE = 1.4


def entry_names(page: Item, body: float) -> set[int]:
    """Returns the ids of the texts that only name an entry, however bold they are.

    `body` is the page's body size in CSS pixels.
    """
    return {id(text) for text in (*_names_in_lists(page, body), *_names_in_sets(page))}


def _names_in_lists(page: Item, body: float) -> Iterator[Item]:
    """Yields the lines that are no larger than what follows and come right after another line.

    Such a line goes on with a list; a heading comes after a paragraph, a picture or a box.
    """
    for text, before, after in _within(page, None, None):
        if before is None or text.text is None or text.text.size >= _LARGE * body:
            continue
        near = text.box.y - before.box.bottom <= _NEAR * text.text.size
        if near and before.box.h <= _LOW and _leading_size(after) >= _AS_LARGE * text.text.size:
            yield text


def _names_in_sets(page: Item) -> Iterator[Item]:
    """Yields names that a note in no larger type touches, where such a pair is one of several."""
    sets = (group.children for group in page.walk() if len(group.children) >= _SET)
    for name, note in filter(None, map(with_note, chain.from_iterable(sets))):
        if name.text and note.box.y - name.box.bottom <= _TOUCHING * name.text.size:
            yield name


def _leading_size(item: Item | None) -> float:
    """Returns the size of the type that an item begins with, in CSS pixels; 0 without any."""
    first = next(iter(item.texts()), None) if item is not None else None
    return first.text.size if first is not None and first.text is not None else 0.0


def _within(
    item: Item, before: Item | None, after: Item | None
) -> Iterator[tuple[Item, Item | None, Item | None]]:
    """Yields texts with what stands before and after each in the nearest column around it."""
    if item.text is not None:
        yield item, before, after
        return
    if item.arrangement is not Arrangement.COLUMN:
        for child in item.children:
            yield from _within(child, before, after)
        return
    ends = (None, None) if item.surface is not None else (before, after)
    around = [ends[0], *item.children, ends[1]]
    for child, (above, _), (_, below) in zip(
        item.children, pairwise(around[:-1]), pairwise(around[1:]), strict=True
    ):
        yield from _within(child, above, below)
