"""Settles which boxes are surfaces once text and pictures are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture

# Boxes with no side above this that hold no text are strokes, dots and holes of icons.
_TINY = 26
# Pictures at least this large can be part of a card.
_CARD_PICTURE = 60
_FLUSH = 3


def visible_surfaces(candidates: Sequence[Found], text: Sequence[Box]) -> list[Found]:
    """Returns the candidates that are surfaces, not parts of letters or icons."""
    return [item for item in candidates if not _is_part(item.surface.box, text)]


def _is_part(box: Box, text: Sequence[Box]) -> bool:
    inside_letter = any(
        line.contains(box, 1) and box.h < 0.95 * line.h and box.w < 2 * line.h for line in text
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
    return sorted(
        result, key=lambda item: (-item.surface.box.area, item.surface.box.y, item.labels)
    )


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
