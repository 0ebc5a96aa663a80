"""The contract of a model's answer: its JSON Schema, and parsing with all problems named.

The contract is the message `DesignReading`. Enums are spelled as in the
published documents: `css-gradient` for `BACKGROUND_TYPE_CSS_GRADIENT`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from structra.internal.v1.design_reading_pb2 import DesignReading

from engine.schema.enums import short_names
from engine.schema.json_reader import Reader
from engine.schema.problems import Problems

# What an answer must have to be of use; other fields are changes, and may be left out.
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "DesignReading": ("confidenceLevel", "layoutStrategy", "sections"),
    "Section": ("id", "role", "layout", "description", "nodeId"),
    "Component": ("name", "type", "responsibility", "nodeIds"),
    "LayoutStrategy": ("mainApproach", "reason"),
    "BackgroundStrategy": ("type", "shape", "position", "reason"),
    "Layering": ("zIndexStrategy", "positioning", "reason"),
    "ResponsiveRule": ("breakpoint", "action", "description"),
    "Ambiguity": ("area", "issue", "alternatives", "chosen", "reason"),
    "CssAnimation": ("name", "type", "duration", "timingFunction", "target", "properties"),
    "NodeDecision": ("id", "reason"),
    "NodeGroup": ("id", "childIds", "kind", "display", "direction", "reason"),
}

_JSON_TYPES: Mapping[int, str] = {
    FieldDescriptor.CPPTYPE_STRING: "string",
    FieldDescriptor.CPPTYPE_BOOL: "boolean",
    FieldDescriptor.CPPTYPE_INT32: "integer",
    FieldDescriptor.CPPTYPE_FLOAT: "number",
}


class InvalidReadingError(ValueError):
    """Is raised for an answer that does not follow the contract; `problems` lists why."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def answer_schema() -> dict[str, Any]:
    """Returns the contract as JSON Schema, flat and without references.

    Services compile it to a grammar, and refuse ones that are deep or recursive.
    """
    return _object_schema(DesignReading.DESCRIPTOR)


def parse_reading(text: str) -> DesignReading:
    """Returns the answer that `text` holds.

    Raises:
        InvalidReadingError: It is no JSON object, or breaks the contract.
    """
    try:
        document = orjson.loads(_without_fence(text))
    except orjson.JSONDecodeError as error:
        raise InvalidReadingError([f"$: not JSON: {error}"]) from error
    reading = DesignReading()
    problems = Problems()
    Reader(problems).read(document, reading, "$")
    missing = _find_missing(document, DesignReading.DESCRIPTOR, "$")
    found = [*missing, *(f"{problem.path}: {problem.message}" for problem in problems.sorted())]
    if found:
        raise InvalidReadingError(found)
    return reading


def _object_schema(message: Descriptor) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {f.json_name: _field_schema(f) for f in message.fields},
        "required": list(_REQUIRED.get(message.name, ())),
    }


def _field_schema(field: FieldDescriptor) -> dict[str, Any]:
    if field.message_type is not None:
        single = _object_schema(field.message_type)
    elif field.enum_type is not None:
        single = {"type": "string", "enum": short_names(field.enum_type)}
    else:
        single = {"type": _JSON_TYPES[field.cpp_type]}
    return {"type": "array", "items": single} if field.is_repeated else single


def _find_missing(value: Any, message: Descriptor, path: str) -> Iterator[str]:
    """Yields a problem for every required field that is absent or empty."""
    if not isinstance(value, dict):
        return
    for name in _REQUIRED.get(message.name, ()):
        if value.get(name) in (None, ""):
            yield f"{path}.{name}: is required"
    for field in message.fields:
        inner = value.get(field.json_name)
        if field.message_type is None:
            continue
        if not field.is_repeated:
            yield from _find_missing(inner, field.message_type, f"{path}.{field.json_name}")
        elif isinstance(inner, list):
            for number, entry in enumerate(inner):
                at = f"{path}.{field.json_name}[{number}]"
                yield from _find_missing(entry, field.message_type, at)


def _without_fence(text: str) -> str:
    """Returns the answer without the Markdown fence that some models put around it."""
    stripped = text.strip()
    if stripped.startswith("```"):
        stripped = stripped.partition("\n")[2].rpartition("```")[0]
    return stripped
