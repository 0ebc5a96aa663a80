"""Turns a node's layout into declarations: how it arranges its children."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen.context import Context
from engine.codegen.element import BREAKPOINT_PX, BREAKPOINTS, Style
from engine.codegen.fit import (
    ROOM,
    cell_widths,
    column_count,
    is_grid,
    is_row,
    least_width,
    row_width,
)
from engine.codegen.room import is_tight, needed_width
from engine.schema.css_values import pixels

ALIGN = {
    node_pb2.ALIGNMENT_START: "flex-start",
    node_pb2.ALIGNMENT_CENTER: "center",
    node_pb2.ALIGNMENT_END: "flex-end",
    node_pb2.ALIGNMENT_STRETCH: "stretch",
    node_pb2.ALIGNMENT_BASELINE: "baseline",
}
GRID_ALIGN = {**ALIGN, node_pb2.ALIGNMENT_START: "start", node_pb2.ALIGNMENT_END: "end"}
_CELLS = {node_pb2.SEMANTIC_ROLE_TABLE_CELL, node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL}
_JUSTIFY = {
    node_pb2.DISTRIBUTION_CENTER: "center",
    node_pb2.DISTRIBUTION_END: "flex-end",
    node_pb2.DISTRIBUTION_SPACE_BETWEEN: "space-between",
    node_pb2.DISTRIBUTION_SPACE_AROUND: "space-around",
    node_pb2.DISTRIBUTION_SPACE_EVENLY: "space-evenly",
}
# Rows up to this width fit on every screen, in pixels.
_ANYWHERE = 200.0
# Gaps between columns beyond this belong to wide viewports; narrow ones get less, in pixels.
_WIDE_GAP, _NARROW_GAP = 32.0, 16.0


def row_breakpoint(node: node_pb2.Node, context: Context) -> str:
    """Returns the condition from which on a row or grid has the source's columns."""
    layout = node.layout
    mobile = context.columns(node, canonical_schema_pb2.BREAKPOINT_MOBILE)
    tablet = context.columns(node, canonical_schema_pb2.BREAKPOINT_TABLET)
    inner = cell_widths(node, in_flow(node))
    columns = column_count(node) if is_grid(node) else max(len(inner), 1)
    if tablet is not None and tablet < columns:
        return context.source
    wraps = is_row(node) and layout.wrap
    shared = layout.column_tracks if is_grid(node) else ()
    room = row_width(inner, columns, layout.column_gap.px, shared)
    needed = max(inner, default=0.0) if wraps else room
    if (mobile is None or mobile >= columns) and needed <= ROOM[""]:
        return ""
    share = node.bounds.width / context.width if context.width else 1.0
    for name in BREAKPOINTS:
        if BREAKPOINT_PX[name] > BREAKPOINT_PX[context.source]:
            break
        if needed <= ROOM[name] * (share if name == "lg" else max(share, 0.5)):
            return name
    return context.source


def in_flow(node: node_pb2.Node) -> list[node_pb2.Node]:
    """Returns the children that are not overlays."""
    return [c for c in node.children if c.layout.position != node_pb2.POSITION_OVERLAY]


def has_overlays(node: node_pb2.Node) -> bool:
    """Returns whether some child lies on top of its siblings."""
    return len(in_flow(node)) < len(node.children)


def arrange(node: node_pb2.Node, context: Context) -> Style:
    """Returns the declarations by which `node` arranges its children."""
    style = Style()
    if not node.children:
        return style
    if has_overlays(node):
        _stack(node, style, context)
    elif is_grid(node):
        _grid(node, style, context)
    elif is_row(node):
        _row(node, style, context)
    else:
        _column(node, style, context)
    return style


