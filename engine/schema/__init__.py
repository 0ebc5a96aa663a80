"""The canonical schema's rules, its JSON form and its comparison."""

from engine.schema.diff import SchemaChange, diff
from engine.schema.json_format import SchemaFormatError, from_json, to_json
from engine.schema.json_schema import json_schema
from engine.schema.normalise import normalise
from engine.schema.validate import errors, validate

__all__ = [
    "SchemaChange",
    "SchemaFormatError",
    "diff",
    "errors",
    "from_json",
    "json_schema",
    "normalise",
    "to_json",
    "validate",
]
