"""Takes bullets off the lines that they stand before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from structra.v1 import node_pb2

from engine.vision.layout.metrics import DEFAULT_FACES, text_width
from engine.vision.percepts import Box, Picture, PictureKind, TextLine

_SIGN = re.compile(r"^[•·▪●○◦‣∙]\s*")
# A hollow bullet is read as the letter o; one alone may be a word.
_LETTER = re.compile(r"^[oO0]\s+(?=[A-Z\[\"'])")
_HOLLOW, _SQUARE = frozenset("○◦oO0"), frozenset("▪")
_LARGEST = 11.0
_FURTHEST = 2.2


@dataclass(frozen=True, slots=True)
class Bullet:
    """What stands before an item of a list."""

    box: Box
    marker: node_pb2.ListMarker.ValueType


def strip_bullets(lines: Sequence[TextLine]) -> tuple[list[TextLine], list[Bullet]]:
    """Returns the lines without bullets that were read as text, and the bullets."""
    letters = sum(1 for line in lines if _LETTER.match(line.text))
    out: list[TextLine] = []
    found: list[Bullet] = []
    for line in lines:
        match = _SIGN.match(line.text) or (_LETTER.match(line.text) if letters >= 2 else None)
        if match is None or len(line.text) <= match.end():
            out.append(line)
            continue
        text = line.text[match.end() :]
        x = _start(line, match.group(), text)
        place = Box(line.box.x, line.box.y, max(x - line.box.x, 1.0), line.box.h)
        found.append(Bullet(place, _marker(match.group()[0])))
        box = Box(x, line.box.y, line.box.right - x, line.box.h)
        out.append(_restyled(replace(line, text=text, box=box), match.group().strip()))
    return out, found


def _marker(sign: str) -> node_pb2.ListMarker.ValueType:
    if sign in _SQUARE:
        return node_pb2.LIST_MARKER_SQUARE
    return node_pb2.LIST_MARKER_CIRCLE if sign in _HOLLOW else node_pb2.LIST_MARKER_DISC


def _start(line: TextLine, sign: str, text: str) -> float:
    """Returns where the text begins: at its own span, else by the widths of the letters."""
    for first, second in zip(line.spans, line.spans[1:], strict=False):
        if first.text.strip() == sign.strip():
            return second.box.x
        break
    face = DEFAULT_FACES[line.family]
    own = text_width(text, face, line.font_size, line.weight)
    whole = text_width(line.text, face, line.font_size, line.weight) or 1.0
    return line.box.right - line.box.w * own / whole


def _restyled(line: TextLine, sign: str) -> TextLine:
    """Returns a line with its spans but for the bullet that they begin with.

    A lone one gives the line its style.
    """
    rest = line.spans
    if rest:
        text = rest[0].text.strip().removeprefix(sign).strip()
        rest = (replace(rest[0], text=text), *rest[1:]) if text else rest[1:]
    if len(rest) != 1:
        return replace(line, spans=rest)
    own = rest[0]
    return replace(line, spans=(), color=own.color, weight=own.weight, underline=own.underline)


def drop_bullet_pictures(
    pictures: Sequence[Picture], lines: Sequence[TextLine]
) -> tuple[list[Picture], list[Bullet]]:
    """Returns the pictures without tiny dots before lines of text, and these as bullets.

    A dot counts when at least one other stands in the same column. It is a ring where its
    middle has the colour that its line stands on.
    """
    dots = [picture for picture in pictures if _is_dot(picture, lines)]
    kept, found = [], []
    for picture in pictures:
        mates = [dot for dot in dots if abs(dot.box.x - picture.box.x) <= 2 and dot is not picture]
        if picture in dots and mates:
            found.append(Bullet(picture.box, _drawn_marker(picture, lines)))
        else:
            kept.append(picture)
    return kept, found


def _is_dot(picture: Picture, lines: Sequence[TextLine]) -> bool:
    box = picture.box
    if picture.kind is not PictureKind.SHAPE or max(box.w, box.h) > _LARGEST:
        return False
    return any(_stands_before(box, line) for line in lines)


def _drawn_marker(picture: Picture, lines: Sequence[TextLine]) -> node_pb2.ListMarker.ValueType:
    hollow = any(
        _stands_before(picture.box, line) and picture.color == line.background for line in lines
    )
    return node_pb2.LIST_MARKER_CIRCLE if hollow else node_pb2.LIST_MARKER_DISC


def _stands_before(box: Box, line: TextLine) -> bool:
    return (
        0 <= line.box.x - box.right <= _FURTHEST * line.font_size
        and abs(line.box.center_y - box.center_y) <= 0.4 * line.font_size
    )
