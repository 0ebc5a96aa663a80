"""Rules about design tokens and what refers to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from google.protobuf.message import Message
from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.css_values import is_family_list, is_token_name, is_value
from engine.schema.problems import Problems
from engine.schema.tree import walk

_GROUPS = ("colors", "spacing", "typography")


def check_tokens(schema: pb.CanonicalSchema, problems: Problems) -> None:
    """Checks the tokens' names and values, and every reference to a token."""
    tokens = schema.css_variables
    owners: dict[str, str] = {}
    for group in _GROUPS:
        values: Mapping[str, str] = getattr(tokens, group)
        for name in sorted(values):
            path = f'cssVariables.{group}["{name}"]'
            if not is_token_name(name):
                problems.error(
                    path, "INVALID_TOKEN", 'Name tokens like "--space-4": two hyphens, then a word.'
                )
            if name in owners:
                problems.error(path, "DUPLICATE", f"The token is also in {owners[name]}.")
            owners.setdefault(name, group)
            if not (is_value(values[name]) or is_family_list(values[name])):
                problems.error(path, "INVALID_CSS", "The value cannot stand in a stylesheet.")
    for visit in walk(schema.root):
        for message, path in _carriers(visit.node, visit.path):
            _check_reference(message, path, owners, problems)


def _check_reference(
    message: Message, path: str, owners: Mapping[str, str], problems: Problems
) -> None:
    name = getattr(message, "token", "")
    if not name:
        return
    group = owners.get(name)
    if group is None:
        problems.error(
            f"{path}.token",
            "UNKNOWN_TOKEN",
            f'There is no token "{name}" in cssVariables; add it or give the value alone.',
        )
    elif isinstance(message, node_pb2.Color) != (group == "colors"):
        kind = "a colour" if isinstance(message, node_pb2.Color) else "a length"
        problems.error(
            f"{path}.token", "WRONG_TOKEN_KIND", f'"{name}" is in {group}; this needs {kind}.'
        )


def _carriers(node: node_pb2.Node, path: str) -> Iterator[tuple[Message, str]]:
    """Yields every length and colour of a node, without its children, with its path."""
    stack: list[tuple[Message, str]] = [(node, path)]
    while stack:
        message, at = stack.pop()
        for field, value in message.ListFields():
            if field.message_type is None or field.name == "children":
                continue
            items = list(enumerate(value)) if field.is_repeated else [(None, value)]
            for index, item in items:
                below = f"{at}.{field.json_name}" + ("" if index is None else f"[{index}]")
                if isinstance(item, node_pb2.Length | node_pb2.Color):
                    yield item, below
                else:
                    stack.append((item, below))
