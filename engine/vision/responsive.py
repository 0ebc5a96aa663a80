"""Derives what changes on narrower screens."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.item import Item

_MANY = 4


def derive_rules(root: Item) -> list[canonical_schema_pb2.ResponsiveRule]:
    """Returns the rules that a page's structure calls for, in reading order.

    Grids lose columns, fixed side columns move above or below what they stand
    beside, and navigation wraps.
    """
    rules: list[canonical_schema_pb2.ResponsiveRule] = []
    for item in root.walk():
        layout = item.node.layout
        if item.kind == node_pb2.NODE_KIND_TABLE:
            continue
        if layout.display == node_pb2.DISPLAY_GRID and layout.columns > 1:
            rules += _grid_rules(item)
        elif item.node.role == node_pb2.SEMANTIC_ROLE_HEADER:
            rules.append(
                _rule(
                    item,
                    canonical_schema_pb2.BREAKPOINT_MOBILE,
                    0,
                    "The header's parts wrap below each other when they no longer fit.",
                )
            )
    return rules


def _grid_rules(item: Item) -> list[canonical_schema_pb2.ResponsiveRule]:
    columns = item.node.layout.columns
    tracks = list(item.node.layout.column_tracks)
    small = all(child.box.w <= 120 for child in item.children)
    if small and columns <= _MANY:
        return []
    fixed = [track for track in tracks if track.endswith("rem")]
    if fixed and columns <= 3:
        if all(
            child.box.w < 80
            for child, track in zip(item.children, tracks, strict=False)
            if track.endswith("rem")
        ):
            return []
        return [
            _rule(
                item,
                canonical_schema_pb2.BREAKPOINT_TABLET,
                1,
                "The side column no longer fits beside the content and stands above or below it.",
            )
        ]
    rules = []
    if columns >= _MANY:
        rules.append(
            _rule(
                item,
                canonical_schema_pb2.BREAKPOINT_TABLET,
                2,
                f"The {columns} columns become 2.",
            )
        )
    rules.append(
        _rule(
            item,
            canonical_schema_pb2.BREAKPOINT_MOBILE,
            1,
            f"The {columns} columns stand below each other.",
        )
    )
    return rules


def _rule(
    item: Item,
    breakpoint_: canonical_schema_pb2.Breakpoint.ValueType,
    columns: int,
    description: str,
) -> canonical_schema_pb2.ResponsiveRule:
    return canonical_schema_pb2.ResponsiveRule(
        breakpoint=breakpoint_,
        action=canonical_schema_pb2.RESPONSIVE_ACTION_RESTRUCTURE,
        description=description,
        node_id=item.node.id,
        columns=columns,
    )
