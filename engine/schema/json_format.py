"""The published JSON form of the canonical schema.

Field names are the documented ones (`layoutStrategy`, `modernCSS`), enum values
have their short spelling ("grid"), and the documented fields are always there:
absent ones are null. The node tree leaves out what is not set.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, cast

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.enums import short_name
from engine.schema.json_reader import Reader
from engine.schema.problems import Problems

_TREE_FILE = node_pb2.DESCRIPTOR.name
# Fields beyond the published document; they are left out when they are not set.
_BEYOND_V1 = frozenset({
    "root", "viewports", "title", "language", "node_id", "node_ids", "max_width", "columns",
})  # fmt: skip
# Parts of the tree whose zeros mean something.
_WHOLE = frozenset({"Bounds"})


class SchemaFormatError(ValueError):
    """A document is not the JSON form of a canonical schema.

    Attributes:
        problems: What is wrong, each with its path; at least one.
    """

    reason = "INVALID_SCHEMA"

    def __init__(self, problems: list[pb.SchemaProblem]) -> None:
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{first.path or 'the document'}: {first.message}{more}")
        self.problems = problems


def from_json(document: Mapping[str, Any]) -> pb.CanonicalSchema:
    """Returns the schema that `document` describes.

    Enum values may have either spelling, names may be JSON or protobuf names,
    null means absent.

    Raises:
        SchemaFormatError: With a problem for every unknown field and wrong type.
    """
    schema = pb.CanonicalSchema()
    problems = Problems()
    Reader(problems).read(document, schema, "")
    found = problems.sorted()
    if found:
        raise SchemaFormatError(found)
    return schema


def to_json(schema: pb.CanonicalSchema) -> dict[str, Any]:
    """Returns the JSON form of `schema`; equal schemas give equal documents."""
    return _message(schema)


def _message(message: Message) -> dict[str, Any]:
    descriptor = message.DESCRIPTOR
    sparse = descriptor.file.name == _TREE_FILE and descriptor.name not in _WHOLE
    document: dict[str, Any] = {}
    for field in cast("list[FieldDescriptor]", descriptor.fields):
        optional = sparse or field.name in _BEYOND_V1
        if optional and field.name != "px" and not _is_set(message, field):
            continue
        document[field.json_name] = _field(message, field)
    return document


def _is_set(message: Message, field: FieldDescriptor) -> bool:
    if field.has_presence:
        return message.HasField(field.name)
    return bool(getattr(message, field.name))


def _field(message: Message, field: FieldDescriptor) -> Any:
    value = getattr(message, field.name)
    if _is_map(field):
        return {str(key): value[key] for key in sorted(value)}
    if field.is_repeated:
        return [_value(item, field) for item in value]
    if field.has_presence and not message.HasField(field.name):
        return None
    return _value(value, field)


def _value(value: Any, field: FieldDescriptor) -> Any:
    if field.enum_type is not None:
        return short_name(field.enum_type, value)
    if field.message_type is None:
        return _number(value) if isinstance(value, float) else value
    if isinstance(value, Timestamp):
        return value.ToJsonString()
    return _message(value)


def _number(value: float) -> float | int:
    """Returns the shortest decimal that stands for the same 32-bit float."""
    if value == int(value):
        return int(value)
    for digits in range(6, 9):
        short = float(f"{value:.{digits}g}")
        if struct.unpack("f", struct.pack("f", short))[0] == value:
            return short
    return value


def _is_map(field: FieldDescriptor) -> bool:
    entry = field.message_type
    return entry is not None and bool(entry.GetOptions().map_entry)
