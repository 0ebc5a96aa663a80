"""Settles which boxes are surfaces once text and pictures are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.imaging import Pixels
from engine.vision.perception.fills import shadow_of
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


def with_pictures(
    pixels: Pixels, surfaces: Sequence[Found], pictures: Sequence[Picture]
) -> list[Found]:
    """Grows cards over the pictures that lie flush against them, and the parts beyond those.

    A box below or beside a picture is but its caption without outline, round corners or a shadow
    around both; one above it heads a card.
    """
    large = [item.box for item in pictures if min(item.box.w, item.box.h) >= _CARD_PICTURE]
    result: list[Found] = []
    for item in surfaces:
        whole = item.surface.box if item.surface.full_width else _whole(item, surfaces, large)
        if whole == item.surface.box or not _is_card(pixels, item.surface, whole):
            result.append(item)
        elif all(known.surface.box != whole for known in result):
            result.append(replace(item, surface=replace(item.surface, box=whole)))
    return from_outside_in(result)


def _whole(item: Found, surfaces: Sequence[Found], pictures: Sequence[Box]) -> Box:
    box = item.surface.box
    beside = []
    for picture in pictures:
        if _flush(box, picture):
            box = box.union(picture)
            beside.append(picture)
    for other in surfaces:
        part = other.surface
        if part.fill == item.surface.fill and any(_flush(part.box, near) for near in beside):
            box = box.union(part.box)
    return box


def _is_card(pixels: Pixels, surface: Surface, whole: Box) -> bool:
    outlined = any(surface.border_sides) or surface.radius > 0 or surface.shadow is not None
    heads = surface.box.y == whole.y and surface.box.bottom < whole.bottom
    return outlined or heads or shadow_of(pixels, whole) is not None


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
