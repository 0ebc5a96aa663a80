"""Builds pictures, icons, charts, shapes and dividers."""

from __future__ import annotations

import re
from urllib.parse import quote

from structra.v1 import node_pb2

from engine.codegen.context import Context
from engine.codegen.element import Element
from engine.codegen.icons import UNKNOWN_PATH, icon_path
from engine.codegen.numbers import number
from engine.codegen.place import SMALL
from engine.schema.css_values import is_path

_NAMES = {
    node_pb2.MEDIA_TYPE_LOGO: "logo",
    node_pb2.MEDIA_TYPE_AVATAR: "avatar",
    node_pb2.MEDIA_TYPE_CHART: "chart",
    node_pb2.MEDIA_TYPE_MAP: "map",
    node_pb2.MEDIA_TYPE_VIDEO: "video",
    node_pb2.MEDIA_TYPE_ILLUSTRATION: "illustration",
}
_ALTS = {
    node_pb2.MEDIA_TYPE_LOGO: "Logo",
    node_pb2.MEDIA_TYPE_AVATAR: "Avatar",
    node_pb2.MEDIA_TYPE_CHART: "Chart",
    node_pb2.MEDIA_TYPE_MAP: "Map",
    node_pb2.MEDIA_TYPE_VIDEO: "Video",
}
# Outlines of shapes in a box of 100 by 100, for those that have no path of their own.
_SHAPES = {
    node_pb2.SHAPE_TYPE_BLOB: "M50 2C78 0 98 22 97 50S80 100 50 97 1 78 3 48 22 4 50 2z",
    node_pb2.SHAPE_TYPE_WAVE: "M0 40C25 10 50 70 75 40S100 30 100 30V100H0z",
    node_pb2.SHAPE_TYPE_CURVE: "M0 100Q50 0 100 100z",
    node_pb2.SHAPE_TYPE_TRIANGLE: "M50 0L100 100H0z",
    node_pb2.SHAPE_TYPE_RIBBON: "M0 0H100L88 50 100 100H0L12 50z",
    node_pb2.SHAPE_TYPE_STARBURST: (
        "M50 0L61 23 85 15 77 39 100 50 77 61 85 85 61 77 50 100 39 77 15 85 23 61 0 50 23 39 "
        "15 15 39 23z"
    ),
    node_pb2.SHAPE_TYPE_FLOWER: (
        "M50 50C30 10 70 10 50 50C90 30 90 70 50 50C70 90 30 90 50 50C10 70 10 30 50 50z"
    ),
    node_pb2.SHAPE_TYPE_POLYGON: "M25 5H75L100 50 75 95H25L0 50z",
}

# Signs of these outlines are cut from a box; their corners are the path's points.
_CUT = frozenset({node_pb2.SHAPE_TYPE_TRIANGLE, node_pb2.SHAPE_TYPE_POLYGON})
_CORNER = re.compile(r"[ML]\s*([\d.]+)[ ,]([\d.]+)")


def picture(node: node_pb2.Node, context: Context) -> Element:
    """Returns an `img`: the picture itself when it was given, else a placeholder.

    A placeholder is an empty SVG of the picture's size, painted in its mean colour.
    """
    media, tokens = node.media, context.tokens
    width, height = _pixels(node)
    element = Element("img", name=_NAMES.get(media.type, "image"))
    given = media.asset in context.options.assets
    element.attributes["src"] = media.asset if given else placeholder(width, height)
    element.attributes["alt"] = media.alt or _ALTS.get(media.type, "")
    element.attributes["width"] = str(width)
    element.attributes["height"] = str(height)
    if not given and media.placeholder.value and not node.style.background.color.value:
        element.style.set("background-color", tokens.color(media.placeholder))
    if media.circular:
        element.style.set("border-radius", tokens.round())
    element.style.set("object-fit", "cover")
    _picture_size(node, element, context)
    return element


def placeholder(width: int, height: int) -> str:
    """Returns a data address of an empty SVG of this size."""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'/>"
    return "data:image/svg+xml," + quote(svg, safe="/:='")


def _picture_size(node: node_pb2.Node, element: Element, context: Context) -> None:
    """A picture keeps its proportions; one that fills its place has the source's height there."""
    layout = node.layout
    if layout.width_sizing == node_pb2.SIZING_FIXED and layout.width.px:
        return
    element.style.set("width", "100%")
    if layout.height_sizing == node_pb2.SIZING_FIXED and layout.height.px:
        element.style.set("height", context.tokens.size(layout.height), context.source)


def _pixels(node: node_pb2.Node) -> tuple[int, int]:
    layout, bounds = node.layout, node.bounds
    width = layout.width.px or bounds.width or 1
    height = layout.height.px or bounds.height or 1
    return max(round(width), 1), max(round(height), 1)


