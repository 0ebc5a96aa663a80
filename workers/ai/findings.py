"""The offline analyzer's findings, in the compact form in which a model gets them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structra.v1.canonical_schema_pb2 import CanonicalSchema
from structra.v1.node_pb2 import Bounds, Direction, Display, Node, NodeKind, SemanticRole

from engine.schema import to_json
from engine.schema.enums import short_name
from workers.ai.provider import DesignRequest

# About 60 tokens a node: with the answer they fit the smallest context in use (32,768 tokens).
MOST_NODES = 400
MOST_TEXT = 300

_IDEAS = (
    "sections",
    "components",
    "layoutStrategy",
    "backgroundStrategy",
    "layering",
    "responsiveRules",
    "assumptions",
    "ambiguities",
)


def findings(request: DesignRequest) -> dict[str, Any]:
    """Returns what a model is told about a design, as JSON values.

    `nodes` lists the tree, levels nearest to the root first, at most `MOST_NODES`
    of it; boxes are [x, y, width, height] in pixels of the source, which a
    screenshot shows at its `scale`. Boxes of lines are given where a text has several.
    """
    schema = request.offline
    return {
        "screenshots": [
            {"width": image.width, "height": image.height, "scale": round(image.scale, 4)}
            for image in request.images
        ],
        "description": request.description,
        "designSystem": request.design_system,
        "targets": list(request.targets),
        "palette": dict(schema.css_variables.colors),
        "nodes": list(_describe_tree(schema.root)),
        "firstIdea": _first_idea(schema),
    }


def _first_idea(schema: CanonicalSchema) -> dict[str, Any]:
    document = to_json(schema)
    return {name: document[name] for name in _IDEAS if document[name]}


def _describe_tree(root: Node) -> Iterator[dict[str, Any]]:
    level: list[tuple[Node, str]] = [(root, "")]
    room = MOST_NODES
    while level and room > 0:
        for node, parent in level[:room]:
            yield _describe(node, parent)
        room -= len(level)
        level = [(child, node.id) for node, _ in level for child in node.children]


def _describe(node: Node, parent: str) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": node.id,
        "parent": parent,
        "kind": short_name(NodeKind.DESCRIPTOR, node.kind),
        "role": short_name(SemanticRole.DESCRIPTOR, node.role),
        "box": _box(node.bounds),
        "text": node.text[:MOST_TEXT] or node.control.placeholder or node.control.label,
        "lines": [_box(line) for line in node.lines] if len(node.lines) > 1 else None,
        "headingLevel": node.heading_level,
        "component": node.component,
        "confidence": round(node.confidence, 2),
    }
    if node.children:
        described["display"] = short_name(Display.DESCRIPTOR, node.layout.display)
        described["direction"] = short_name(Direction.DESCRIPTOR, node.layout.direction)
        described["columns"] = node.layout.columns
    return {key: value for key, value in described.items() if value}


def _box(bounds: Bounds) -> list[int]:
    return [round(v) for v in (bounds.x, bounds.y, bounds.width, bounds.height)]
