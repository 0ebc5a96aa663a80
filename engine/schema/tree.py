"""Walks over node trees with the JSON path of every node."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from structra.v1 import node_pb2


class Visit(NamedTuple):
    """A node, its path, its ancestors from the root down, and its place among its siblings."""

    node: node_pb2.Node
    path: str
    ancestors: tuple[node_pb2.Node, ...]


def walk(root: node_pb2.Node, path: str = "root") -> Iterator[Visit]:
    """Yields every node in reading order, parents before children; needs no recursion."""
    stack = [Visit(root, path, ())]
    while stack:
        visit = stack.pop()
        yield visit
        line = (*visit.ancestors, visit.node)
        children = [
            Visit(child, f"{visit.path}.children[{index}]", line)
            for index, child in enumerate(visit.node.children)
        ]
        stack.extend(reversed(children))
