"""Leaves out what remains of text that was not read: signs, asterisks, lines drawn in code."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.percepts import Box, Family, Picture, TextLine

# Over the font size. A sign follows its word without a space.
_TOUCHING, _SIGN_WIDTH, _SIGN_HEIGHT = 0.2, 0.5, 0.85
# Narrow ones, as brackets and the hook of a "j", are as high as the line.
_NARROW, _LINE_HEIGHT = 0.35, 1.2
# What hangs from the letters of a line: how far from its baseline it begins at
# most, and its size.
_HANGING, _TAIL_HEIGHT, _TAIL_WIDTH = 0.35, 0.4, 1.2
# Signs in code are at most this large, in pixels, and near the rest.
_CODE_SIGN, _CODE_NEAR = 36, 40
# A sign in a line of code of its own, or beside one: how wide and high it is at most, and how far
# its middle is from that of a line of code, over that line's font size; pixels beside the line.
_GLYPH, _CODE_LINES, _BESIDE_CODE = (0.62, 1.3), 2.2, 40
# Asterisks and dots that hide digits; the stars of a rating are larger.
_LEAST_HIDDEN, _HIDING, _HIDING_GAP, _LEAST_HIDING = 0.15, 0.55, 1.6, 3
_LIKE = 90
# In pixels; and how many words there must be.
_CUT_HEIGHT, _LEAST_CUT = 20, 3
# The sides of a letter's top; two of them are enough.
_CUT_LETTER, _LEAST_LETTERS = 16, 2


def without_remnants(
    pictures: Sequence[Picture], lines: Sequence[TextLine], code: Sequence[Box]
) -> list[Picture]:
    """Returns the pictures that are no pieces of text; `code` bounds the text of code panels."""
    mono = [line for line in lines if line.family is Family.MONO]
    kept = [
        picture
        for picture in pictures
        if not any(_is_sign(picture, line) or _is_tail(picture, line) for line in lines)
        and not any(_is_glyph(picture.box, line) for line in mono)
        and not any(_is_in_code(picture.box, area) for area in code)
    ]
    hidden = [box for line in lines for box in _hidden(kept, line)]
    return [picture for picture in kept if picture.box not in hidden]


def without_cut_text(pictures: Sequence[Picture], height: int) -> list[Picture]:
    """Leaves out the tops of a line of text that the end of the page cuts through."""
    rows: dict[int, list[Box]] = {}
    for picture in pictures:
        if picture.box.bottom >= height - 1 and picture.box.h <= _CUT_HEIGHT:
            rows.setdefault(round(picture.box.h / 4), []).append(picture.box)
    cut = [box for row in rows.values() if len(row) >= _least_cut(row) for box in row]
    return [picture for picture in pictures if picture.box not in cut]


def _least_cut(row: Sequence[Box]) -> int:
    letters = all(max(box.w, box.h) <= _CUT_LETTER for box in row)
    return _LEAST_LETTERS if letters else _LEAST_CUT


def _gap(box: Box, line: TextLine) -> float:
    return max(line.box.x - box.right, box.x - line.box.right)


def _on_line(box: Box, line: TextLine) -> bool:
    return line.box.y - 1 <= box.center_y <= line.box.bottom + 1


def _is_sign(picture: Picture, line: TextLine) -> bool:
    box, size = picture.box, line.font_size
    highest = _LINE_HEIGHT if box.w <= _NARROW * size else _SIGN_HEIGHT
    return (
        _on_line(box, line)
        and -1 <= _gap(box, line) <= _TOUCHING * size
        and box.w <= _SIGN_WIDTH * size
        and box.h <= highest * size
        and _same_ink(picture, line)
    )


def _is_tail(picture: Picture, line: TextLine) -> bool:
    """Whether a picture is a comma, or what a letter has below the line, in the line's ink."""
    box, size = picture.box, line.font_size
    return (
        line.box.x - 1 <= box.x
        and box.right <= line.box.right + 1
        and abs(box.y - line.baseline) <= _HANGING * size
        and box.h <= _TAIL_HEIGHT * size
        and box.w <= _TAIL_WIDTH * size
        and _same_ink(picture, line)
    )


def _is_in_code(box: Box, area: Box) -> bool:
    return max(box.w, box.h) <= _CODE_SIGN and area.contains(box, _CODE_NEAR)


def _is_glyph(box: Box, line: TextLine) -> bool:
    """Whether a box is as large as a sign of a line of code, and stands in it or next to it."""
    width, height = (share * line.font_size for share in _GLYPH)
    return (
        box.w <= width
        and box.h <= height
        and abs(line.box.center_y - box.center_y) <= _CODE_LINES * line.font_size
        and line.box.x - _BESIDE_CODE <= box.center_x <= line.box.right + _BESIDE_CODE
    )


def _same_ink(picture: Picture, line: TextLine) -> bool:
    """Whether the picture is painted in the line's ink, or thinly on the line's ground."""
    color = bgr_of(picture.color)
    return min(distance(color, bgr_of(line.color)), distance(color, bgr_of(line.background))) <= (
        _LIKE
    )


def _hidden(pictures: Sequence[Picture], line: TextLine) -> list[Box]:
    """The like small signs that follow each other up to a line's end."""
    size = line.font_size
    small = [
        picture.box
        for picture in pictures
        if _LEAST_HIDDEN * size <= max(picture.box.w, picture.box.h) <= _HIDING * size
        and _on_line(picture.box, line)
        and _same_ink(picture, line)
    ]
    found: list[Box] = []
    low, high = line.box.x, line.box.right
    for box in sorted(small, key=lambda b: max(line.box.x - b.right, b.x - line.box.right)):
        if -1 <= max(low - box.right, box.x - high) <= _HIDING_GAP * size:
            found.append(box)
            low, high = min(low, box.x), max(high, box.right)
    alike = {round(box.w) // 3 for box in found}
    return found if len(found) >= _LEAST_HIDING and len(alike) <= 2 else []