def _stack(node: node_pb2.Node, style: Style, context: Context) -> None:
    """Children share the grid's cells; those in the flow follow each other as rows."""
    layout, count = node.layout, len(in_flow(node))
    style.set("display", "grid")
    style.set("grid-template-columns", "minmax(0, 1fr)")
    if count > 1:
        style.set("grid-template-rows", f"repeat({count}, auto)")
    _gap(style, context, layout.row_gap, None)
    if layout.align_items in {node_pb2.ALIGNMENT_START, node_pb2.ALIGNMENT_CENTER}:
        style.set("align-items", GRID_ALIGN[layout.align_items])


def _grid(node: node_pb2.Node, style: Style, context: Context) -> None:
    layout = node.layout
    style.set("display", "grid")
    full = tracks(node, context)
    at = row_breakpoint(node, context)
    if at:
        for condition, columns in _fewer_columns(node, context, at):
            style.set("grid-template-columns", repeat(columns), condition)
    style.set("grid-template-columns", full, at)
    _gap(style, context, layout.row_gap, layout.column_gap)
    if not at and layout.column_gap.px > _WIDE_GAP and context.source:
        beside = context.tokens.space(layout.column_gap)
        style.drop("gap")
        style.set("column-gap", context.tokens.space_px(_NARROW_GAP))
        style.set("column-gap", beside, context.source)
        if layout.row_gap.px:
            style.set("row-gap", context.tokens.space(layout.row_gap))
    if at and not layout.row_gap.px and layout.column_gap.px:
        above = context.tokens.space_px(min(layout.column_gap.px, 32.0))
        if style.get("column-gap") == above:
            style.drop("column-gap")
            style.set("gap", above)
        else:
            style.set("row-gap", above)
        style.set("row-gap", "0", at)
    if layout.align_items not in {
        node_pb2.ALIGNMENT_STRETCH,
        node_pb2.ALIGNMENT_UNSPECIFIED,
    }:
        style.set("align-items", GRID_ALIGN[layout.align_items], at)
    if layout.justify_content in _JUSTIFY:
        style.set("justify-content", _JUSTIFY[layout.justify_content].removeprefix("flex-"), at)


def _fewer_columns(node: node_pb2.Node, context: Context, at: str) -> list[tuple[str, int]]:
    """Returns how many columns a grid has below the condition `at`, narrow first."""
    columns = column_count(node)
    mobile = context.columns(node, canonical_schema_pb2.BREAKPOINT_MOBILE)
    tablet = context.columns(node, canonical_schema_pb2.BREAKPOINT_TABLET)
    widest = max((least_width(child) for child in node.children), default=0.0)
    equal = not node.layout.column_tracks
    base = mobile or (_that_fit(widest, ROOM[""], columns, node) if equal else 1)
    result = [("", base)]
    if tablet is None and not equal:
        return result
    middle = tablet or _that_fit(max(widest, 160.0), ROOM["md"], columns, node)
    below = BREAKPOINT_PX["md"] < BREAKPOINT_PX[at]
    if middle > base and middle < columns and below:
        result.append(("md", middle))
    return result


def _that_fit(widest: float, room: float, columns: int, node: node_pb2.Node) -> int:
    """Returns the most columns that fit into `room`, preferring those that divide evenly."""
    gap = node.layout.column_gap.px
    fit = [n for n in range(1, columns + 1) if n * widest + (n - 1) * gap <= room]
    most = max(fit, default=1)
    even = max((n for n in fit if columns % n == 0), default=1)
    return even if even > 1 else most


def tracks(node: node_pb2.Node, context: Context) -> str:
    """Returns `grid-template-columns` as in the source."""
    given = [_track(track.strip(), context) for track in node.layout.column_tracks]
    if not given or len(set(given)) == 1:
        return repeat(column_count(node)) if not given else repeat(len(given), given[0])
    return " ".join(given)


def _track(track: str, context: Context) -> str:
    px = pixels(track)
    if px:
        return context.tokens.size_px(px)
    return f"minmax(0, {track})" if track.endswith("fr") else track


