"""Builds the document's elements from the node tree."""

from __future__ import annotations

from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.codegen import forms, media, texts
from engine.codegen.context import Context, slug
from engine.codegen.element import PHRASING_TAGS, Element, Style, Text
from engine.codegen.flow import arrange
from engine.codegen.inherit import INHERITED
from engine.codegen.paint import surface, type_style
from engine.codegen.place import box, hide, place
from engine.codegen.tables import table

_LANDMARKS = {
    node_pb2.SEMANTIC_ROLE_HEADER: "header",
    node_pb2.SEMANTIC_ROLE_NAV: "nav",
    node_pb2.SEMANTIC_ROLE_MAIN: "main",
    node_pb2.SEMANTIC_ROLE_SECTION: "section",
    node_pb2.SEMANTIC_ROLE_HERO: "section",
    node_pb2.SEMANTIC_ROLE_ASIDE: "aside",
    node_pb2.SEMANTIC_ROLE_FOOTER: "footer",
    node_pb2.SEMANTIC_ROLE_ARTICLE: "article",
    node_pb2.SEMANTIC_ROLE_FORM: "form",
    node_pb2.SEMANTIC_ROLE_FIGURE: "figure",
    node_pb2.SEMANTIC_ROLE_BLOCKQUOTE: "blockquote",
}
_BLOCKS = {
    node_pb2.SEMANTIC_ROLE_HEADER: "site-header",
    node_pb2.SEMANTIC_ROLE_NAV: "nav",
    node_pb2.SEMANTIC_ROLE_HERO: "hero",
    node_pb2.SEMANTIC_ROLE_ASIDE: "sidebar",
    node_pb2.SEMANTIC_ROLE_FOOTER: "site-footer",
    node_pb2.SEMANTIC_ROLE_FORM: "form",
}
# What containers are called that hold nothing but these, the strictest first.
_HOLDING = {
    frozenset({node_pb2.NODE_KIND_BUTTON}): "actions",
    frozenset({node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_LINK}): "links",
    frozenset({node_pb2.NODE_KIND_ICON}): "icons",
    frozenset({node_pb2.NODE_KIND_TEXT}): "copy",
    frozenset({node_pb2.NODE_KIND_HEADING, node_pb2.NODE_KIND_TEXT}): "intro",
    frozenset({node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_TEXT}): "entry",
}
_PICTURES = frozenset({node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART})


