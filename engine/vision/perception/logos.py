"""Makes pictures of marks and the words beside them: the logo of a bar, and rows of logos."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.lines import ReadLine
from engine.vision.percepts import Box, Picture, PictureKind

# Logos of bars begin this far from the page's top at most, and marks are so wide at most; pixels.
_TOP, _WIDEST = 110, 90
# A name set in the page's own type, as frameworks' styles do, is up to a quarter larger than its
# text (Bootstrap's navbar-brand: 20 of 16 pixels); lettering is larger, and has this size at least.
_LARGER, _LEAST_SIZE = 1.3, 19
# Over the size of the lettering: how far it stands from the mark, how far the middles of both are
# apart, and how high the mark is at least.
_GAP, _OFF, _HEIGHT = 0.7, 0.3, 0.66
# Soft edges may overlap by as much, in pixels.
_TOUCHING = 2
# What stands on the same line is no farther from its middle, in pixels.
_BESIDE = 20
# Rows of logos: so many at least, their least size in pixels, the largest over the smallest, since
# each is in its own type, how far apart their middles are over the size, and how far their colours
# are apart, in levels.
_ROW, _LEAST_IN_ROW, _UNLIKE, _IN_ROW, _SAME_INK = 4, 18, 1.15, 0.4, 24


def join_logos(
    pictures: Sequence[Picture], read: Sequence[ReadLine]
) -> tuple[list[Picture], list[ReadLine]]:
    """Returns the pictures and the lines; marks and the lettering beside them are one."""
    kept, lines = _join_first(pictures, read)
    for row in _rows(lines):
        logos = [_logo(item, kept) for item in row]
        kept = [item for item in kept if not any(logo.box.contains(item.box, 1) for logo in logos)]
        kept += logos
        lines = [item for item in lines if item not in row]
    return kept, lines


def _rows(read: Sequence[ReadLine]) -> list[list[ReadLine]]:
    """Returns the rows of names in one colour whose types differ: logos of customers."""
    names = [
        item
        for item in read
        if item.line.font_size >= _LEAST_IN_ROW
        and not any(char.isdigit() for char in item.line.text)
    ]
    rows: list[list[ReadLine]] = []
    for first in names:
        row = [item for item in names if _are_in_row(first, item)]
        sizes = [item.line.font_size for item in row]
        taken = any(item in other for other in rows for item in row)
        if not taken and len(row) >= _ROW and max(sizes) >= _UNLIKE * min(sizes) and _apart(row):
            rows.append(row)
    return rows


def _are_in_row(first: ReadLine, item: ReadLine) -> bool:
    off = abs(first.ink.center_y - item.ink.center_y)
    inks = distance(bgr_of(first.line.color), bgr_of(item.line.color))
    return off <= _IN_ROW * first.line.font_size and inks <= _SAME_INK


def _apart(row: Sequence[ReadLine]) -> bool:
    inks = sorted((item.ink for item in row), key=lambda ink: ink.x)
    return all(second.x - first.right >= _LEAST_IN_ROW for first, second in pairwise(inks))


def _logo(item: ReadLine, pictures: Sequence[Picture]) -> Picture:
    box = item.ink
    for mark in pictures:
        if mark.box.w <= _WIDEST and _is_beside(mark.box, item):
            box = box.union(mark.box)
    return Picture(box, PictureKind.LOGO, item.line.color)


def _is_beside(mark: Box, item: ReadLine) -> bool:
    gap = max(item.ink.x - mark.right, mark.x - item.ink.right)
    overlap = min(mark.bottom, item.ink.bottom) - max(mark.y, item.ink.y)
    return gap <= _GAP * item.line.font_size and overlap > 0


def _join_first(
    pictures: Sequence[Picture], read: Sequence[ReadLine]
) -> tuple[list[Picture], list[ReadLine]]:
    """Returns the pictures and the lines; the first mark of a bar and its lettering are one.

    Lettering is a single word, larger than the page's text, that nothing precedes but the mark.
    """
    sizes = [item.line.font_size for item in read for _ in item.line.text]
    if not sizes:
        return list(pictures), list(read)
    least = max(_LARGER * float(np.median(sizes)), _LEAST_SIZE)
    words = [item for item in read if _is_lettering(item, read, least)]
    for mark in pictures:
        word = next((item for item in words if _belongs_to(mark, item)), None)
        if word is None:
            continue
        logo = Picture(mark.box.union(word.ink), PictureKind.LOGO, mark.color)
        others = [item for item in pictures if not logo.box.contains(item.box, 1)]
        return [*others, logo], [item for item in read if item is not word]
    return list(pictures), list(read)


def _is_lettering(item: ReadLine, read: Sequence[ReadLine], least: float) -> bool:
    box = item.ink
    return (
        box.y <= _TOP
        and item.line.font_size >= least
        and len(item.line.text.split()) == 1
        and not any(
            other.ink.right <= box.x and abs(other.ink.center_y - box.center_y) <= _BESIDE
            for other in read
        )
    )


def _belongs_to(mark: Picture, word: ReadLine) -> bool:
    box, size = mark.box, word.line.font_size
    return (
        box.w <= _WIDEST
        and box.h >= _HEIGHT * size
        and -_TOUCHING <= word.ink.x - box.right <= _GAP * size
        and abs(box.center_y - word.ink.center_y) <= _OFF * size
    )