def repeat(count: int, track: str = "minmax(0, 1fr)") -> str:
    """Returns `count` tracks of one kind."""
    return track if count == 1 else f"repeat({count}, {track})"


def _row(node: node_pb2.Node, style: Style, context: Context) -> None:
    layout = node.layout
    at = row_breakpoint(node, context)
    style.set("display", "flex")
    if at:
        style.set("flex-direction", "column")
        style.set("flex-direction", "row", at)
        if any(child.layout.align_self for child in node.children):
            style.set("align-items", "stretch")
    elif len(node.children) > 1 and not _keeps_line(node):
        style.set("flex-wrap", "wrap")
        if is_tight(node, context.room(node)) and context.source:
            style.set("flex-wrap", "nowrap", context.source)
    _gap(style, context, layout.row_gap, layout.column_gap)
    if not layout.row_gap.px and layout.column_gap.px and len(node.children) > 1:
        gap = min(layout.column_gap.px, _NARROW_GAP)
        beside = style.get("column-gap")
        style.drop("column-gap")
        style.set("gap", context.tokens.space_px(gap))
        if beside is not None and beside != style.get("gap"):
            if layout.column_gap.px > _WIDE_GAP:
                style.set("column-gap", beside, context.source)
            else:
                style.set("gap", f"{style.get('gap')} {beside}")
    align = layout.align_items
    if align not in {node_pb2.ALIGNMENT_UNSPECIFIED, node_pb2.ALIGNMENT_STRETCH}:
        style.set("align-items", ALIGN[align], at)
    if layout.justify_content in _JUSTIFY:
        style.set("justify-content", _JUSTIFY[layout.justify_content], at)


def _keeps_line(node: node_pb2.Node) -> bool:
    """Returns whether a row is so narrow that it never needs to wrap.

    A table's columns narrow with the page, so what stands in its cells may have to.
    """
    if node.role in _CELLS:
        return False
    return node.bounds.width <= _ANYWHERE and needed_width(node) <= _ANYWHERE


def _column(node: node_pb2.Node, style: Style, context: Context) -> None:
    layout = node.layout
    if not needs_flex(node):
        return
    style.set("display", "flex")
    style.set("flex-direction", "column")
    _gap(style, context, layout.row_gap, None)
    if layout.align_items in {
        node_pb2.ALIGNMENT_CENTER,
        node_pb2.ALIGNMENT_END,
        node_pb2.ALIGNMENT_START,
    }:
        style.set("align-items", ALIGN[layout.align_items])
    if layout.justify_content in _JUSTIFY:
        style.set("justify-content", _JUSTIFY[layout.justify_content])


def needs_flex(node: node_pb2.Node) -> bool:
    """Returns whether a column needs flexbox; plain block flow does for the rest."""
    layout = node.layout
    if layout.row_gap.px or layout.justify_content in _JUSTIFY:
        return True
    if layout.align_items not in {
        node_pb2.ALIGNMENT_UNSPECIFIED,
        node_pb2.ALIGNMENT_STRETCH,
    }:
        return True
    return any(_wants_flex(child) for child in node.children)


def _wants_flex(child: node_pb2.Node) -> bool:
    layout = child.layout
    margins = layout.margin
    return bool(
        layout.align_self
        or margins.top.px
        or margins.bottom.px
        or layout.grow
        or layout.width_sizing == node_pb2.SIZING_HUG
        or child.kind
        in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE, node_pb2.NODE_KIND_LINK}
    )


def _gap(
    style: Style,
    context: Context,
    row: node_pb2.Length,
    column: node_pb2.Length | None,
) -> None:
    above = context.tokens.space(row) if row.px > 0 else "0"
    beside = context.tokens.space(column) if column is not None and column.px > 0 else "0"
    if column is None or above == beside:
        if above != "0":
            style.set("gap", above)
    elif above == "0":
        style.set("column-gap", beside)
    elif beside == "0":
        style.set("row-gap", above)
    else:
        style.set("gap", f"{above} {beside}")