class Builder:
    """Builds elements; one builder per document."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def element(
        self, node: node_pb2.Node, parent: node_pb2.Node | None, *, phrasing: bool = False
    ) -> Element:
        """Returns the element of `node` with all below it.

        `phrasing` says that only phrasing content may stand here (inside links).
        """
        element = self._own(node, phrasing=phrasing)
        element.node = node.id
        standing = place(node, parent, self._context)
        if element.has_text and parent is not None:
            _align_text(node, parent, element)
        element.style.update(standing)
        hide(node, element.style, self._context)
        if node.component:
            element.component = node.component
            element.block = slug(_spaced(node.component))
        section = self._context.section(node)
        if section is not None and parent is not None:
            element.section = section.id
            if not element.block:
                element.block = slug(section.id) or element.block
        return element

    def _own(self, node: node_pb2.Node, *, phrasing: bool) -> Element:
        context = self._context
        match node.kind:
            case node_pb2.NODE_KIND_HEADING | node_pb2.NODE_KIND_TEXT:
                element = texts.text(node, context)
                if phrasing and element.tag not in PHRASING_TAGS:
                    element.tag = "span"
            case node_pb2.NODE_KIND_LINK:
                element = texts.link(node, context)
                self._link_content(element, node)
                return element
            case node_pb2.NODE_KIND_BUTTON:
                return texts.button(node, context)
            case node_pb2.NODE_KIND_BADGE:
                return texts.badge(node, context)
            case node_pb2.NODE_KIND_INPUT:
                return forms.control(node, context)
            case node_pb2.NODE_KIND_IMAGE:
                element = media.picture(node, context)
                element.style.update(surface(node, context))
                return element
            case node_pb2.NODE_KIND_ICON:
                return media.icon(node, context)
            case node_pb2.NODE_KIND_CHART:
                return media.chart(node, context)
            case node_pb2.NODE_KIND_DIVIDER:
                return media.divider(node, context)
            case node_pb2.NODE_KIND_SHAPE if not node.children:
                element = media.shape(node, context)
                element.style.update(surface(node, context))
                return element
            case node_pb2.NODE_KIND_TABLE:
                return table(node, context, self)
            case _:
                return self.container(node, phrasing=phrasing)
        for child in node.children:
            element.children.append(self.element(child, node, phrasing=True))
        if node.children:
            element.style.update(arrange(node, context))
        return element

    def container(self, node: node_pb2.Node, *, phrasing: bool = False) -> Element:
        """Returns a box that arranges others."""
        context = self._context
        is_list = node.kind == node_pb2.NODE_KIND_LIST
        tag = "ul" if is_list else _LANDMARKS.get(node.role, "div")
        if phrasing:
            tag, is_list = "span", False
        name = "list" if is_list else _container_name(node)
        element = Element(tag, name=name, block=_BLOCKS.get(node.role, ""))
        if node.kind == node_pb2.NODE_KIND_TABS and tag == "div":
            _make_tabs(element, node)
        if node.role == node_pb2.SEMANTIC_ROLE_LIST_ITEM:
            element.name = "item"
        elif tag == "div" and _is_button_group(node):
            element.name = "button-group"
            element.attributes["role"] = "group"
        element.style.update(box(node, context))
        element.style.update(arrange(node, context))
        if phrasing and not element.style.has("display"):
            element.style.set("display", "block")
        element.style.update(surface(node, context))
        if is_list and node.list_marker:
            element.style.set("list-style-type", _MARKERS[node.list_marker])
        if is_list and node.role == node_pb2.SEMANTIC_ROLE_NAV:
            return self._nav_list(node, element)
        for child in node.children:
            inner = self.element(child, node, phrasing=phrasing)
            if is_list:
                inner = _item(inner)
            elif element.attributes.get("role") == "tablist" and inner.tag == "button":
                first = not any(e.attributes.get("role") == "tab" for e in element.elements())
                inner.attributes |= {"role": "tab", "aria-selected": "true" if first else "false"}
            element.children.append(inner)
        return element

    def _nav_list(self, node: node_pb2.Node, items: Element) -> Element:
        """Returns a navigation landmark around a list of its entries."""
        nav = Element("nav", name="nav", block="nav")
        nav.style.update(box(node, self._context))
        nav.style.update(surface(node, self._context))
        items.block = ""
        items.style = arrange(node, self._context)
        items.children.extend(_item(self.element(child, node)) for child in node.children)
        nav.children.append(items)
        return nav

    def _link_content(self, element: Element, node: node_pb2.Node) -> None:
        """Puts a link's children around its text, in the order in which they were seen."""
        if not node.children:
            return
        inner = [self.element(child, node, phrasing=True) for child in node.children]
        line = node.lines[0] if node.lines else None
        leading = [
            child
            for child, source in zip(inner, node.children, strict=True)
            if line is None or source.bounds.x < line.x
        ]
        own = list(element.children)
        element.children = [*leading, *own, *(c for c in inner if c not in leading)]
        element.style.update(arrange(node, self._context))
        if not element.style.has("display"):
            element.style.set("display", "inline-flex")
            element.style.set("align-items", "center")
            gap = _link_gap(node)
            if gap > 0:
                element.style.set("gap", self._context.tokens.space_px(gap))


def _link_gap(node: node_pb2.Node) -> float:
    if not node.lines or not node.text:
        return 0.0
    line, mark = node.lines[0], node.children[0].bounds
    if mark.x < line.x:
        return round(line.x - mark.x - mark.width)
    return round(mark.x - line.x - line.width)


def _align_text(node: node_pb2.Node, parent: node_pb2.Node, element: Element) -> None:
    """Centres the lines of a text that stands centred, for when it wraps on narrow screens."""
    if node.style.typography.align or element.tag == "button" or not element.style.has("color"):
        return
    own = node.layout.align_self or parent.layout.align_items
    column = parent.layout.direction != node_pb2.DIRECTION_ROW
    if own == node_pb2.ALIGNMENT_CENTER and column and parent.layout.columns < 2:
        element.style.set("text-align", "center")


