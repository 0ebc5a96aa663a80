"""Makes one picture of a mark and the word beside it: the logo of a page's bar."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.vision.perception.lines import ReadLine
from engine.vision.percepts import Picture, PictureKind

# Logos of bars begin this far from the page's top at most, and their marks have these heights and
# are so wide at most; pixels.
_TOP, _HEIGHTS, _WIDEST = 110, (14, 72), 90
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


def join_logos(
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
        not mark.background
        and _HEIGHTS[0] <= box.h <= _HEIGHTS[1]
        and box.w <= _WIDEST
        and box.h >= _HEIGHT * size
        and -_TOUCHING <= word.ink.x - box.right <= _GAP * size
        and abs(box.center_y - word.ink.center_y) <= _OFF * size
    )
