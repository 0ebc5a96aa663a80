"""Compares two schemas field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from structra.v1 import canonical_schema_pb2 as pb

from engine.schema.json_format import to_json

# What names an item of a list, so that items can be matched when others come or go.
_KEYS = ("id", "name")


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """One difference: `before` is None when something was added, `after` when removed.

    Items that have an id or a name are addressed by it: `sections[hero].role`.
    """

    path: str
    before: Any
    after: Any


def diff(before: pb.CanonicalSchema, after: pb.CanonicalSchema) -> list[SchemaChange]:
    """Returns what changed between two schemas, in the order of the document's fields."""
    changes: list[SchemaChange] = []
    _compare(to_json(before), to_json(after), "", changes)
    return changes


def _compare(before: Any, after: Any, path: str, changes: list[SchemaChange]) -> None:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in dict.fromkeys([*before, *after]):
            at = f"{path}.{name}" if path else name
            _compare(before.get(name), after.get(name), at, changes)
    elif isinstance(before, list) and isinstance(after, list):
        _compare_lists(before, after, path, changes)
    else:
        changes.append(SchemaChange(path, before, after))


def _compare_lists(
    before: list[Any], after: list[Any], path: str, changes: list[SchemaChange]
) -> None:
    old, new = _keyed(before), _keyed(after)
    for key in dict.fromkeys([*old, *new]):
        _compare(old.get(key), new.get(key), f"{path}[{key}]", changes)
    shared_old = [key for key in old if key in new]
    shared_new = [key for key in new if key in old]
    if shared_old != shared_new:
        changes.append(SchemaChange(f"{path}.order", shared_old, shared_new))


def _keyed(items: list[Any]) -> dict[str, Any]:
    """Returns the items by id or name; by position when they have none or it repeats."""
    keys: list[str] = []
    for index, item in enumerate(items):
        named = [item[key] for key in _KEYS if item.get(key)] if isinstance(item, Mapping) else []
        key = str(named[0]) if named else str(index)
        keys.append(key if key not in keys else f"{key}#{index}")
    return dict(zip(keys, items, strict=True))
