"""Turns a node's layout into declarations: how it stands in its parent, and its box."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen.context import Context
from engine.codegen.element import BREAKPOINTS, Style
from engine.codegen.fit import is_grid, is_row, is_single_line
from engine.codegen.flow import ALIGN, GRID_ALIGN, has_overlays, row_breakpoint
from engine.codegen.numbers import number
from engine.codegen.room import cell_width, content_width, is_tight, track_width

_TEXTUAL = frozenset({
    node_pb2.NODE_KIND_HEADING, node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK,
    node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE,
})  # fmt: skip
# Side paddings and offsets beyond this shrink to it on narrow viewports, in pixels.
_SIDE_MOBILE, _ABOVE_MOBILE, _OFFSET_MOBILE = 24.0, 64.0, 32.0
# Room left beside content that is kept to a width, on screens no wider than it.
_GUTTER = 16.0
# Wider things give way on narrow screens, in pixels.
SMALL = 120.0
# Texts of at most this many letters that were seen on one line stay on one line.
_SHORT = 60
# A line that takes more than this share of its place would wrap in a slightly wider font.
FULL = 0.8
_CENTRED = 3.0
# What fills its place by a width of its own.
_FILLING = {node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART, node_pb2.NODE_KIND_INPUT}
_OWN_WIDTH = {node_pb2.SIZING_FIXED, node_pb2.SIZING_HUG}


def place(node: node_pb2.Node, parent: node_pb2.Node | None, context: Context) -> Style:
    """Returns the declarations by which `node` stands in its parent."""
    style = Style()
    layout = node.layout
    if parent is None:
        return style
    at = _condition(parent, context)
    _margins(node, parent, style, context, at)
    if has_overlays(parent):
        _on_stack(node, parent, style, context)
    elif is_grid(parent):
        _in_grid(node, parent, style, context, at)
    elif is_row(parent):
        _in_row(node, parent, style, context, at)
    else:
        _in_column(node, parent, style, context)
    if layout.position == node_pb2.POSITION_STICKY:
        style.set("position", "sticky")
        style.set("top", "0")
        style.set("z-index", "1")
    return style


def hide(node: node_pb2.Node, style: Style, context: Context) -> None:
    """Takes `node` off the page at the viewport classes at which a rule hides it."""
    shown = style.get("display") or "block"
    mobile = context.hidden(node, canonical_schema_pb2.BREAKPOINT_MOBILE)
    tablet = context.hidden(node, canonical_schema_pb2.BREAKPOINT_TABLET)
    if mobile:
        style.set("display", "none")
        style.set("display", shown, "lg" if tablet else "md")
    elif tablet:
        style.set("display", "none", "md")
        style.set("display", shown, "lg")


def _condition(parent: node_pb2.Node, context: Context) -> str:
    """Returns from when on the parent's children stand side by side."""
    return row_breakpoint(parent, context) if is_grid(parent) or is_row(parent) else ""


def _margins(
    node: node_pb2.Node, parent: node_pb2.Node, style: Style, context: Context, at: str
) -> None:
    margin, tokens = node.layout.margin, context.tokens
    if margin.top.px:
        style.set("margin-top", tokens.space(margin.top), at)
    if margin.bottom.px:
        style.set("margin-bottom", tokens.space(margin.bottom), at)
    for name, length in (("left", margin.left), ("right", margin.right)):
        if not length.px or (name == "left" and _is_centred(node, parent)):
            continue
        condition = at
        if abs(length.px) > _OFFSET_MOBILE and not condition:
            condition = context.source
        style.set(f"margin-{name}", tokens.space(length), condition)


def _is_centred(node: node_pb2.Node, parent: node_pb2.Node) -> bool:
    """Returns whether a left margin only stands for centring in an equal grid column."""
    left = node.layout.margin.left.px
    if not is_grid(parent) or left < 8 or parent.layout.column_tracks:
        return False
    inner = content_width(parent, parent.bounds.width)
    return abs(2 * left + node.bounds.width - cell_width(parent, inner)) <= 2 * _CENTRED


def stays_on_line(node: node_pb2.Node) -> bool:
    """Returns whether a text is a short line that other fonts should not make two of."""
    short = 0 < len(node.text.strip()) <= _SHORT
    return short and node.kind in _TEXTUAL and is_single_line(node)


