"""Recognises buttons, badges and form fields among the painted boxes."""

from __future__ import annotations

import re

from structra.v1 import node_pb2

from engine.vision.color import contrast, distance, luminance, saturation
from engine.vision.layout.badges import is_tag, pill_kind
from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.item import Item, union
from engine.vision.layout.leaves import (
    bounds,
    fill_text_style,
    paint,
    picture_item,
)
from engine.vision.layout.regions import Region
from engine.vision.percepts import Box, Family, Mark, Picture, PictureKind, Surface, TextLine

_MAX_HEIGHT = 84.0
_MIN_HEIGHT = 14.0
_MAX_BUTTON_WIDTH = 640.0
_FIELD_MIN_WIDTH, _FIELD_MIN_HEIGHT = 90.0, 20.0
# The tallest field without a border; taller boxes are cells and bars.
_PLAIN_FIELD = 60.0
# From what saturation on words are coloured, and how little one colour varies.
_COLOURFUL, _SAME_COLOR = 0.3, 40.0
# How much of the width of a painted box around it a strip across all of it takes.
_WHOLE = 0.97
_MAX_LABEL = 40
# The shape of a disc: its radius at least and its width at most, as shares of its height.
_DISC_RADIUS, _DISC_WIDTH = 0.4, 1.2
# How tall a button is at most, in lines of its type: one that is wider than tall, and any other.
_TALL, _SQUARE, _WIDE = 4.9, 3.9, 1.5
# How many lines above and below a painted box its words line up with in a list, and how exactly.
_LIST_LINES, _LINED_UP = 3, 3.0
# What a field for searching says, however much of its width that takes.
_SEARCH = re.compile(r"(search|filter)\b", re.IGNORECASE)
_CONTROL_TYPES = (
    (re.compile(r"e-?mail|@", re.IGNORECASE), node_pb2.CONTROL_TYPE_EMAIL),
    (re.compile(r"passw|^[•·*●.]{4,}$", re.IGNORECASE), node_pb2.CONTROL_TYPE_PASSWORD),
    (re.compile(r"search|find", re.IGNORECASE), node_pb2.CONTROL_TYPE_SEARCH),
    (re.compile(r"phone|mobile|^tel", re.IGNORECASE), node_pb2.CONTROL_TYPE_TEL),
    (re.compile(r"url|website", re.IGNORECASE), node_pb2.CONTROL_TYPE_URL),
    (re.compile(r"choose file|browse", re.IGNORECASE), node_pb2.CONTROL_TYPE_FILE),
    (re.compile(r"^date|mm/dd|dd/mm|birthday", re.IGNORECASE), node_pb2.CONTROL_TYPE_DATE),
)


def control_type(text: str) -> node_pb2.ControlType.ValueType:
    """Returns the ControlType that a label or placeholder hints at; plain text by default."""
    for pattern, kind in _CONTROL_TYPES:
        if pattern.search(text):
            return kind
    return node_pb2.CONTROL_TYPE_TEXT


def control_item(region: Region, parent: Region) -> Item | None:
    """Returns the control that `region` is, or None when it is an ordinary container."""
    surface, box = region.surface, region.box
    if surface is None or region.regions or region.picture or surface.full_width:
        return None
    if any(mark.mark is not Mark.SELECT_ARROW for mark in region.marks):
        return None
    if any(picture.kind is not PictureKind.ICON for picture in region.pictures):
        return None
    if _is_textarea(region):
        return field_item(region, node_pb2.CONTROL_TYPE_TEXTAREA)
    if not _MIN_HEIGHT <= box.h <= _MAX_HEIGHT:
        return None
    lines = sorted(region.lines, key=lambda line: line.box.x)
    if len({round(line.box.center_y / 6) for line in lines}) > 1 or len(region.pictures) > 2:
        return None
    if any(mark.mark is Mark.SELECT_ARROW for mark in region.marks):
        return field_item(region, node_pb2.CONTROL_TYPE_SELECT)
    if _is_field(region, parent, lines):
        return field_item(region, control_type(lines[0].text if lines else ""))
    if lines and _is_button(region, lines):
        return _pill(region, lines, parent)
    return None


def _is_textarea(region: Region) -> bool:
    surface, box = region.surface, region.box
    if surface is None or not surface.border_color or not all(surface.border_sides):
        return False
    if not (56 <= box.h <= 260 and box.w >= 180 and box.w > 1.3 * box.h):
        return False
    if region.pictures or region.rules or len(region.lines) > 1 or surface.shadow:
        return False
    if not region.lines:
        return box.h < 160 and luminance(surface.fill or "#ffffff") > 0.75
    line = region.lines[0]
    return line.box.y - box.y < 0.3 * box.h and looks_like_hint(line)