def icon(node: node_pb2.Node, context: Context) -> Element:
    """Returns an inline SVG: a known icon's outline, the schema's own path, or a stand-in.

    A caret is cut from a box by the style sheet alone.
    """
    media, tokens = node.media, context.tokens
    width, height = _pixels(node)
    own = media.path if media.path and is_path(media.path) else ""
    if own and media.shape in _CUT:
        return _caret(node, own, context)
    known = icon_path(media.icon_name)
    side = f"0 0 {width} {height}" if own else "0 0 24 24"
    size = {"width": str(width), "height": str(height)}
    svg = Element("svg", {"viewBox": side, **size}, name="icon")
    path = Element("path", {"d": own or known or UNKNOWN_PATH})
    if own or known is None:
        svg.attributes["fill"] = "currentColor"
    else:
        svg.attributes |= {
            "fill": "none",
            "stroke": "currentColor",
            "stroke-width": "2",
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
        }
    if media.alt:
        svg.attributes |= {"role": "img", "aria-label": media.alt}
    else:
        svg.attributes["aria-hidden"] = "true"
    svg.children.append(path)
    color = node.style.color if node.style.color.value else media.placeholder
    if color.value:
        svg.style.set("color", tokens.color(color))
    return svg


def _caret(node: node_pb2.Node, path: str, context: Context) -> Element:
    media, tokens = node.media, context.tokens
    width, height = _pixels(node)
    element = Element("span", {"aria-hidden": "true"}, name="caret")
    color = node.style.color if node.style.color.value else media.placeholder
    element.style.set("display", "block")
    element.style.set("width", tokens.size_px(width))
    element.style.set("height", tokens.size_px(height))
    element.style.set("flex-shrink", "0")
    element.style.set("background-color", tokens.color(color) if color.value else "currentColor")
    element.style.set("clip-path", _clip_path(path))
    return element


def _clip_path(path: str) -> str:
    """Returns the polygon whose corners are those of a path of straight lines that fills its box.

    Raises:
        ValueError: the path has no corners.
    """
    points = [(float(x), float(y)) for x, y in _CORNER.findall(path)]
    across, down = (max(*side, 1.0) for side in zip(*points, strict=True))
    corners = (f"{number(100 * x / across, 0)}% {number(100 * y / down, 0)}%" for x, y in points)
    return f"polygon({', '.join(corners)})"


def chart(node: node_pb2.Node, context: Context) -> Element:
    """Returns a placeholder for a chart, as an image with a description."""
    element = picture(node, context)
    element.name = "chart"
    element.attributes["alt"] = node.media.alt or "Chart"
    return element


def shape(node: node_pb2.Node, context: Context) -> Element:
    """Returns a decorative shape: plain CSS for boxes and ellipses, an inline SVG for the rest."""
    media, tokens = node.media, context.tokens
    width, height = _pixels(node)
    own = media.path if media.path and is_path(media.path) else ""
    outline = own or _SHAPES.get(media.shape)
    color = node.style.background.color
    color = color if color.value else media.placeholder
    if outline is None or (own and media.shape in _CUT):
        element = Element("span", {"aria-hidden": "true"}, name="shape")
        element.style.set("display", "block")
        if own:
            element.style.set("clip-path", _clip_path(own))
        if media.shape == node_pb2.SHAPE_TYPE_ELLIPSE or media.circular:
            element.style.set("border-radius", "50%")
        if color.value:
            element.style.set("background-color", tokens.color(color))
    else:
        side = f"0 0 {width} {height}" if own else "0 0 100 100"
        element = Element(
            "svg",
            {
                "viewBox": side,
                "preserveAspectRatio": "none",
                "fill": "currentColor",
                "aria-hidden": "true",
            },
            [Element("path", {"d": outline})],
            name="shape",
        )
        if color.value:
            element.style.set("color", tokens.color(color))
        reason = media.technique_reason or "CSS alone cannot draw this outline."
        context.exceptions.append(f"Inline SVG for the shape {node.id}: {reason}")
    element.style.set("height", tokens.size_px(height))
    if node.layout.width_sizing == node_pb2.SIZING_FIXED:
        element.style.set("width", tokens.size_px(width))
        # As for other nodes: badges are spans too, and all spans kept to their container's width
        # would cut off the words of badges and squeeze small shapes.
        if width > SMALL:
            element.style.set("max-width", "100%")
    return element


def divider(node: node_pb2.Node, context: Context) -> Element:
    """Returns a rule; its thickness is its height, or its width when it stands upright."""
    tokens = context.tokens
    width, height = _pixels(node)
    upright = height > 2 * width
    element = Element("hr", name="divider")
    color = node.style.background.color if node.style.background.color.value else node.style.color
    if color.value:
        element.style.set("background-color", tokens.color(color))
    if upright:
        element.attributes["aria-orientation"] = "vertical"
        element.style.set("width", f"{number(width, 0)}px" if width <= 2 else tokens.size_px(width))
        element.style.set("height", tokens.size_px(height))
    else:
        element.style.set("height", tokens.size_px(height))
        # Stretching, unlike a width, leaves room for margins.
        if node.layout.width_sizing != node_pb2.SIZING_FIXED:
            element.style.set("align-self", "stretch")
    return element
