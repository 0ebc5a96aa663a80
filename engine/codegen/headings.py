"""Heading levels without gaps."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.schema.tree import walk


def heading_levels(root: node_pb2.Node) -> dict[str, int]:
    """Returns the level of every heading by node id.

    The page gets exactly one h1 (the first of the most important headings) and
    no level is skipped on the way down, which is what screen readers navigate by;
    headings below the same one get the same level.
    """
    headings = [visit.node for visit in walk(root) if visit.node.kind == node_pb2.NODE_KIND_HEADING]
    if not headings:
        return {}
    given = {node.id: node.heading_level or 2 for node in headings}
    top = min(given.values())
    title = next(node for node in headings if given[node.id] == top)
    levels: dict[str, int] = {title.id: 1}
    above = [1]
    for node in headings:
        if node is title:
            continue
        level = max(given[node.id] - top + 1, 2)
        while above[-1] >= level:
            above.pop()
        above.append(level)
        levels[node.id] = min(len(above), 6)
    return levels
