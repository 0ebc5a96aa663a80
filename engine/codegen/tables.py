"""Builds tables with header cells, column widths and, when they are wide, a scrolling frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from structra.v1 import node_pb2

from engine.codegen.context import Context
from engine.codegen.element import Element, Style
from engine.codegen.paint import surface
from engine.codegen.place import FULL, box, stays_on_line

if TYPE_CHECKING:
    from engine.codegen.build import Builder

# With more columns than this a table scrolls sideways on narrow screens.
_MOST_COLUMNS = 3
# Indents beyond this centre something in a wide cell; narrow ones have less room, in pixels.
_NARROW_INDENT = 16.0
# What is painted in a cell and takes less of the row's height is a box of its own.
_LOWER = 0.8
# What HTML does not permit in a header cell (HTML standard, 4.9.10).
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SECTIONS = frozenset({"article", "aside", "nav", "section", "header", "footer"})


def table(node: node_pb2.Node, context: Context, builder: Builder) -> Element:
    """Returns a table; its rows are the node's children, theirs are the cells."""
    element = Element("table", name="table")
    style = element.style
    style.update(surface(node, context))
    style.set("width", "100%")
    style.set("border-collapse", "collapse")
    style.set("table-layout", "fixed")
    _columns(element, node)
    head = [row for row in node.children if _is_header(row)]
    head = head[:1] if node.children and head[:1] == [node.children[0]] else []
    for tag, rows in (("thead", head), ("tbody", node.children[len(head) :])):
        if rows:
            group = Element(tag, name=tag)
            group.children.extend(_row(row, context, builder, head=tag == "thead") for row in rows)
            _keep_lines(group, rows, node, context)
            element.children.append(group)
    if max((len(row.children) for row in node.children), default=0) <= _MOST_COLUMNS:
        return element
    style.set("min-width", context.tokens.size_px(min(node.bounds.width, 640.0)))
    frame = Element(
        "div", {"role": "region", "aria-label": "Table", "tabindex": "0"}, [element], name="scroll"
    )
    frame.style.set("overflow-x", "auto")
    return frame


def _columns(element: Element, node: node_pb2.Node) -> None:
    tracks = list(node.layout.column_tracks)
    if not tracks or len(set(tracks)) == 1:
        return
    group = Element("colgroup")
    for track in tracks:
        column = Element("col", name="column")
        if track.endswith("%"):
            column.style.set("width", track)
        group.children.append(column)
    element.children.append(group)


def _is_header(row: node_pb2.Node) -> bool:
    role = node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL
    return bool(row.children) and all(cell.role == role for cell in row.children)


def _row(row: node_pb2.Node, context: Context, builder: Builder, *, head: bool) -> Element:
    element = Element("tr", name="row")
    element.style.update(surface(row, context))
    if row.layout.height.px:
        element.style.set("height", context.tokens.size(row.layout.height))
    for cell in row.children:
        element.children.append(_cell(cell, row, context, builder, head=head))
    return element


def _keep_lines(
    group: Element, rows: Sequence[node_pb2.Node], table: node_pb2.Node, context: Context
) -> None:
    """Keeps a line that fills its column on one line, in fonts that run wider too."""
    tracks = list(table.layout.column_tracks)
    for element, row in zip(group.children, rows, strict=True):
        if not isinstance(element, Element) or len(row.children) != len(tracks):
            continue
        for made, cell, track in zip(element.children, row.children, tracks, strict=True):
            width = float(track.removesuffix("%")) / 100 * table.bounds.width
            fills = stays_on_line(cell) and cell.bounds.width > FULL * width
            if fills and isinstance(made, Element):
                made.style.set("white-space", "nowrap", context.source)


def _cell(
    cell: node_pb2.Node, row: node_pb2.Node, context: Context, builder: Builder, *, head: bool
) -> Element:
    header = cell.role == node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL
    content = builder.element(cell, None)
    if header and not content.text().strip():
        header = False
    tag = "th" if header else "td"
    if header:
        _flatten(content)
    plain = content.tag in {"p", "span", "div"} and not content.style.has("display")
    boxed = _holds_box(cell, row)
    if plain and not boxed:
        element = content
        element.tag = tag
    else:
        element = Element(tag, children=[content])
        # On a line an icon would stand as high as letters do, not in the middle of its cell.
        if content.style.get("display") == "inline-flex" and not cell.text:
            content.style.set("display", "flex")
        # The lines between cells run from row to row, whatever these hold.
        if any(_is_ruled(other) for other in row.children):
            names = ("border-right",) if boxed else ("border-right", "background-color")
            for name in names:
                value = content.style.get(name)
                if value is not None:
                    content.style.drop(name)
                    element.style.set(name, value)
    element.name = "heading" if header else "cell"
    if header:
        element.attributes["scope"] = "col" if head else "row"
    _spacing(cell, row, element.style, context, wrapped=element is not content)
    if cell.layout.column_span > 1:
        element.attributes["colspan"] = str(cell.layout.column_span)
    return element


def _is_ruled(cell: node_pb2.Node) -> bool:
    """Returns whether a line parts a cell from the next, and is all of its border."""
    sides = cell.style.border.sides
    return sides.right and not (sides.top or sides.bottom or sides.left)


def _holds_box(cell: node_pb2.Node, row: node_pb2.Node) -> bool:
    """Returns whether what a cell holds is painted and lower than its row, as a bar or badge."""
    painted = cell.style.background.HasField("color") and not cell.text
    return painted and cell.bounds.height < _LOWER * row.bounds.height


def _flatten(content: Element) -> None:
    """Makes plain elements of what HTML does not permit in a header cell."""
    for element in content.walk():
        if element.tag in _HEADINGS:
            element.tag = "p"
        elif element.tag in _SECTIONS:
            element.tag = "div"


def _spacing(
    cell: node_pb2.Node, row: node_pb2.Node, style: Style, context: Context, *, wrapped: bool
) -> None:
    """Cells have no margins: their offsets become padding; rows give the vertical rhythm.

    What is `wrapped` in its cell keeps its own padding.
    """
    tokens, layout = context.tokens, cell.layout
    if not wrapped:
        style.update(box(cell, context))
    padding = row.layout.padding
    if row.layout.align_items == node_pb2.ALIGNMENT_START:
        style.set("vertical-align", "top")
        style.set("padding-top", tokens.space_px(padding.top.px))
    elif not row.layout.height.px and (padding.top.px or padding.bottom.px):
        style.set("padding-block", tokens.space_px(max(padding.top.px, padding.bottom.px)))
    for side, offset in (("top", layout.margin.top), ("bottom", layout.margin.bottom)):
        if offset.px > 0:
            style.set(f"padding-{side}", tokens.space(offset), context.source)
    left = layout.margin.left.px + (0.0 if wrapped else layout.padding.left.px)
    if left > 0:
        style.drop("padding-inline")
        style.set("padding-left", tokens.space_px(min(left, _NARROW_INDENT)))
    if left > _NARROW_INDENT:
        style.set("padding-left", tokens.space_px(left), context.source)
    if layout.margin.right.px > 0:
        style.set("padding-right", tokens.space_px(min(layout.margin.right.px, _NARROW_INDENT)))
