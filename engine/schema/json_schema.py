"""JSON Schema of the canonical schema, made from the contract."""

from __future__ import annotations

from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from structra.v1 import canonical_schema_pb2 as pb

from engine.schema.enums import short_names

_SCALARS: dict[int, dict[str, Any]] = {
    FieldDescriptor.CPPTYPE_STRING: {"type": "string"},
    FieldDescriptor.CPPTYPE_BOOL: {"type": "boolean"},
    FieldDescriptor.CPPTYPE_INT32: {"type": "integer"},
    FieldDescriptor.CPPTYPE_FLOAT: {"type": "number"},
    FieldDescriptor.CPPTYPE_DOUBLE: {"type": "number"},
}
_REQUIRED = {
    "CanonicalSchema": ("meta", "sections", "layoutStrategy", "assumptions"),
    "SchemaMeta": ("schemaVersion", "inputType"),
    "Section": ("id", "role", "layout"),
    "Component": ("name", "type", "parentSection"),
    "LayoutStrategy": ("mainApproach", "reason"),
    "BackgroundStrategy": ("type", "shape", "position", "reason"),
    "Layering": ("zIndexStrategy", "reason"),
    "ResponsiveRule": ("breakpoint", "action", "description"),
    "Ambiguity": ("area", "issue", "alternatives", "chosen", "reason"),
    "Node": ("id", "kind"),
    "Color": ("value",),
    "Length": ("px",),
    "TextRun": ("text",),
    "Bounds": ("x", "y", "width", "height"),
}


def json_schema() -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of the published JSON form.

    Enum values have their short spelling. Messages are in `$defs` by name; the
    node tree refers to itself. Fields that are null in documents may be left out.
    """
    definitions: dict[str, Any] = {}
    _define(pb.CanonicalSchema.DESCRIPTOR, definitions)
    top = definitions.pop("CanonicalSchema")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "CanonicalSchema",
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


def _define(descriptor: Descriptor, definitions: dict[str, Any]) -> None:
    if descriptor.name in definitions:
        return
    definition: dict[str, Any] = {"type": "object", "additionalProperties": False}
    definitions[descriptor.name] = definition
    definition["properties"] = {
        field.json_name: _field(field, definitions) for field in descriptor.fields
    }
    required = _REQUIRED.get(descriptor.name)
    if required:
        definition["required"] = list(required)


def _field(field: FieldDescriptor, definitions: dict[str, Any]) -> dict[str, Any]:
    entry = field.message_type
    if entry is not None and entry.GetOptions().map_entry:
        return {"type": "object", "additionalProperties": {"type": "string"}}
    value = _value(field, definitions)
    if field.is_repeated:
        return {"type": "array", "items": value}
    owner = field.containing_type
    documented = owner is not None and owner.file.name == pb.DESCRIPTOR.name
    if documented and (entry is not None or field.has_presence or field.enum_type is not None):
        return {"anyOf": [value, {"type": "null"}]}
    return value


def _value(field: FieldDescriptor, definitions: dict[str, Any]) -> dict[str, Any]:
    if field.enum_type is not None:
        return {"type": "string", "enum": short_names(field.enum_type)}
    message = field.message_type
    if message is None:
        return dict(_SCALARS[field.cpp_type])
    if message.full_name == "google.protobuf.Timestamp":
        return {"type": "string", "format": "date-time"}
    _define(message, definitions)
    return {"$ref": f"#/$defs/{message.name}"}
