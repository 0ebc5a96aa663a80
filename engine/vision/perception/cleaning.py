"""Settles which boxes are surfaces once text and pictures are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.vision.perception.surfaces import Found, from_outside_in
from engine.vision.percepts import Box, Picture, Surface

# Boxes with no side above this that hold no text are strokes, dots and holes of icons.
_TINY = 26
# A box within a line of text is part of a letter if it takes less of the line than this.
_LETTER_SHARE = 0.6
# Pictures at least this large can be part of a card.
_CARD_PICTURE = 60
_FLUSH = 3


def visible_surfaces(candidates: Sequence[Found], text: Sequence[Box]) -> list[Found]:
    """Returns the candidates that are surfaces, not parts of letters or icons."""
    return [item for item in candidates if not _is_part(item.surface.box, text)]


def _is_part(box: Box, text: Sequence[Box]) -> bool:
    inside_letter = any(
        line.contains(box, 1) and box.w < min(2 * line.h, _LETTER_SHARE * line.w) for line in text
    )
    if inside_letter:
        return True
    if max(box.w, box.h) > _TINY:
        return False
    return not any(box.contains(line, 1) for line in text)


def outside_pictures(
    surfaces: Sequence[Found], pictures: Sequence[Picture], text: Sequence[Box]
) -> list[Found]:
    """Leaves out flat patches of photos: boxes in a picture that hold no text."""
    return [
        item
        for item in surfaces
        if not any(
            picture.box.contains(item.surface.box, 1)
            and picture.box.area > 1.3 * item.surface.box.area
            for picture in pictures
        )
        or any(item.surface.box.contains(line, 1) for line in text)
    ]


def with_pictures(surfaces: Sequence[Found], pictures: Sequence[Picture]) -> list[Found]:
    """Grows cards over the pictures that lie flush against them."""
    result = []
    for item in surfaces:
        box = item.surface.box
        if not item.surface.full_width:
            for picture in pictures:
                if min(picture.box.w, picture.box.h) >= _CARD_PICTURE and _flush(box, picture.box):
                    box = box.union(picture.box)
        grown = (
            item
            if box == item.surface.box
            else replace(item, surface=replace(item.surface, box=box))
        )
        result.append(grown)
    return from_outside_in(result)


def without_sections(surfaces: Sequence[Found]) -> list[Found]:
    """Leaves out parts of a card that are painted as the card and bounded by its own sides."""
    return [
        item
        for index, item in enumerate(surfaces)
        if not any(_is_section(item.surface, other.surface) for other in surfaces[:index])
    ]


def _is_section(part: Surface, whole: Surface) -> bool:
    if part.fill != whole.fill or not whole.box.contains(part.box, _FLUSH):
        return False
    shared = (
        abs(part.box.x - whole.box.x),
        abs(part.box.y - whole.box.y),
        abs(part.box.right - whole.box.right),
        abs(part.box.bottom - whole.box.bottom),
    )
    return sum(gap <= _FLUSH for gap in shared) >= 3


def _flush(card: Box, picture: Box) -> bool:
    same_columns = abs(card.x - picture.x) <= _FLUSH and abs(card.right - picture.right) <= _FLUSH
    same_rows = abs(card.y - picture.y) <= _FLUSH and abs(card.bottom - picture.bottom) <= _FLUSH
    if same_columns:
        return -_FLUSH <= picture.y - card.bottom <= _FLUSH or (
            -_FLUSH <= card.y - picture.bottom <= _FLUSH
        )
    if same_rows:
        return -_FLUSH <= picture.x - card.right <= _FLUSH or (
            -_FLUSH <= card.x - picture.right <= _FLUSH
        )
    return False
