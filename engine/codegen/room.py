"""How much room containers have for their content in the source.

A group's bounds are those of its content; the column or cell that it fills is often wider.
A painted box's are its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from structra.v1 import node_pb2

from engine.codegen.fit import column_count, is_grid, is_row
from engine.schema.css_values import pixels

# A row that fills its container more than this is tight: it must not wrap for a pixel.
_TIGHT = 0.9


def rooms(root: node_pb2.Node) -> Mapping[str, float]:
    """Returns the width in pixels that every container has for its content, by the node's id."""
    found: dict[str, float] = {}
    stack = [(root, root.bounds.width)]
    while stack:
        node, width = stack.pop()
        if node.children:
            found[node.id] = content_width(node, width)
            stack += zip(node.children, _shares(node, found[node.id]), strict=True)
    return found


def content_width(node: node_pb2.Node, width: float) -> float:
    """Returns the width of the content of a container that is `width` wide, in pixels."""
    layout = node.layout
    inner = width - layout.padding.left.px - layout.padding.right.px
    if layout.contained and layout.max_width.px:
        inner = min(inner, layout.max_width.px)
    return max(inner, 1.0)


def cell_width(grid: node_pb2.Node, room: float) -> float:
    """Returns the width of an equal column of a grid whose content has `room`, in pixels."""
    columns = column_count(grid)
    return max((room - grid.layout.column_gap.px * (columns - 1)) / columns, 1.0)


def track_width(index: int, grid: node_pb2.Node, room: float) -> float:
    """Returns the width of the column in which a grid's child of a number stands, in pixels."""
    tracks = list(grid.layout.column_tracks)
    if not tracks:
        return cell_width(grid, room)
    fixed = [pixels(track) for track in tracks]
    shares = [float(t[:-2]) if t.endswith("fr") and t[:-2] else 0.0 for t in tracks]
    own = fixed[index % len(tracks)]
    if own is not None:
        return own
    gaps = grid.layout.column_gap.px * (len(tracks) - 1)
    free = room - gaps - sum(width or 0.0 for width in fixed)
    return max(free, 1.0) * shares[index % len(tracks)] / (sum(shares) or 1.0)


def is_tight(row: node_pb2.Node, room: float) -> bool:
    """Returns whether a row leaves so little of `room` that other fonts could make it wrap."""
    return needed_width(row) > _TIGHT * room


def _shares(node: node_pb2.Node, room: float) -> Iterator[float]:
    """Yields the width that each child of a container gets, in pixels."""
    spare = 0.0
    if is_row(node) and not is_tight(node, room):
        spare = room - needed_width(node)
    for index, child in enumerate(node.children):
        layout = child.layout
        if is_grid(node):
            width = track_width(index, node, room)
        elif is_row(node):
            width = child.bounds.width + spare
        else:
            width = room
        width -= layout.margin.left.px + layout.margin.right.px
        if layout.width_sizing == node_pb2.SIZING_FIXED and layout.width.px:
            width = layout.width.px
        elif layout.max_width.px and not layout.contained:
            width = min(width, layout.max_width.px)
        elif child.style.HasField("background") or child.style.HasField("border"):
            width = min(width, child.bounds.width)
        yield max(width, 1.0)


def needed_width(row: node_pb2.Node) -> float:
    """Returns how wide the children of a row are together, with what is between them."""
    width = row.layout.column_gap.px * (len(row.children) - 1)
    for child in row.children:
        margin = child.layout.margin
        width += child.bounds.width + margin.left.px + margin.right.px
    return width
