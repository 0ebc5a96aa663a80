"""Heading levels without gaps."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.schema.tree import walk


def heading_levels(root: node_pb2.Node) -> dict[str, int]:
    """Returns the level of every heading by node id.

    The page gets exactly one h1 (the first of the most important headings) and
    no level is skipped on the way down, which is what screen readers navigate by;
    the schema's levels keep their order.
    """
    headings = [visit.node for visit in walk(root) if visit.node.kind == node_pb2.NODE_KIND_HEADING]
    if not headings:
        return {}
    given = {node.id: node.heading_level or 2 for node in headings}
    top = min(given.values())
    title = next(node for node in headings if given[node.id] == top)
    levels: dict[str, int] = {}
    before = 0
    for node in headings:
        if node is title:
            level = 1
        else:
            level = max(given[node.id] - top + 1, 2)
            level = min(level, max(before, 1) + 1)
        levels[node.id] = min(level, 6)
        before = levels[node.id]
    return levels
