"""Look-ups in a node tree that is being changed."""

from __future__ import annotations

from collections.abc import Iterator

from structra.v1.node_pb2 import Node


class Tree:
    """Finds nodes and their parents by id."""

    def __init__(self, root: Node) -> None:
        self.root = root
        self._nodes: dict[str, Node] = {}
        self._parents: dict[str, Node] = {}
        self.refresh()

    def refresh(self) -> None:
        """Reads the tree again; needed after its structure has changed."""
        self._nodes.clear()
        self._parents.clear()
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            self._nodes[node.id] = node
            for child in node.children:
                self._parents[child.id] = node
                waiting.append(child)

    def find(self, node_id: str) -> Node | None:
        return self._nodes.get(node_id)

    def get(self, node_id: str) -> Node:
        """Returns the node; raises KeyError when there is none."""
        return self._nodes[node_id]

    def parent(self, node_id: str) -> Node | None:
        return self._parents.get(node_id)

    def nodes(self) -> Iterator[Node]:
        yield from self._nodes.values()
