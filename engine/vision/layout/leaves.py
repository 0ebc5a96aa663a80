"""Turns single percepts into leaf items with their nodes."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.color import distance
from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.item import Item
from engine.vision.percepts import (
    Box,
    Family,
    FormMark,
    Mark,
    Picture,
    PictureKind,
    Rule,
    Surface,
    TextSpan,
)

_CONTENT_AREA = 1.17
_SAME_COLOR = 40.0

FAMILIES = {
    Family.SANS: node_pb2.FONT_FAMILY_SANS,
    Family.SERIF: node_pb2.FONT_FAMILY_SERIF,
    Family.MONO: node_pb2.FONT_FAMILY_MONO,
}
_MEDIA = {
    PictureKind.PHOTO: node_pb2.MEDIA_TYPE_PHOTO,
    PictureKind.ILLUSTRATION: node_pb2.MEDIA_TYPE_ILLUSTRATION,
    PictureKind.LOGO: node_pb2.MEDIA_TYPE_LOGO,
    PictureKind.ICON: node_pb2.MEDIA_TYPE_ICON,
    PictureKind.AVATAR: node_pb2.MEDIA_TYPE_AVATAR,
    PictureKind.CHART: node_pb2.MEDIA_TYPE_CHART,
    PictureKind.SHAPE: node_pb2.MEDIA_TYPE_SHAPE,
}
_CURVED = (
    "An inline SVG path draws it: no box, radius or gradient has such an edge, and a mask would "
    "need a picture of it."
)
_REASONS = {
    "wave": _CURVED,
    "curve": _CURVED,
    "polygon": "A clip path cuts it from a plain box: all of its edges are straight.",
}
_PICTURE_NODES = {
    PictureKind.ICON: node_pb2.NODE_KIND_ICON,
    PictureKind.CHART: node_pb2.NODE_KIND_CHART,
    PictureKind.SHAPE: node_pb2.NODE_KIND_SHAPE,
}
_MARK_CONTROLS = {
    Mark.CHECKBOX: node_pb2.CONTROL_TYPE_CHECKBOX,
    Mark.RADIO: node_pb2.CONTROL_TYPE_RADIO,
    Mark.SWITCH: node_pb2.CONTROL_TYPE_SWITCH,
    Mark.SLIDER: node_pb2.CONTROL_TYPE_RANGE,
}


def bounds(box: Box) -> node_pb2.Bounds:
    """Returns `box` as a message, rounded to tenths of a pixel."""
    return node_pb2.Bounds(
        x=round(box.x, 1),
        y=round(box.y, 1),
        width=round(max(box.w, 0), 1),
        height=round(max(box.h, 0), 1),
    )


def text_item(block: TextBlock) -> Item:
    """Returns a text leaf; its box is the content area until line heights are known."""
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_TEXT, text=block.text)
    node.confidence = round(min(line.confidence for line in block.lines), 3)
    node.lines.extend(bounds(line.box) for line in block.lines)
    fill_text_style(node.style, block)
    node.runs.extend(_runs(block))
    return Item(box=_content_area(block), node=node, text=block)


def _content_area(block: TextBlock) -> Box:
    ink, half = block.ink, block.size * _CONTENT_AREA / 2
    top = block.lines[0].box.center_y - half
    bottom = block.lines[-1].box.center_y + half
    return Box(ink.x, top, ink.w, bottom - top)


def fill_text_style(style: node_pb2.Style, block: TextBlock) -> None:
    """Writes the block's type and colour into `style`."""
    style.color.value = block.color
    style.typography.family = FAMILIES[block.family]
    style.typography.size.px = block.size
    style.typography.weight = block.weight
    style.typography.italic = all(line.italic for line in block.lines)
    style.typography.underline = all(line.underline for line in block.lines)


def _runs(block: TextBlock) -> list[node_pb2.TextRun]:
    """Returns the block's runs, or none when it is uniform; their texts join up to its text."""
    if not block.breaks and not any(line.spans for line in block.lines):
        return []
    runs: list[node_pb2.TextRun] = []
    for number, line in enumerate(block.lines):
        spans = line.spans or (None,)
        for position, span in enumerate(spans):
            run = node_pb2.TextRun(text=line.text if span is None else span.text)
            if span is not None:
                _style_run(run, block, span)
                run.italic = span.italic and not block.first.italic
                run.underline = span.underline
                run.code = span.mono and block.family is not Family.MONO
            last = position == len(spans) - 1
            run.break_after = last and number in block.breaks
            _append(runs, run)
    if len(runs) < 2:
        return []
    _match_text(runs, block.text)
    return runs if "".join(run.text for run in runs) == block.text else []


