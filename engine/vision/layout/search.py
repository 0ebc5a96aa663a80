"""Finds fields for searching that no painted box of their own shows."""

from __future__ import annotations

import re

from structra.v1 import node_pb2

from engine.vision.layout.controls import field_item, looks_like_hint
from engine.vision.layout.item import Item
from engine.vision.layout.regions import Region
from engine.vision.percepts import Box, PictureKind, TextLine

_INVITES = re.compile(r"(search|filter|type (here|to))\b", re.IGNORECASE)
_OPEN_END = re.compile(r"(\.{2,}|…)$")
_MOST_WORDS, _LARGEST = 6, 20.0
# Boxes that a field shares with its button are this tall, in pixels.
_LEAST_HEIGHT, _MOST_HEIGHT = 20.0, 64.0
# How far before its words a lens ends at most, and how far off their middle it is, in pixels.
_BEFORE, _LEVEL = 24.0, 6.0
# How much wider than its words a field without a box is taken to be.
_WIDER = 1.25


def search_field(region: Region) -> tuple[Item, TextLine] | None:
    """Returns the field that lies in a box with a button or in a bar, and its words; else None.

    In a box of a field's height it takes all that is left of what else lies there;
    in any other box words that end in dots, or follow an icon, stand for it.
    """
    for line in region.lines:
        if not _invites(line):
            continue
        box = _shared_box(region, line)
        if box is None and (_OPEN_END.search(line.text) or _follows_lens(region, line)):
            box = Box(line.box.x, line.box.y, _WIDER * line.box.w, line.box.h)
        if box is not None:
            around = Region(box, lines=[line])
            return field_item(around, node_pb2.CONTROL_TYPE_SEARCH), line
    return None


def _invites(line: TextLine) -> bool:
    fits = len(line.text.split()) <= _MOST_WORDS and line.font_size <= _LARGEST
    return fits and bool(_INVITES.match(line.text)) and looks_like_hint(line)


def _follows_lens(region: Region, line: TextLine) -> bool:
    """Returns whether an icon stands right before words, level with them, as a lens does."""
    return any(
        icon.kind is PictureKind.ICON
        and 0 <= line.box.x - icon.box.right <= _BEFORE
        and abs(icon.box.center_y - line.box.center_y) <= _LEVEL
        for icon in region.pictures
    )


def _shared_box(region: Region, line: TextLine) -> Box | None:
    """Returns the part of a painted strip that its words begin, up to what ends the strip."""
    box = region.box
    if region.surface is None or not _LEAST_HEIGHT <= box.h <= _MOST_HEIGHT:
        return None
    others = [other.box for other in region.regions] + [icon.box for icon in region.pictures]
    after = [other for other in others if other.x >= line.box.right]
    before = [other.right for other in others if other.right <= line.box.x]
    if not after or len(region.lines) > 1 or len(after) + len(before) < len(others):
        return None
    left, right = max(before, default=box.x), min(other.x for other in after)
    return Box(left, box.y, right - left, box.h)
