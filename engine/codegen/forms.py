"""Builds form controls with their labels."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.codegen.context import Context
from engine.codegen.element import Element, Style, Text
from engine.codegen.media import icon
from engine.codegen.paint import surface, type_style

_TYPES = {
    node_pb2.CONTROL_TYPE_EMAIL: ("email", "Email"),
    node_pb2.CONTROL_TYPE_PASSWORD: ("password", "Password"),
    node_pb2.CONTROL_TYPE_SEARCH: ("search", "Search"),
    node_pb2.CONTROL_TYPE_NUMBER: ("number", "Number"),
    node_pb2.CONTROL_TYPE_CHECKBOX: ("checkbox", "Option"),
    node_pb2.CONTROL_TYPE_RADIO: ("radio", "Choice"),
    node_pb2.CONTROL_TYPE_SWITCH: ("checkbox", "Switch"),
    node_pb2.CONTROL_TYPE_RANGE: ("range", "Value"),
    node_pb2.CONTROL_TYPE_FILE: ("file", "File"),
    node_pb2.CONTROL_TYPE_DATE: ("date", "Date"),
    node_pb2.CONTROL_TYPE_TEL: ("tel", "Telephone"),
    node_pb2.CONTROL_TYPE_URL: ("url", "Web address"),
}
_MARKS = frozenset({
    node_pb2.CONTROL_TYPE_CHECKBOX, node_pb2.CONTROL_TYPE_RADIO, node_pb2.CONTROL_TYPE_SWITCH,
})  # fmt: skip
# Types whose look the browser decides; a value in a date or file input cannot be text.
_NATIVE_VALUE = frozenset({node_pb2.CONTROL_TYPE_DATE, node_pb2.CONTROL_TYPE_FILE})


def control(node: node_pb2.Node, context: Context) -> Element:
    """Returns an input, select or text area with everything that names it."""
    kind = node.control.type
    if kind in _MARKS:
        element = _mark(node, context)
    elif kind == node_pb2.CONTROL_TYPE_RANGE:
        element = _range(node, context)
    else:
        element = _field(node, context)
    _name(element, node, context)
    if node.control.disabled:
        element.attributes["disabled"] = ""
    return _with_icons(element, node, context)


def _name(element: Element, node: node_pb2.Node, context: Context) -> None:
    """Ties the control to its visible label, or names it by the best words there are."""
    label = context.input_id(node)
    if label is not None:
        element.attributes["id"] = label
        return
    known = node.control
    words = known.label or known.placeholder
    if not words and not known.value.isdigit():
        words = known.value
    element.attributes["aria-label"] = words or _TYPES.get(known.type, ("", "Text"))[1]


def _field(node: node_pb2.Node, context: Context) -> Element:
    known = node.control
    if known.type == node_pb2.CONTROL_TYPE_SELECT:
        element = _select(node)
    elif known.type == node_pb2.CONTROL_TYPE_TEXTAREA:
        element = Element("textarea", name="textarea", shared=True)
        if known.value:
            element.children.append(Text(known.value))
    else:
        kind = _TYPES.get(known.type, ("text", ""))[0]
        # A look-alike of a date or file input that shows words of its own stays a text input.
        if known.type in _NATIVE_VALUE and (known.value or known.placeholder):
            kind = "text"
        element = Element("input", {"type": kind}, name="input", shared=True)
        if known.value and not (kind == "number" and not known.value.isdigit()):
            element.attributes["value"] = known.value
    if known.placeholder and element.tag != "select":
        element.attributes["placeholder"] = known.placeholder
    _field_style(element, node, context)
    return element


def _select(node: node_pb2.Node) -> Element:
    element = Element("select", name="select", shared=True)
    options = list(dict.fromkeys([*node.control.options])) or [node.control.value or "Choose"]
    if node.control.value and node.control.value not in options:
        options.insert(0, node.control.value)
    for value in options:
        option = Element("option", children=[Text(value)])
        if value == node.control.value and value != options[0]:
            option.attributes["selected"] = ""
        element.children.append(option)
    return element


def _field_style(element: Element, node: node_pb2.Node, context: Context) -> None:
    style, tokens, layout = element.style, context.tokens, node.layout
    face = type_style(node, context)
    for name in ("text-align", "line-height", "text-transform", "font-style"):
        face.drop(name)
    if node.control.placeholder and not node.control.value:
        color = face.get("color")
        face.drop("color")
        if color is not None:
            style.set("color", color, "::placeholder")
    style.update(face)
    style.update(surface(node, context))
    _drop_own_border(style)
    if not style.has("background-color"):
        style.set("background-color", "transparent")
    height = layout.height.px or node.bounds.height
    if height:
        style.set("height", tokens.size_px(height))
    side = layout.padding.left.px
    style.set("padding-inline", tokens.space_px(side) if side else "0")
    if element.tag == "textarea":
        top = layout.padding.top.px
        style.set("padding-block", tokens.space_px(top) if top else "0")
        style.set("resize", "vertical")
    if layout.width_sizing == node_pb2.SIZING_HUG and node.bounds.width:
        style.set("width", tokens.size_px(node.bounds.width))
        style.set("max-width", "100%")
        style.set("min-width", "0")
    elif layout.width_sizing != node_pb2.SIZING_FIXED:
        style.set("width", "100%")


_SIDES = ("top", "right", "bottom", "left")


def _drop_own_border(style: Style) -> None:
    """Takes away the border that browsers give a field, on the sides that have none in the source.

    Each side is set by itself where one is drawn, as a shorthand would depend on the order of the
    rules that factoring makes.
    """
    if style.has("border"):
        return
    undrawn = [f"border-{side}" for side in _SIDES if not style.has(f"border-{side}")]
    for name in ["border"] if len(undrawn) == len(_SIDES) else undrawn:
        style.set(name, "0")


def _mark(node: node_pb2.Node, context: Context) -> Element:
    known, tokens = node.control, context.tokens
    kind = "radio" if known.type == node_pb2.CONTROL_TYPE_RADIO else "checkbox"
    element = Element("input", {"type": kind}, name=kind, shared=True)
    width, height = round(node.bounds.width) or 16, round(node.bounds.height) or 16
    style = element.style
    if known.type == node_pb2.CONTROL_TYPE_SWITCH:
        element.attributes["role"] = "switch"
        element.name = "switch"
        style.set("appearance", "none")
        style.set("border-radius", tokens.round())
        style.set("background-color", tokens.color(_switch_color(node)))
        knob = "radial-gradient(circle closest-side, #fff 80%, transparent)"
        knob = tokens.literal("--switch-knob", knob)
        style.set("background-image", knob)
        style.set("background-repeat", "no-repeat")
        style.set("background-size", f"{tokens.size_px(height)} 100%")
        style.set("background-position", "0 0")
        style.set("background-position", "100% 0", ":checked")
    elif node.style.color.value:
        style.set("accent-color", tokens.color(node.style.color))
    if known.checked:
        element.attributes["checked"] = ""
    style.set("width", tokens.size_px(width))
    style.set("height", tokens.size_px(height))
    style.set("flex-shrink", "0")
    return element


def _switch_color(node: node_pb2.Node) -> node_pb2.Color:
    look = node.style
    color = look.background.color if look.background.color.value else look.color
    return color if color.value else node_pb2.Color(value="#6b7280")


def _range(node: node_pb2.Node, context: Context) -> Element:
    element = Element("input", {"type": "range"}, name="range", shared=True)
    if node.style.color.value:
        element.style.set("accent-color", context.tokens.color(node.style.color))
    if node.layout.width_sizing != node_pb2.SIZING_FIXED:
        element.style.set("width", "100%")
    if node.bounds.height:
        element.style.set("height", context.tokens.size_px(node.bounds.height))
    return element


def _with_icons(element: Element, node: node_pb2.Node, context: Context) -> Element:
    """Returns the field, in a wrapper with its icons on top when it has any."""
    icons = [child for child in node.children if child.kind == node_pb2.NODE_KIND_ICON]
    if not icons:
        return element
    tokens = context.tokens
    wrapper = Element("div", name="field", shared=True)
    wrapper.style.set("display", "grid")
    wrapper.style.set("grid-template-columns", "minmax(0, 1fr)")
    wrapper.style.set("align-items", "center")
    element.style.set("grid-area", "1 / 1")
    wrapper.children.append(element)
    middle = node.bounds.x + node.bounds.width / 2
    for child in icons:
        mark = icon(child, context)
        mark.style.set("grid-area", "1 / 1")
        mark.style.set("pointer-events", "none")
        left = child.bounds.x - node.bounds.x
        right = node.bounds.x + node.bounds.width - child.bounds.x - child.bounds.width
        if child.bounds.x > middle:
            mark.style.set("justify-self", "end")
            mark.style.set("margin-right", tokens.space_px(max(right, 0)))
        else:
            mark.style.set("margin-left", tokens.space_px(max(left, 0)))
        wrapper.children.append(mark)
    return wrapper