def looks_like_hint(line: TextLine) -> bool:
    """Returns whether a line is as faint as the words in an empty field."""
    return contrast(line.color, line.background) < 9 and line.weight < 600


def _is_field(region: Region, parent: Region, lines: list[TextLine]) -> bool:
    surface, box = region.surface, region.box
    if (
        surface is None
        or box.w < _FIELD_MIN_WIDTH
        or box.h < _FIELD_MIN_HEIGHT
        or box.w < 2.2 * box.h
    ):
        return False
    fill = surface.fill or parent.ground
    bordered = bool(surface.border_color) and all(surface.border_sides)
    light = luminance(fill) > 0.6 and saturation(fill) < 0.2
    if (not bordered and box.h > _PLAIN_FIELD) or _heads(box, parent):
        return False
    if not lines:
        return (bordered or distance(fill, parent.ground) > 8) and light and box.h <= 64
    if len(lines) > 1 or _is_entry(lines[0], parent):
        return False
    line = lines[0]
    leading_icon = any(picture.box.right <= line.box.x + 2 for picture in region.pictures)
    left, right = line.box.x - box.x, box.right - line.box.right
    ragged = right > left + max(24.0, 0.16 * box.w)
    begins = left <= (60.0 if leading_icon else 28.0) and ragged
    asks = bool(_SEARCH.match(line.text)) and looks_like_hint(line)
    if saturation(fill) > 0.25 or not (bordered or light):
        return asks and begins
    if not asks and (line.family is Family.MONO or _differs(line, surface)):
        return False
    # Words and a sign that stand together in the middle are a button's.
    if not asks and region.pictures and _is_button(region, lines):
        return False
    return (asks and len(line.text.split()) > 1) or (begins and line.weight < 600)


def _differs(line: TextLine, surface: Surface) -> bool:
    """Returns whether words have a colour that is not the border's, as a field in error has."""
    border = surface.border_color or surface.fill or line.background
    return saturation(line.color) > _COLOURFUL and distance(line.color, border) > _SAME_COLOR


def _heads(box: Box, parent: Region) -> bool:
    """Returns whether a box is as wide as the painted box that it lies in, as a card's head is."""
    return parent.surface is not None and box.w >= _WHOLE * parent.box.w


def _is_entry(line: TextLine, parent: Region) -> bool:
    """Returns whether a text lines up with those around its box: the current entry of a list.

    A field's words stand in from its edge, and so from all labels.
    """
    level = [
        other
        for other in parent.lines
        if abs(other.box.x - line.box.x) <= _LINED_UP
        and abs(other.font_size - line.font_size) <= 0.15 * line.font_size
    ]
    return len(level) >= _LIST_LINES


def _is_button(region: Region, lines: list[TextLine]) -> bool:
    box = region.box
    text = " ".join(line.text for line in lines)
    if box.w > _MAX_BUTTON_WIDTH or len(text) > _MAX_LABEL or len(text.split()) > 6:
        return False
    if _is_disc(region) and any(letter.isdigit() for letter in text):
        return False
    held = _held(region)
    content = union(held)
    spaces = content.w - sum(box.w for box in held)
    if len(held) > 1 and spaces > 1.6 * lines[0].font_size * (len(held) - 1):
        return False
    centred = abs(content.center_x - box.center_x) <= max(7.0, 0.05 * box.w)
    tall = box.h <= (_TALL if box.w >= _WIDE * box.h else _SQUARE) * lines[0].font_size
    middle = abs(content.center_y - box.center_y) <= max(4.0, 0.12 * box.h)
    return centred and tall and middle


def _is_disc(region: Region) -> bool:
    """Returns whether a box with words is as wide as tall and round."""
    box, surface = region.box, region.surface
    round_ = surface is not None and surface.radius >= _DISC_RADIUS * box.h
    return round_ and box.w <= _DISC_WIDTH * box.h


def _held(region: Region) -> list[Box]:
    """Returns the boxes of the words and pictures of a control."""
    return [line.box for line in region.lines] + [picture.box for picture in region.pictures]


