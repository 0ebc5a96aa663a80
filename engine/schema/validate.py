"""Validates canonical schemas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import protovalidate
from google.protobuf.descriptor import Descriptor
from structra.v1 import canonical_schema_pb2 as pb

from engine.schema.problems import ERROR, Problems
from engine.schema.rules_assumptions import check_assumptions
from engine.schema.rules_document import check_document
from engine.schema.rules_references import check_references
from engine.schema.rules_tokens import check_tokens
from engine.schema.rules_tree import check_tree

MAX_NODES = 20_000
MAX_DEPTH = 64


def validate(schema: pb.CanonicalSchema) -> list[pb.SchemaProblem]:
    """Returns every problem of `schema`, errors first; an empty list when there is none.

    An error means that code cannot be generated. Paths name JSON fields.
    """
    problems = Problems()
    if _within_limits(schema, problems):
        _check_field_rules(schema, problems)
        check_document(schema, problems)
        check_references(schema, problems)
        check_tokens(schema, problems)
        check_tree(schema, problems)
        check_assumptions(schema, problems)
    return problems.sorted()


def errors(problems: Iterable[pb.SchemaProblem]) -> list[pb.SchemaProblem]:
    """Returns the problems that stop code generation."""
    return [problem for problem in problems if problem.severity == ERROR]


def _within_limits(schema: pb.CanonicalSchema, problems: Problems) -> bool:
    """Refuses trees that would exhaust the generators; checks nothing else then."""
    count, level = 0, [schema.root]
    for _ in range(MAX_DEPTH):
        count += len(level)
        level = [child for node in level for child in node.children]
        if not level or count > MAX_NODES:
            break
    if count > MAX_NODES:
        problems.error("root", "TOO_MANY_NODES", f"The tree has more than {MAX_NODES} nodes.")
        return False
    if level:
        problems.error("root", "TOO_DEEP", f"The tree is deeper than {MAX_DEPTH} levels.")
        return False
    return True


def _check_field_rules(schema: pb.CanonicalSchema, problems: Problems) -> None:
    """Checks the rules that the contract itself states (protovalidate)."""
    for violation in protovalidate.collect_violations(schema):
        proto = violation.proto
        rule = proto.rule_id.upper().replace(".", "_").replace("-", "_")
        path = _path(proto.field.elements) if proto.field is not None else ""
        problems.error(path, f"FIELD_{rule}", f"The value {proto.message}.")


def _path(elements: Iterable[Any]) -> str:
    """Returns a violation's path with JSON names."""
    path, descriptor = "", cast("Descriptor | None", pb.CanonicalSchema.DESCRIPTOR)
    for element in elements:
        name = element.field_name
        field = descriptor.fields_by_name.get(name) if descriptor is not None else None
        path += ("." if path else "") + (field.json_name if field is not None else name)
        subscript = element.subscript
        if subscript is not None:
            indexed = subscript.field == "index"
            path += f"[{subscript.value}]" if indexed else f'["{subscript.value}"]'
        descriptor = field.message_type if field is not None else None
    return path
