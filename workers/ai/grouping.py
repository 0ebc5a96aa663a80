"""Puts siblings into a container of their own, as a model decided."""

from __future__ import annotations

import re

from structra.internal.v1.design_reading_pb2 import NodeGroup
from structra.v1.node_pb2 import (
    DECISION_ROLE_LAYOUT_ENGINEER,
    DISPLAY_FLEX,
    NODE_KIND_CONTAINER,
    NODE_KIND_LIST,
    NODE_KIND_TABLE,
    NODE_KIND_TABS,
    Bounds,
    Node,
)

from workers.ai.tree import Tree
from workers.ai.wording import sentence

_ID = re.compile(r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")
_KINDS = frozenset({NODE_KIND_CONTAINER, NODE_KIND_LIST, NODE_KIND_TABS})
# Their children have a meaning of their own (items, rows, tabs) that a wrapper would break.
_CLOSED = frozenset({NODE_KIND_LIST, NODE_KIND_TABLE, NODE_KIND_TABS})


def group_nodes(tree: Tree, group: NodeGroup, path: str, problems: list[str]) -> None:
    """Wraps the group's children, or adds to `problems` why that is impossible."""
    found = _find_problems(tree, group, path)
    if found:
        problems.extend(found)
        return
    parent = tree.parent(group.child_ids[0])
    assert parent is not None  # noqa: S101 - _find_problems made sure
    ids = [child.id for child in parent.children]
    first = ids.index(group.child_ids[0])
    end = first + len(group.child_ids)
    children = [_copy(child) for child in parent.children]
    wrapper = _wrap(group, children[first:end], parent)
    del parent.children[:]
    parent.children.extend([*children[:first], wrapper, *children[end:]])
    tree.refresh()


def _find_problems(tree: Tree, group: NodeGroup, path: str) -> list[str]:
    problems = []
    if not _ID.match(group.id) or tree.find(group.id) is not None:
        problems.append(f"{path}.id: must be a new id of letters, digits, - and _")
    if group.kind not in _KINDS:
        problems.append(f"{path}.kind: must be container, list or tabs")
    if len(group.child_ids) < 2:
        problems.append(f"{path}.childIds: must name at least two nodes")
        return problems
    parents = [tree.parent(child_id) for child_id in group.child_ids]
    parent = parents[0]
    if parent is None or any(other is not parent for other in parents):
        problems.append(f"{path}.childIds: must name nodes with one parent")
    elif parent.kind in _CLOSED:
        problems.append(f"{path}.childIds: the children of a list, table or tabs stay together")
    else:
        ids = [child.id for child in parent.children]
        first = ids.index(group.child_ids[0])
        if ids[first : first + len(group.child_ids)] != list(group.child_ids):
            problems.append(f"{path}.childIds: must be adjacent, in their present order")
        elif len(group.child_ids) == len(ids):
            problems.append(f'{path}.childIds: are all of "{parent.id}"; change that node instead')
    return problems


def _wrap(group: NodeGroup, children: list[Node], parent: Node) -> Node:
    wrapper = Node(
        id=group.id,
        kind=group.kind,
        role=group.role,
        bounds=_around(children),
        children=children,
        confidence=min(child.confidence for child in children),
    )
    wrapper.layout.display = group.display or DISPLAY_FLEX
    wrapper.layout.direction = group.direction
    # Inside the wrapper the children keep the distance that they had in their parent.
    if parent.layout.HasField("row_gap"):
        wrapper.layout.row_gap.CopyFrom(parent.layout.row_gap)
    if parent.layout.HasField("column_gap"):
        wrapper.layout.column_gap.CopyFrom(parent.layout.column_gap)
    wrapper.decision.role = DECISION_ROLE_LAYOUT_ENGINEER
    wrapper.decision.reason = sentence(group.reason)
    return wrapper


def _around(nodes: list[Node]) -> Bounds:
    left = min(n.bounds.x for n in nodes)
    top = min(n.bounds.y for n in nodes)
    right = max(n.bounds.x + n.bounds.width for n in nodes)
    bottom = max(n.bounds.y + n.bounds.height for n in nodes)
    return Bounds(x=left, y=top, width=right - left, height=bottom - top)


def _copy(node: Node) -> Node:
    copied = Node()
    copied.CopyFrom(node)
    return copied