def _on_stack(node: node_pb2.Node, parent: node_pb2.Node, style: Style, context: Context) -> None:
    if node.layout.position == node_pb2.POSITION_OVERLAY:
        style.set("grid-area", "1 / 1 / -1 / -1")
        align = node.layout.align_self
        style.set("align-self", GRID_ALIGN.get(align, "start"))
        if node.layout.width_sizing != node_pb2.SIZING_FILL:
            style.set("justify-self", "start")
        return
    flow = [c for c in parent.children if c.layout.position != node_pb2.POSITION_OVERLAY]
    row = next(i for i, child in enumerate(flow) if child.id == node.id) + 1
    style.set("grid-area", f"{row} / 1")
    if node.kind in _FILLING and node.layout.width_sizing not in _OWN_WIDTH:
        style.set("width", "100%")
        _leave_margins(style)
    if stays_on_line(node):
        style.set("white-space", "nowrap", context.source)


def _in_grid(
    node: node_pb2.Node, parent: node_pb2.Node, style: Style, context: Context, at: str
) -> None:
    layout = node.layout
    _width(node, style, context, fixed_from=at)
    if layout.column_span > 1:
        style.set("grid-column", f"span {layout.column_span}", at)
    if layout.row_span > 1:
        style.set("grid-row", f"span {layout.row_span}", at)
    if _is_centred(node, parent):
        style.set("justify-self", "center")
    elif layout.width_sizing in {node_pb2.SIZING_HUG, node_pb2.SIZING_FIXED}:
        style.set("justify-self", "start")
    if layout.align_self in GRID_ALIGN:
        style.set("align-self", GRID_ALIGN[layout.align_self], at)
    index = next(i for i, child in enumerate(parent.children) if child.id == node.id)
    width = track_width(index, parent, context.room(parent))
    if stays_on_line(node) and node.bounds.width > FULL * width:
        style.set("white-space", "nowrap", context.source)


def _in_row(
    node: node_pb2.Node, parent: node_pb2.Node, style: Style, context: Context, at: str
) -> None:
    layout = node.layout
    if layout.width_sizing == node_pb2.SIZING_FILL:
        grow = number(layout.grow or 1.0, 3)
        style.set("flex", f"{grow} 1 0", at)
        style.set("min-width", "0", at)
        if layout.max_width.px:
            style.set("max-width", context.tokens.size(layout.max_width), at)
    else:
        _width(node, style, context, fixed_from=at)
        if layout.grow:
            style.set("flex-grow", number(layout.grow, 3), at)
        small = layout.width_sizing == node_pb2.SIZING_FIXED and layout.width.px <= SMALL
        if small and not node.children and node.kind != node_pb2.NODE_KIND_ICON:
            style.set("flex-shrink", "0")
    if layout.align_self in ALIGN:
        style.set("align-self", ALIGN[layout.align_self], at)
    elif at and layout.width_sizing == node_pb2.SIZING_HUG and not parent.layout.align_items:
        style.set("align-self", "flex-start")
    tight = is_tight(parent, context.room(parent))
    if tight and " " in node.text.strip() and stays_on_line(node):
        style.set("white-space", "nowrap", context.source)


def _in_column(node: node_pb2.Node, parent: node_pb2.Node, style: Style, context: Context) -> None:
    layout = node.layout
    own = layout.align_self
    effective = own or parent.layout.align_items
    stretched = effective in {node_pb2.ALIGNMENT_UNSPECIFIED, node_pb2.ALIGNMENT_STRETCH}
    hugging = layout.width_sizing == node_pb2.SIZING_HUG or (
        layout.width_sizing == node_pb2.SIZING_UNSPECIFIED
        and node.kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}
    )
    _width(node, style, context, fill=not stretched)
    _leave_margins(style)
    if own in ALIGN and own != parent.layout.align_items:
        style.set("align-self", ALIGN[own])
    elif stretched and hugging:
        style.set("align-self", "flex-start")
    if layout.grow:
        style.set("flex-grow", number(layout.grow, 3))
    if stays_on_line(node) and node.bounds.width > FULL * context.room(parent):
        style.set("white-space", "nowrap", context.source)


