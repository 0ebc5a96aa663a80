"""Finds form fields of which only the line below their words is drawn."""

from __future__ import annotations

from statistics import median

from structra.v1 import node_pb2

from engine.vision.layout.controls import control_type, field_item, looks_like_hint
from engine.vision.layout.item import Item
from engine.vision.layout.regions import Region
from engine.vision.percepts import Box, Rule, Surface, TextLine

_MIN_WIDTH, _MAX_HEIGHT = 90.0, 80.0
# Words of a field begin where its line does, and leave some of its length free.
_INDENT, _LONGEST = 16.0, 0.85
# How far above the line the words end at most, in lines of their type, where nothing but their
# place tells a field, and how much farther below the line before they begin: entries of a list
# stand in the middle between two lines.
_NEAR, _LOW = 1.0, 2.0
_WORDS = 5
# How much larger than the text around it the type of a field is at most; titles over a line are.
_LARGEST = 1.2
# Lone lines below words part sections; fields come in sets.
_LEAST_FIELDS = 2
_PERSONAL = {
    node_pb2.CONTROL_TYPE_EMAIL,
    node_pb2.CONTROL_TYPE_PASSWORD,
    node_pb2.CONTROL_TYPE_TEL,
}


def underlined_fields(region: Region) -> list[tuple[Item, TextLine, Rule]]:
    """Returns the underlined fields that lie directly in `region`, each with its words and line.

    Faint words on a line that runs on after them are a field when they stand right on it, or when
    they ask for what forms ask for: an address, a phone number, a password.
    """
    found = [
        (line, rule)
        for rule in region.rules
        if rule.horizontal and rule.box.w >= _MIN_WIDTH
        for line in _standing_on(rule, region)
    ]
    asked = any(control_type(line.text) in _PERSONAL for line, _ in found)
    fields = [pair for pair in found if asked or _stands_low(*pair, region)]
    if len(fields) < _LEAST_FIELDS:
        return []
    return [(_field(line, rule), line, rule) for line, rule in fields]


def _standing_on(rule: Rule, region: Region) -> list[TextLine]:
    """Returns the faint words above a line when nothing else is in their field."""
    largest = _LARGEST * median(line.font_size for line in region.lines) if region.lines else 0.0
    above = [
        line
        for line in region.lines
        if line.font_size <= largest
        and 0 <= rule.box.y - line.box.bottom <= _MAX_HEIGHT / 2
        and _fits(line, rule)
    ]
    return [
        line
        for line in above
        if not any(
            _box(line, rule).intersection(other.box) for other in region.lines if other is not line
        )
    ]


def _fits(line: TextLine, rule: Rule) -> bool:
    begins = -2 <= line.box.x - rule.box.x <= _INDENT
    short = line.box.w <= _LONGEST * rule.box.w and len(line.text.split()) <= _WORDS
    return begins and short and looks_like_hint(line)


def _stands_low(line: TextLine, rule: Rule, region: Region) -> bool:
    below = rule.box.y - line.box.bottom
    tops = [
        other.box.bottom
        for other in region.rules
        if other.box.bottom <= line.box.y and abs(other.box.x - rule.box.x) <= _INDENT
    ]
    before = line.box.y - max(tops, default=region.box.y)
    return below <= _NEAR * line.font_size and _LOW * below <= before


def _box(line: TextLine, rule: Rule) -> Box:
    """Returns the box that the words stand in the middle of and that ends with the line."""
    height = 2 * (rule.box.bottom - line.box.center_y)
    return Box(rule.box.x, rule.box.bottom - height, rule.box.w, height)


def _field(line: TextLine, rule: Rule) -> Item:
    box = _box(line, rule)
    surface = Surface(
        box,
        fill=None,
        border_color=rule.color,
        border_width=rule.box.h,
        border_sides=(False, False, True, False),
    )
    return field_item(Region(box, surface=surface, lines=[line]), control_type(line.text))
