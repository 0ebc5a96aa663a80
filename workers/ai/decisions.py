"""Changes what a node is, as a model decided, within what its content allows."""

from __future__ import annotations

from structra.internal.v1.design_reading_pb2 import NodeDecision
from structra.v1.canonical_schema_pb2 import Ambiguity
from structra.v1.node_pb2 import (
    CONTROL_TYPE_TEXT,
    DECISION_ROLE_ANALYZER,
    DECISION_ROLE_LAYOUT_ENGINEER,
    DISPLAY_GRID,
    NODE_KIND_BADGE,
    NODE_KIND_BUTTON,
    NODE_KIND_CHART,
    NODE_KIND_CONTAINER,
    NODE_KIND_HEADING,
    NODE_KIND_ICON,
    NODE_KIND_IMAGE,
    NODE_KIND_INPUT,
    NODE_KIND_LINK,
    NODE_KIND_LIST,
    NODE_KIND_SHAPE,
    NODE_KIND_TABS,
    NODE_KIND_TEXT,
    Node,
    NodeKind,
)

from engine.schema.enums import short_name
from workers.ai.grounding import supports
from workers.ai.tree import Tree
from workers.ai.wording import sentence

_TEXTUAL = frozenset(
    {NODE_KIND_HEADING, NODE_KIND_TEXT, NODE_KIND_LINK, NODE_KIND_BUTTON, NODE_KIND_BADGE}
)
_PICTORIAL = frozenset({NODE_KIND_IMAGE, NODE_KIND_ICON, NODE_KIND_CHART, NODE_KIND_SHAPE})
_GROUPING = frozenset({NODE_KIND_CONTAINER, NODE_KIND_LIST, NODE_KIND_TABS})
_CLICKABLE = frozenset({NODE_KIND_LINK, NODE_KIND_BUTTON})
_DEFAULT_HEADING_LEVEL = 2
_MOST_COLUMNS = 24


def decide_node(
    tree: Tree, decision: NodeDecision, path: str, problems: list[str]
) -> Ambiguity | None:
    """Applies one decision.

    What is impossible is added to `problems`.

    Returns:
        The two readings of a text when the model's is not supported by the recognised
        one, which then stays; else None.
    """
    node = tree.find(decision.id)
    if node is None:
        problems.append(
            f'{path}.id: there is no node "{sentence(decision.id)}"; use the ids that are listed'
        )
        return None
    decided = DECISION_ROLE_ANALYZER
    refused = _decide_text(node, decision)
    if decision.kind and decision.kind != node.kind:
        _decide_kind(node, decision, path, problems)
    if node.kind == NODE_KIND_HEADING and 1 <= decision.heading_level <= 6:
        node.heading_level = decision.heading_level
    if decision.role:
        node.role = decision.role
    if decision.alt or decision.icon_name:
        _decide_picture(node, decision, path, problems)
    if decision.display or decision.direction or decision.columns:
        _decide_layout(node, decision, path, problems)
        decided = DECISION_ROLE_LAYOUT_ENGINEER
    node.decision.role = decided
    node.decision.reason = sentence(decision.reason)
    return refused


def _decide_text(node: Node, decision: NodeDecision) -> Ambiguity | None:
    claimed = sentence(decision.text) if len(decision.text) <= 2 * len(node.text) + 8 else ""
    if not decision.text or decision.text == node.text:
        return None
    if node.text and claimed and supports(node.text, claimed):
        node.text = claimed
        # The runs were cut from the text as it was recognised.
        del node.runs[:]
        return None
    return Ambiguity(
        area=f"node {node.id}",
        issue="The model's text is not supported by the recognised one.",
        alternatives=[node.text, sentence(decision.text)],
        chosen=node.text,
        reason="Recognised text is evidence; a model may complete or invent.",
    )


def _decide_kind(node: Node, decision: NodeDecision, path: str, problems: list[str]) -> None:
    old, new = node.kind, decision.kind
    leaf = not node.children
    if leaf and old in _TEXTUAL and new == NODE_KIND_INPUT:
        node.control.type = CONTROL_TYPE_TEXT
        node.control.placeholder = node.text
        node.text = ""
        del node.runs[:]
    elif leaf and old == NODE_KIND_INPUT and new in _TEXTUAL and _control_text(node):
        node.text = _control_text(node)
        node.ClearField("control")
    elif not _interchangeable(node, new):
        content = "with children" if node.children else "without children"
        problems.append(
            f'{path}.kind: "{node.id}", a {_name(old)} {content}, cannot become a {_name(new)}'
        )
        return
    node.kind = new
    node.heading_level = _DEFAULT_HEADING_LEVEL if new == NODE_KIND_HEADING else 0


def _interchangeable(node: Node, new: NodeKind.ValueType) -> bool:
    """Returns whether the node can be of kind `new` with the content that it has."""
    old = node.kind
    if old in _GROUPING:
        return new in _GROUPING or (new in _CLICKABLE and _only_content(node))
    if old in _CLICKABLE and node.children:
        return new in _CLICKABLE
    alike = _TEXTUAL if old in _TEXTUAL else _PICTORIAL
    return not node.children and old in alike and new in alike


def _decide_picture(node: Node, decision: NodeDecision, path: str, problems: list[str]) -> None:
    if node.kind not in _PICTORIAL:
        problems.append(
            f'{path}: "{node.id}" is a {_name(node.kind)}, so it has no alt or iconName'
        )
        return
    if decision.alt:
        node.media.alt = sentence(decision.alt)
    if decision.icon_name and node.kind == NODE_KIND_ICON:
        node.media.icon_name = sentence(decision.icon_name)


def _decide_layout(node: Node, decision: NodeDecision, path: str, problems: list[str]) -> None:
    if not node.children:
        problems.append(f'{path}: "{node.id}" has no children to arrange')
        return
    if decision.display:
        node.layout.display = decision.display
        if decision.display != DISPLAY_GRID:
            node.layout.columns = 0
            del node.layout.column_tracks[:]
    if decision.direction:
        node.layout.direction = decision.direction
    if decision.columns:
        if node.layout.display != DISPLAY_GRID or not 1 <= decision.columns <= _MOST_COLUMNS:
            problems.append(f"{path}.columns: 1 to {_MOST_COLUMNS}, and only for a grid")
        elif decision.columns != node.layout.columns:
            node.layout.columns = decision.columns
            del node.layout.column_tracks[:]
    if node.layout.display == DISPLAY_GRID and not node.layout.columns:
        problems.append(f"{path}.columns: is required for a grid")


def _only_content(node: Node) -> bool:
    """Returns whether nothing inside can be clicked or filled in by itself."""
    passive = (_TEXTUAL | _PICTORIAL | _GROUPING) - _CLICKABLE
    return all(child.kind in passive and _only_content(child) for child in node.children)


def _control_text(node: Node) -> str:
    return node.control.value or node.control.placeholder or node.control.label


def _name(kind: NodeKind.ValueType) -> str:
    return short_name(NodeKind.DESCRIPTOR, kind) or "node of unknown kind"