def _leave_margins(style: Style) -> None:
    """Makes an element that may take the full width leave room for its own margins."""
    whole = [name for name in ("width", "max-width") if style.get(name) == "100%"]
    for condition in ("", *BREAKPOINTS):
        sides = [style.get(f"margin-{name}", condition) for name in ("left", "right")]
        room = [side for side in sides if side and not side.startswith("calc")]
        for name in whole if room else ():
            style.set(name, f"calc(100% - {' - '.join(room)})", condition)


def _width(
    node: node_pb2.Node,
    style: Style,
    context: Context,
    *,
    fill: bool = False,
    fixed_from: str = "",
) -> None:
    """Sets the width. Nothing is ever wider than its container; an icon's is an attribute."""
    layout, tokens = node.layout, context.tokens
    if layout.width_sizing == node_pb2.SIZING_FIXED and layout.width.px:
        if node.kind == node_pb2.NODE_KIND_ICON:
            return
        width = tokens.size(layout.width)
        if fixed_from and layout.width.px > SMALL and node.children:
            style.set("width", "100%")
            style.set("width", width, fixed_from)
        else:
            style.set("width", width)
        if layout.width.px > SMALL:
            style.set("max-width", "100%")
        return
    if fill and layout.width_sizing == node_pb2.SIZING_FILL:
        style.set("width", "100%")
    if layout.max_width.px and not layout.contained:
        style.set("max-width", tokens.size(layout.max_width))


def box(node: node_pb2.Node, context: Context) -> Style:
    """Returns the declarations of a container's own box: padding, least height, clipping."""
    style = Style()
    layout, tokens = node.layout, context.tokens
    _paddings(node, style, context)
    if layout.height.px:
        style.set("min-height", tokens.size(layout.height), context.source)
    if layout.clip:
        style.set("overflow", "hidden")
    return style


def _paddings(node: node_pb2.Node, style: Style, context: Context) -> None:
    """Sets the padding; content kept to a width is centred by padding, not by a wrapper."""
    padding, tokens = node.layout.padding, context.tokens
    edges = {
        "top": (padding.top, _ABOVE_MOBILE),
        "right": (padding.right, _SIDE_MOBILE),
        "bottom": (padding.bottom, _ABOVE_MOBILE),
        "left": (padding.left, _SIDE_MOBILE),
    }
    base: dict[str, str] = {}
    full: dict[str, str] = {}
    for name, (length, most) in edges.items():
        if length.px <= 0:
            continue
        full[name] = tokens.space(length)
        base[name] = full[name]
        if length.px > most and context.source:
            base[name] = tokens.space_px(most)
    if node.layout.contained and node.layout.max_width.px:
        width = tokens.size(node.layout.max_width)
        for sides in (base, full):
            for name in ("left", "right"):
                gutter = _gutter(node)
                # Inside max() a length needs its unit, even at zero.
                least = sides.get(name, tokens.space_px(gutter) if gutter else "0px")
                sides[name] = f"max({least}, (100% - {width}) / 2)"
    _set_paddings(style, base, "")
    changed = {name: value for name, value in full.items() if base[name] != value}
    if changed:
        _set_paddings(style, changed, context.source)


def _gutter(node: node_pb2.Node) -> float:
    """The room beside contained content, where none is given: no more than the source has."""
    width = node.bounds.width
    beside = max((width - node.layout.max_width.px) / 2, 0.0) if width else _GUTTER
    return float(min(round(beside), _GUTTER))


def _set_paddings(style: Style, edges: dict[str, str], at: str) -> None:
    top, right = edges.get("top"), edges.get("right")
    bottom, left = edges.get("bottom"), edges.get("left")
    if top and top == right == bottom == left:
        style.set("padding", top, at)
        return
    _set_axis(style, "padding-block", ("padding-top", top), ("padding-bottom", bottom), at)
    _set_axis(style, "padding-inline", ("padding-left", left), ("padding-right", right), at)


def _set_axis(
    style: Style,
    name: str,
    first: tuple[str, str | None],
    second: tuple[str, str | None],
    at: str,
) -> None:
    if first[1] is not None and first[1] == second[1]:
        style.set(name, first[1], at)
        return
    for side, value in (first, second):
        if value is not None:
            style.set(side, value, at)
