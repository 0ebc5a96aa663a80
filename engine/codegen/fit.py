"""Estimates how narrow an element may become before it looks broken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from structra.v1 import node_pb2

from engine.schema.css_values import pixels

# Comfortable least widths in CSS pixels: what each kind still works at.
_PARAGRAPH, _WORDS, _HEADING, _FIELD, _PICTURE = 200.0, 140.0, 180.0, 160.0, 160.0
_CARD = 200.0
# Mean width of a letter, as a share of the font size.
_LETTER = 0.55
# Room for a line of text on a phone of 375 px, beside paddings of 24 px.
_LINE = 327.0
# Room for content at the breakpoints: their width without 16 px of margin on each side.
ROOM = {"": 343.0, "sm": 608.0, "md": 736.0, "lg": 992.0}

_FIXED = frozenset({
    node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_DIVIDER, node_pb2.NODE_KIND_SHAPE,
})  # fmt: skip


def is_row(node: node_pb2.Node) -> bool:
    """Returns whether `node` puts its children side by side in one flex row."""
    layout = node.layout
    return layout.display == node_pb2.DISPLAY_INLINE or (
        layout.display == node_pb2.DISPLAY_FLEX and layout.direction == node_pb2.DIRECTION_ROW
    )


def is_grid(node: node_pb2.Node) -> bool:
    """Returns whether `node` is a grid of more than one column."""
    return node.layout.display == node_pb2.DISPLAY_GRID and column_count(node) > 1


def column_count(node: node_pb2.Node) -> int:
    """Returns the number of columns of a grid; at least 1."""
    return max(node.layout.columns, len(node.layout.column_tracks), 1)


def is_single_line(node: node_pb2.Node) -> bool:
    """Returns whether a text was seen on one line."""
    return len(node.lines) <= 1 and not any(run.break_after for run in node.runs)


def least_width(node: node_pb2.Node) -> float:
    """Returns the width in CSS pixels below which `node` should not shrink."""
    width = node.bounds.width
    kind = node.kind
    if kind in _FIXED:
        return width if width <= _PICTURE else 0.0
    if kind in {node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART}:
        return min(width, _PICTURE)
    if kind in {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE}:
        return width
    if kind == node_pb2.NODE_KIND_INPUT:
        return min(width, _FIELD)
    if kind == node_pb2.NODE_KIND_HEADING:
        return min(width, max(_HEADING, _longest_word(node)))
    if not node.children:
        usual = _WORDS if is_single_line(node) else _PARAGRAPH
        return min(width, max(usual, _longest_word(node)))
    return _container_width(node)


def _longest_word(node: node_pb2.Node) -> float:
    """Returns about how wide the longest word of a text is."""
    letters = max((len(word) for word in node.text.split()), default=0)
    return letters * _LETTER * node.style.typography.size.px


def largest_type(node: node_pb2.Node) -> float:
    """Returns the font size in pixels at which a text's longest word fills a phone's line.

    A text of one word is as wide as it was seen; other words' widths are estimates.
    """
    size = node.style.typography.size.px
    alone = len(node.text.split()) == 1 and len(node.lines) == 1
    word = node.lines[0].width if alone else _longest_word(node)
    return _LINE * size / word if word else size


def _container_width(node: node_pb2.Node) -> float:
    layout = node.layout
    inner = cell_widths(node, node.children)
    sides = layout.padding.left.px + layout.padding.right.px
    if is_grid(node) or (is_row(node) and not layout.wrap):
        columns = column_count(node) if is_grid(node) else len(inner)
        content = row_width(inner, columns, layout.column_gap.px)
        content = min(content, ROOM[""])
    else:
        content = max(inner)
    painted = node.style.HasField("background") or node.style.HasField("border")
    least = min(node.bounds.width, _CARD) if painted else 0.0
    return max(content + min(sides, 48.0), least)


def cell_widths(node: node_pb2.Node, children: Iterable[node_pb2.Node]) -> list[float]:
    """Returns the least widths of a container's children; fixed grid tracks do not shrink."""
    tracks = [pixels(track) for track in node.layout.column_tracks] if is_grid(node) else []
    widths = []
    for index, child in enumerate(children):
        fixed = tracks[index % len(tracks)] if tracks else None
        widths.append(max(least_width(child), fixed or 0.0))
    return widths


def row_width(widths: list[float], columns: int, gap: float, tracks: Sequence[str] = ()) -> float:
    """Returns the width of `columns` columns that hold cells of these widths in turn.

    Columns that share the room by `tracks` such as "2fr" need as much together as the one that
    is the most crowded for its share.
    """
    per_column = [
        max((width for index, width in enumerate(widths) if index % columns == column), default=0.0)
        for column in range(columns)
    ]
    needed = sum(per_column)
    if len(tracks) == columns and all(track.endswith("fr") for track in tracks):
        shares = [float(track.removesuffix("fr")) for track in tracks]
        crowded = [
            width * sum(shares) / share
            for width, share in zip(per_column, shares, strict=True)
            if share
        ]
        needed = max(needed, *crowded)
    return needed + gap * (columns - 1)
