"""Rules about ids and what refers to them."""

from __future__ import annotations

from collections.abc import Iterable

from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.problems import Problems
from engine.schema.tree import Visit, walk


def check_references(schema: pb.CanonicalSchema, problems: Problems) -> None:
    """Checks that ids are unique and that every reference leads somewhere."""
    visits = list(walk(schema.root)) if schema.HasField("root") else []
    sections = _unique(
        ((section.id, f"sections[{i}].id") for i, section in enumerate(schema.sections)), problems
    )
    components = _unique(
        ((item.name, f"components[{i}].name") for i, item in enumerate(schema.components)), problems
    )
    nodes = _unique(((visit.node.id, f"{visit.path}.id") for visit in visits), problems)
    for index, section in enumerate(schema.sections):
        _refer(section.node_id, nodes, f"sections[{index}].nodeId", "node", problems)
    for index, component in enumerate(schema.components):
        path = f"components[{index}]"
        if not component.parent_section:
            problems.warning(
                f"{path}.parentSection", "NOT_SET", "Name the section it first occurs in."
            )
        _refer(component.parent_section, sections, f"{path}.parentSection", "section", problems)
        for number, node_id in enumerate(component.node_ids):
            _refer(node_id, nodes, f"{path}.nodeIds[{number}]", "node", problems)
    for index, rule in enumerate(schema.responsive_rules):
        _refer(rule.node_id, nodes, f"responsiveRules[{index}].nodeId", "node", problems)
    _check_instances(schema, visits, problems)
    _check_nodes(visits, components, problems)


def _check_nodes(visits: list[Visit], components: set[str], problems: Problems) -> None:
    by_id = {visit.node.id: visit.node for visit in visits}
    for visit in visits:
        node, path = visit.node, visit.path
        _refer(node.component, components, f"{path}.component", "component", problems)
        label = node.control.label_node_id
        _refer(label, set(by_id), f"{path}.control.labelNodeId", "node", problems)
        labelling = by_id.get(label)
        if labelling is not None and not _has_text(labelling):
            problems.warning(
                f"{path}.control.labelNodeId", "LABEL_WITHOUT_TEXT", "The label shows no text."
            )


def _check_instances(schema: pb.CanonicalSchema, visits: list[Visit], problems: Problems) -> None:
    """Checks that components and nodes agree about who is an instance of what."""
    of_node = {visit.node.id: visit.node.component for visit in visits}
    for index, component in enumerate(schema.components):
        for number, node_id in enumerate(component.node_ids):
            named = of_node.get(node_id)
            if named and named != component.name:
                problems.warning(
                    f"components[{index}].nodeIds[{number}]",
                    "INSTANCE_MISMATCH",
                    f'The node says that it is an instance of "{named}".',
                )


def _has_text(node: node_pb2.Node) -> bool:
    return any(visit.node.text.strip() for visit in walk(node))


def _unique(ids: Iterable[tuple[str, str]], problems: Problems) -> set[str]:
    seen: set[str] = set()
    for value, path in ids:
        if value and value in seen:
            problems.error(path, "DUPLICATE", f'"{value}" is used twice; ids are unique.')
        seen.add(value)
    return seen


def _refer(value: str, known: set[str], path: str, what: str, problems: Problems) -> None:
    if value and value not in known:
        problems.error(path, "DANGLING_REFERENCE", f'There is no {what} "{value}".')