def _style_run(run: node_pb2.TextRun, block: TextBlock, span: TextSpan) -> None:
    if distance(span.color, block.color) > _SAME_COLOR:
        run.color.value = span.color
    if abs(span.weight - block.weight) >= 150:
        run.font_weight = span.weight
    if span.font_size:
        run.font_size.px = span.font_size
    if span.background:
        run.background.value = span.background


def _append(runs: list[node_pb2.TextRun], run: node_pb2.TextRun) -> None:
    if runs and not runs[-1].break_after and _same_look(runs[-1], run):
        runs[-1].text = f"{runs[-1].text} {run.text}"
        runs[-1].break_after = run.break_after
    else:
        runs.append(run)


def _same_look(first: node_pb2.TextRun, second: node_pb2.TextRun) -> bool:
    return (
        first.font_weight == second.font_weight
        and first.italic == second.italic
        and first.underline == second.underline
        and first.code == second.code
        and first.color.value == second.color.value
        and first.background.value == second.background.value
        and first.font_size.px == second.font_size.px
    )


def _match_text(runs: list[node_pb2.TextRun], text: str) -> None:
    """Gives the runs the spaces between them that `text` has."""
    at = 0
    for number, run in enumerate(runs):
        words = run.text.split()
        end = at
        for word in words:
            found = text.find(word, end)
            if found < 0:
                return
            end = found + len(word)
        stop = len(text) if number == len(runs) - 1 else end
        while stop < len(text) and text[stop] == " ":
            stop += 1
        run.text = text[at:stop]
        at = stop


def picture_item(picture: Picture) -> Item:
    """Returns a picture leaf."""
    kind = _PICTURE_NODES.get(picture.kind, node_pb2.NODE_KIND_IMAGE)
    node = node_pb2.Node(kind=kind, confidence=round(picture.confidence, 3))
    fill_media(node.media, picture)
    if picture.radius and not picture.circular:
        node.style.radius.px = picture.radius
    return Item(box=picture.box, node=node, picture=picture)


def fill_media(media: node_pb2.Media, picture: Picture) -> None:
    """Writes what is known of the picture into `media`."""
    media.type = _MEDIA[picture.kind]
    media.placeholder.value = picture.color
    media.source.CopyFrom(bounds(picture.box))
    media.circular = picture.circular
    media.path = picture.path
    name = f"SHAPE_TYPE_{picture.shape.upper()}" if picture.shape else ""
    if name in node_pb2.ShapeType.keys():  # noqa: SIM118 - an enum wrapper is not iterable.
        media.shape = node_pb2.ShapeType.Value(name)
    media.technique_reason = _REASONS.get(picture.shape, "")


def mark_item(mark: FormMark) -> Item:
    """Returns an input leaf for a check box, radio button, switch or slider."""
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_INPUT, confidence=round(mark.confidence, 3))
    node.control.type = _MARK_CONTROLS[mark.mark]
    node.control.checked = mark.checked
    node.style.color.value = mark.color
    return Item(box=mark.box, node=node, mark=mark)


def rule_item(rule: Rule) -> Item:
    """Returns a divider leaf."""
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_DIVIDER, confidence=0.9)
    node.style.background.color.value = rule.color
    return Item(box=rule.box, node=node, rule=rule)


def paint(style: node_pb2.Style, surface: Surface) -> None:
    """Writes the look of a surface into `style`."""
    if surface.fill:
        style.background.color.value = surface.fill
    if surface.gradient:
        gradient = style.background.gradient
        gradient.angle = surface.gradient.angle % 360
        for offset, color in surface.gradient.stops:
            stop = gradient.stops.add(offset=min(max(offset, 0.0), 1.0))
            stop.color.value = color
    if surface.border_color and surface.border_width > 0 and any(surface.border_sides):
        style.border.width.px = surface.border_width
        style.border.color.value = surface.border_color
        if not all(surface.border_sides):
            top, right, bottom, left = surface.border_sides
            style.border.sides.CopyFrom(
                node_pb2.BorderSides(top=top, right=right, bottom=bottom, left=left)
            )
    if surface.radius >= 1:
        style.radius.px = surface.radius
    if surface.shadow:
        shadow = style.shadows.add(
            x=surface.shadow.x,
            y=surface.shadow.y,
            blur=max(surface.shadow.blur, 0),
            spread=surface.shadow.spread,
        )
        alpha = round(min(max(surface.shadow.alpha, 0), 1) * 255)
        shadow.color.value = f"{surface.shadow.color[:7]}{alpha:02x}"