def _pill(region: Region, lines: list[TextLine], parent: Region) -> Item:
    """Returns the button or badge that fills `region`."""
    item = button_item(region)
    size = max(line.font_size for line in lines)
    beside = [other.surface for other in parent.regions if other.surface is not None]
    if is_tag(region.surface, size, beside, parent.ground):
        item.node.kind = node_pb2.NODE_KIND_BADGE
    else:
        item.node.kind = pill_kind(region.box, region.surface, item.node.text, size, parent.ground)
    return item


def button_item(region: Region) -> Item:
    """Returns the button that fills `region`: its words, or its icons where it has none."""
    surface, box = region.surface, region.box
    lines = sorted(region.lines, key=lambda line: line.box.x)
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_BUTTON, confidence=0.9 if surface else 0.7)
    item = Item(box=box, node=node, surface=surface)
    if surface is not None:
        paint(node.style, surface)
    item.children = [
        _icon(picture) for picture in sorted(region.pictures, key=lambda entry: entry.box.x)
    ]
    content = union(_held(region))
    if not lines:
        _pad_icon(item, content)
        return item
    node.text = " ".join(line.text for line in lines)
    item.text = TextBlock([max(lines, key=lambda line: len(line.text))])
    fill_text_style(node.style, item.text)
    node.style.typography.align = node_pb2.TEXT_ALIGN_CENTER
    node.lines.extend(bounds(line.box) for line in lines)
    _pad(item, content, max(line.font_size for line in lines))
    return item


def _icon(picture: Picture) -> Item:
    """Returns an icon inside a control, at its own size."""
    item = picture_item(picture)
    layout = item.node.layout
    layout.width_sizing = layout.height_sizing = node_pb2.SIZING_FIXED
    layout.width.px, layout.height.px = round(picture.box.w), round(picture.box.h)
    return item


def _pad(item: Item, content: Box, size: float) -> None:
    """Sets a control's padding and line height so that its box has the height that was seen."""
    top, right, bottom, left = item.borders
    height = item.box.h - top - bottom
    usual = min(max(1.2 * size, min(1.5 * size, height)), height)
    vertical = round((height - usual) / 2)
    line = height - 2 * vertical
    layout, node = item.node.layout, item.node
    node.style.typography.line_height = round(line / size, 3)
    side = max((item.box.w - content.w - left - right) / 2, 0.0)
    layout.padding.top.px = layout.padding.bottom.px = max(vertical, 0.0)
    layout.padding.left.px = layout.padding.right.px = side


def _pad_icon(item: Item, content: Box) -> None:
    """Sets the padding of a button that holds nothing but icons, in whole pixels.

    What rounding takes from one side is given to the other, so that the button keeps its size.
    """
    top, right, bottom, left = item.borders
    padding = item.node.layout.padding
    across = max(item.box.w - round(content.w) - left - right, 0.0)
    along = max(item.box.h - round(content.h) - top - bottom, 0.0)
    padding.left.px = min(max(round(content.x - item.box.x - left), 0), across)
    padding.top.px = min(max(round(content.y - item.box.y - top), 0), along)
    padding.right.px, padding.bottom.px = across - padding.left.px, along - padding.top.px


def field_item(region: Region, kind: node_pb2.ControlType.ValueType) -> Item:
    """Returns the field that fills `region`, painted as its surface is; unpainted without one."""
    surface, box = region.surface, region.box
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_INPUT, confidence=0.85)
    node.control.type = kind
    item = Item(box=box, node=node, surface=surface)
    if surface is not None:
        paint(node.style, surface)
    lines = sorted(region.lines, key=lambda line: (line.box.y, line.box.x))
    border = surface.border_width if surface else 0.0
    node.layout.height_sizing = node_pb2.SIZING_FIXED
    node.layout.height.px = box.h
    left = 12.0
    if lines:
        line = lines[0]
        node.lines.append(bounds(line.box))
        fill_text_style(node.style, TextBlock([line]))
        if kind == node_pb2.CONTROL_TYPE_SELECT:
            node.control.value = line.text
            node.control.options.append(line.text)
        elif looks_like_hint(line):
            node.control.placeholder = line.text
        else:
            node.control.value = " ".join(entry.text for entry in lines)
        left = line.box.x - box.x - border
        item.text = TextBlock([line])
    node.layout.padding.left.px = node.layout.padding.right.px = max(min(left, 64.0), 0.0)
    if kind == node_pb2.CONTROL_TYPE_TEXTAREA:
        top = lines[0].box.y - box.y - border if lines else left
        node.layout.padding.top.px = node.layout.padding.bottom.px = max(min(top, 24.0), 0.0)
    item.children = [_icon(picture) for picture in region.pictures]
    return item
