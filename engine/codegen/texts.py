"""Builds texts: headings, paragraphs, links, buttons and badges, with their runs."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.codegen.colors import contrast
from engine.codegen.context import Context
from engine.codegen.element import Element, Text
from engine.codegen.media import icon
from engine.codegen.paint import BOLD, run_style, surface, type_style
from engine.codegen.place import box
from engine.schema.css_values import is_safe_url

# WCAG 2.2, technique G183: the contrast that links need with the text around them.
_LINK_CONTRAST = 3.0
# Words of more letters, such as addresses, may not fit the line of a phone.
_UNBREAKABLE = 28


def href(node: node_pb2.Node) -> str:
    """Returns a link's target; "#" when it is unknown or unsafe."""
    return node.href if node.href and is_safe_url(node.href) else "#"


def text(node: node_pb2.Node, context: Context) -> Element:
    """Returns a heading, a label or a paragraph."""
    target = context.label_target(node)
    if node.kind == node_pb2.NODE_KIND_HEADING:
        element = Element(f"h{context.levels[node.id]}", name="title")
    elif target is not None:
        element = Element("label", {"for": target}, name="label")
    elif node.role == node_pb2.SEMANTIC_ROLE_CODE_BLOCK:
        element = Element("pre", name="code")
    elif node.role == node_pb2.SEMANTIC_ROLE_BLOCKQUOTE:
        element = Element("blockquote", name="quote")
    else:
        element = Element("p", name="text")
    element.style.update(type_style(node, context))
    element.style.update(surface(node, context))
    element.style.update(box(node, context))
    if any(len(word) > _UNBREAKABLE for word in node.text.split()):
        element.style.set("overflow-wrap", "anywhere")
    fill(_words(element), node, context)
    return element


def _words(element: Element) -> Element:
    """Returns what holds an element's words.

    Labels, quotations and preformatted code hold theirs in an element of its own,
    as programs that find text by its element look into few others.
    """
    inner = {"label": "span", "pre": "span", "blockquote": "p"}.get(element.tag)
    if inner is None:
        return element
    words = Element(inner, name=element.name)
    element.children.append(words)
    return words


def link(node: node_pb2.Node, context: Context) -> Element:
    """Returns a link; one that holds other elements is their container."""
    element = Element("a", {"href": href(node)}, name="link")
    element.style.update(type_style(node, context))
    element.style.update(surface(node, context))
    element.style.update(box(node, context))
    fill(element, node, context)
    return element


def button(node: node_pb2.Node, context: Context) -> Element:
    """Returns a button, or a link that looks like one when the schema knows its target."""
    if node.href:
        element = Element("a", {"href": href(node)}, name="button", shared=True)
    else:
        element = Element("button", {"type": "button"}, name="button", shared=True)
    _painted_text(element, node, context)
    element.style.set("cursor", "pointer")
    if not element.text().strip():
        label = next((c.media.icon_name or c.media.alt for c in node.children), "")
        element.attributes["aria-label"] = label.replace("-", " ").capitalize() or "Button"
    return element


def badge(node: node_pb2.Node, context: Context) -> Element:
    """Returns a small label."""
    element = Element("span", name="badge", shared=True)
    _painted_text(element, node, context)
    return element


def _painted_text(element: Element, node: node_pb2.Node, context: Context) -> None:
    style = element.style
    style.update(type_style(node, context))
    style.drop("text-align")
    style.update(surface(node, context))
    own = box(node, context)
    icons = [child for child in node.children if child.kind == node_pb2.NODE_KIND_ICON]
    style.set("display", "inline-flex" if icons else "inline-block")
    if icons:
        style.set("align-items", "center")
        style.set("justify-content", "center")
        gap = _icon_gap(node)
        if gap:
            style.set("gap", context.tokens.space_px(gap))
    elif element.tag == "button":
        # Browsers centre the words of a button.
        if node.style.typography.align == node_pb2.TEXT_ALIGN_START:
            style.set("text-align", "start")
    elif node.style.typography.align != node_pb2.TEXT_ALIGN_START:
        style.set("text-align", "center")
    style.set("white-space", "nowrap", context.source)
    style.update(own)
    leading = [child for child in icons if _leads(child, node)]
    element.children.extend(icon(child, context) for child in leading)
    fill(element, node, context)
    element.children.extend(icon(child, context) for child in icons if child not in leading)


def _leads(child: node_pb2.Node, node: node_pb2.Node) -> bool:
    if not node.lines:
        return True
    return child.bounds.x < node.lines[0].x


def _icon_gap(node: node_pb2.Node) -> float:
    """Returns the distance between a button's icon and its text, in pixels."""
    if not node.lines or not node.children or not node.text:
        return 0.0
    line, mark = node.lines[0], node.children[0].bounds
    if mark.x < line.x:
        return max(round(line.x - mark.x - mark.width), 0)
    return max(round(mark.x - line.x - line.width), 0)


def fill(element: Element, node: node_pb2.Node, context: Context) -> None:
    """Adds a node's text to `element`, run by run when it has runs."""
    if not node.runs:
        if node.text:
            element.children.append(Text(node.text))
        return
    for run in node.runs:
        element.children.extend(_run(run, node, element, context))
        if run.break_after:
            element.children.append(Element("br"))


def _run(
    run: node_pb2.TextRun, node: node_pb2.Node, element: Element, context: Context
) -> list[Element | Text]:
    style = run_style(run, node, context)
    bold = run.font_weight >= BOLD and style.has("font-weight")
    if run.link and element.tag != "a":
        tag, name = "a", "link"
        # A link that is all there is stands in no text that it must be told from.
        if len(node.runs) > 1 and not bold and _told_by_colour_alone(run, node):
            style.set("text-decoration-line", "underline")
    elif run.code:
        tag, name = "code", "code"
    elif bold:
        # A run in a colour of its own is marked for its look rather than for its importance.
        tag, name = "b" if style.has("color") else "strong", "strong"
    elif run.italic:
        tag, name = "em", "em"
    elif style:
        tag, name = "span", "accent"
    else:
        return [Text(run.text)]
    inner = Element(tag, children=[Text(run.text.strip())], style=style, name=name)
    if tag == "a":
        inner.attributes["href"] = "#"
    if run.italic and tag != "em":
        style.set("font-style", "italic")
    before = " " if run.text[:1].isspace() else ""
    after = " " if run.text[-1:].isspace() and run.text.strip() else ""
    parts: list[Element | Text] = [Text(before)] if before else []
    if not run.text.strip():
        return [Text(" ")]
    parts.append(inner)
    if after:
        parts.append(Text(after))
    return parts


def _told_by_colour_alone(run: node_pb2.TextRun, node: node_pb2.Node) -> bool:
    """Returns whether people who see no hues would miss that a run is a link."""
    around = node.style.color.value
    own = run.color.value or around
    if not around:
        return True
    return contrast(own, around) < _LINK_CONTRAST