def _container_name(node: node_pb2.Node) -> str:
    """Returns a name for what a container holds, or else for how it arranges it."""
    if node.role in _LANDMARKS:
        return _LANDMARKS[node.role]
    kinds = {child.kind for child in node.children}
    for held, name in _HOLDING.items():
        if kinds and kinds <= held:
            return name
    if len(node.children) > 1 and kinds & _PICTURES:
        return "media"
    if node.layout.display == node_pb2.DISPLAY_GRID and node.layout.columns > 1:
        return "grid"
    if node.layout.display == node_pb2.DISPLAY_FLEX:
        return "row" if node.layout.direction == node_pb2.DIRECTION_ROW else "column"
    if node_pb2.NODE_KIND_INPUT in kinds:
        return "field"
    return "body"


def _is_button_group(node: node_pb2.Node) -> bool:
    """Returns whether a painted box is filled by buttons that touch each other."""
    layout, look = node.layout, node.style
    touching = not (layout.column_gap.px or layout.row_gap.px)
    painted = bool(look.background.color.value or look.border.width.px)
    buttons = all(child.kind == node_pb2.NODE_KIND_BUTTON for child in node.children)
    return len(node.children) > 1 and touching and painted and buttons


def _make_tabs(element: Element, node: node_pb2.Node) -> None:
    """Tabs of buttons are a tab list; tabs of links are navigation."""
    element.name = "tabs"
    if all(child.kind == node_pb2.NODE_KIND_BUTTON for child in node.children):
        element.attributes["role"] = "tablist"
    else:
        element.tag = "nav"
        element.attributes["aria-label"] = "Tabs"


_MARKERS = {
    node_pb2.LIST_MARKER_DISC: "disc",
    node_pb2.LIST_MARKER_CIRCLE: "circle",
    node_pb2.LIST_MARKER_SQUARE: "square",
}


def _item(inner: Element) -> Element:
    """Returns a list item: the element itself when it is a plain box, else one around it."""
    if inner.tag in {"div", "span", "p"} and inner.attributes.get("role") is None:
        inner.tag = "li"
        inner.name = inner.name if inner.tag == "p" else "item"
        return inner
    item = Element("li", children=[inner], name="item")
    names = {name for rule in inner.style.rules.values() for name in rule}
    if inner.tag == "a" and names <= {*INHERITED, *_PLACEMENT}:
        # A link that paints no box of its own inherits all that its entry is given.
        item.style, inner.style = inner.style, Style()
        return item
    item.style = _taken(inner.style, _PLACEMENT)
    if inner.tag == "a" and not inner.style.has("display"):
        # A bullet is as high as a line of the item, whatever the text's type.
        item.style.update(_taken(inner.style, _TYPE))
        inner.style.set("display", "block")
    return item


_PLACEMENT = (
    "flex", "flex-grow", "flex-shrink", "align-self", "justify-self", "grid-column", "grid-row",
    "grid-area", "margin-top", "margin-bottom", "margin-left", "margin-right", "min-width",
)  # fmt: skip


_TYPE = tuple(name for name in INHERITED if name != "color")


def _taken(style: Style, names: Sequence[str]) -> Style:
    """Takes the declarations of some properties out of `style`."""
    taken = Style()
    for condition in list(style.rules):
        for name in names:
            value = style.get(name, condition)
            if value is not None:
                taken.set(name, value, condition)
                style.drop(name, condition)
    return taken


def _spaced(name: str) -> str:
    """Returns a PascalCase name as words."""
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name).strip()


def page_style(root: node_pb2.Node, context: Context) -> Style:
    """Returns the declarations of the page itself: background and the type most text has."""
    style = Style()
    style.update(box(root, context))
    style.update(arrange(root, context))
    style.update(surface(root, context))
    face = type_style(root, context)
    for name in ("color", "font-family", "font-size", "line-height"):
        value = face.get(name)
        if value is not None:
            style.set(name, value)
    return style


__all__ = ["Builder", "Text", "page_style"]
