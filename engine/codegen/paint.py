"""Turns a node's style into declarations: colours, borders, shadows and type."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.codegen.context import Context
from engine.codegen.element import Style
from engine.codegen.fit import largest_type
from engine.codegen.numbers import number

_ALIGN = {
    node_pb2.TEXT_ALIGN_START: "start",
    node_pb2.TEXT_ALIGN_CENTER: "center",
    node_pb2.TEXT_ALIGN_END: "end",
    node_pb2.TEXT_ALIGN_JUSTIFY: "justify",
}
# The least weight that reads as bold beside regular text.
BOLD = 600
# What tinted code in prose has at either side, in pixels: 0.2em to 0.4em in the usual style sheets.
_TINT_PADDING = 4
_BORDERS = {node_pb2.BORDER_STYLE_DASHED: "dashed", node_pb2.BORDER_STYLE_DOTTED: "dotted"}


def surface(node: node_pb2.Node, context: Context) -> Style:
    """Returns background, border, radius, shadow and opacity."""
    style = Style()
    look, tokens = node.style, context.tokens
    _background(look.background, style, context)
    _border(look.border, style, context)
    if look.radius.px > 0 or look.radius.token:
        side = min(node.bounds.width, node.bounds.height)
        style.set("border-radius", tokens.radius(look.radius, side))
    if look.shadows:
        style.set("box-shadow", tokens.shadow(look.shadows))
    if look.HasField("opacity") and look.opacity < 1:
        style.set("opacity", number(look.opacity, 2))
    return style


def _background(paint: node_pb2.Paint, style: Style, context: Context) -> None:
    tokens = context.tokens
    if paint.color.value:
        style.set("background-color", tokens.color(paint.color))
    if paint.HasField("image"):
        asset = paint.image.asset
        if asset in context.options.assets:
            style.set("background-image", f'url("{asset}")')
            style.set("background-size", "cover")
            style.set("background-position", "center")
        elif not paint.color.value and paint.image.placeholder.value:
            style.set("background-color", tokens.color(paint.image.placeholder))
    elif len(paint.gradient.stops) >= 2:
        style.set("background-image", tokens.gradient(paint.gradient))


def _border(border: node_pb2.Border, style: Style, context: Context) -> None:
    if border.width.px <= 0 or not border.color.value:
        return
    width = f"{number(max(border.width.px, 1), 1)}px"
    line = _BORDERS.get(border.style, "solid")
    value = f"{width} {line} {context.tokens.color(border.color)}"
    sides = border.sides
    chosen = [name for name in ("top", "right", "bottom", "left") if getattr(sides, name)]
    if len(chosen) in {0, 4}:
        style.set("border", value)
        return
    for name in chosen:
        style.set(f"border-{name}", value)


def type_style(node: node_pb2.Node, context: Context) -> Style:
    """Returns font, colour and alignment of a node's own text."""
    style = Style()
    look, tokens = node.style, context.tokens
    if look.color.value:
        style.set("color", tokens.color(look.color))
    face = look.typography
    if face.family:
        style.set("font-family", tokens.font_family(face.family))
    if face.size.px > 0:
        style.set("font-size", tokens.font_size(face.size, largest_type(node)))
    style.set("font-weight", str(face.weight or 400))
    if face.line_height > 0:
        style.set("line-height", number(face.line_height, 3))
    style.set("font-style", "italic" if face.italic else "normal")
    style.set("text-transform", "uppercase" if face.uppercase else "none")
    spacing = round(face.letter_spacing, 3)
    style.set("letter-spacing", tokens.tracking(spacing) if spacing else "normal")
    style.set("text-align", _ALIGN.get(face.align, "start"))
    if face.underline:
        style.set("text-decoration-line", "underline")
    return style


def run_style(run: node_pb2.TextRun, node: node_pb2.Node, context: Context) -> Style:
    """Returns what a run of text differs in from its node."""
    style = Style()
    if run.color.value and run.color.value.lower() != node.style.color.value.lower():
        style.set("color", context.tokens.color(run.color))
    weight = node.style.typography.weight or 400
    # Of two weights on one side of bold, one was misread.
    if run.font_weight and (run.font_weight >= BOLD) != (weight >= BOLD):
        style.set("font-weight", str(run.font_weight))
    if run.underline and not node.style.typography.underline:
        style.set("text-decoration-line", "underline")
    if run.code:
        style.set("font-family", context.tokens.font_family(node_pb2.FONT_FAMILY_MONO))
    if run.font_size.px > 0:
        style.set("font-size", context.tokens.font_size(run.font_size))
    if run.background.value:
        style.set("background-color", context.tokens.color(run.background))
        style.set("padding-inline", context.tokens.space_px(_TINT_PADDING))
    return style
