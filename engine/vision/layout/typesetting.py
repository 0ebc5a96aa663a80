"""Sets texts in the fonts that code falls back to, about as wide as they were in the source."""

from __future__ import annotations

from collections.abc import Mapping

from structra.v1 import node_pb2

from engine.vision.layout.faces import Face
from engine.vision.layout.item import Item
from engine.vision.layout.metrics import Setting
from engine.vision.layout.typeface import Typeface, letter_spacing
from engine.vision.percepts import Family

_SPACING_NOISE = 0.004
_REGULAR, _BOLD = 400, 600


def set_texts(page: Item, typefaces: Mapping[Family, Typeface]) -> None:
    """Sets the tracking and weight of every text; the sizes of `page` must be known.

    How each is set is noted, so that layout can tell how wide it will run.
    """
    _set_letter_spacing(page, typefaces)
    _set_weights(page, typefaces)
    for item in page.walk():
        if item.text is not None:
            type_ = item.node.style.typography
            face = typefaces[item.text.family].face
            item.setting = Setting(face, type_.size.px, type_.weight, type_.letter_spacing)


def _set_letter_spacing(page: Item, typefaces: Mapping[Family, Typeface]) -> None:
    """Tracks every text so that the fall-back font runs as wide as the source's.

    Texts of one size and weight share a value, since they are set in one font.
    """
    groups: dict[tuple[Family, float, bool], list[Item]] = {}
    for item in page.walk():
        if item.text is None:
            continue
        size = item.node.style.typography.size.px
        groups.setdefault((item.text.family, size, item.text.weight >= _BOLD), []).append(item)
    for (family, size, _), items in groups.items():
        lines = [line for item in items if item.text for line in item.text.lines]
        spacing = letter_spacing(lines, typefaces[family].face, size)
        if abs(spacing) <= _SPACING_NOISE:
            continue
        for item in items:
            if item.kind != node_pb2.NODE_KIND_INPUT:
                item.node.style.typography.letter_spacing = spacing


def _set_weights(page: Item, typefaces: Mapping[Family, Typeface]) -> None:
    """Sets light text in the regular weight where the fall-back's light one runs narrower."""
    for item in page.texts():
        typography = item.node.style.typography
        if item.text is None or typefaces[item.text.family].face is not Face.VERDANA:
            continue
        if typography.weight and typography.weight < _REGULAR:
            typography.weight = _REGULAR
