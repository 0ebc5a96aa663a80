"""Brings schemas into their normal form."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.rules_assumptions import unrecorded
from engine.schema.tree import walk

_VERSION = "1.0"
_TEXTUAL = frozenset({
    node_pb2.NODE_KIND_HEADING, node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK,
    node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE,
})  # fmt: skip


def normalise(schema: pb.CanonicalSchema) -> pb.CanonicalSchema:
    """Returns a copy of `schema` in normal form; normalising twice changes nothing.

    Ids are given to nodes without one, white space in texts is collapsed,
    heading levels default to 2, components list their instances, and what the
    code takes for granted is recorded among the assumptions.
    """
    result = pb.CanonicalSchema()
    result.CopyFrom(schema)
    result.meta.schema_version = result.meta.schema_version or _VERSION
    if result.HasField("root"):
        _normalise_tree(result)
        _list_instances(result)
    result.viewports.sort(key=lambda viewport: -viewport.width)
    result.assumptions.extend(reliance.text for reliance in unrecorded(result))
    return result


def _normalise_tree(schema: pb.CanonicalSchema) -> None:
    taken = {visit.node.id for visit in walk(schema.root) if visit.node.id}
    number = 0
    for visit in walk(schema.root):
        node = visit.node
        if not node.id:
            while not number or f"n{number}" in taken:
                number += 1
            node.id = f"n{number}"
            taken.add(node.id)
        if node.kind in _TEXTUAL and not node.runs:
            node.text = " ".join(node.text.split())
        if node.kind == node_pb2.NODE_KIND_HEADING and not node.heading_level:
            node.heading_level = 2


def _list_instances(schema: pb.CanonicalSchema) -> None:
    """Makes components list every node that says it is an instance, in reading order."""
    instances: dict[str, list[str]] = {}
    for visit in walk(schema.root):
        if visit.node.component:
            instances.setdefault(visit.node.component, []).append(visit.node.id)
    for component in schema.components:
        named = instances.get(component.name)
        if named:
            del component.node_ids[:]
            component.node_ids.extend(named)
            component.reusable = component.reusable or len(named) > 1
