"""The contract of a model's answer: its JSON Schema, and parsing with all problems named.

The contract is the message `DesignReading`. Enums are spelled as in the
published documents: `css-gradient` for `BACKGROUND_TYPE_CSS_GRADIENT`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import orjson
from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.json_format import ParseDict, ParseError
from structra.internal.v1.design_reading_pb2 import DesignReading

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
    if not isinstance(document, dict):
        raise InvalidReadingError(["$: must be one JSON object"])
    problems: list[str] = []
    spelled = _spell_out(document, DesignReading.DESCRIPTOR, "$", problems)
    if problems:
        raise InvalidReadingError(problems)
    try:
        return ParseDict(spelled, DesignReading())
    except ParseError as error:
        raise InvalidReadingError([f"$: {error}"]) from error


@cache
def short_names(enum: EnumDescriptor) -> Mapping[str, str]:
    """Returns short spelling → full name, without the unspecified value."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return {
        value.name.removeprefix(prefix).lower().replace("_", "-"): value.name
        for value in enum.values
        if value.number != 0
    }


def short_name(enum: EnumDescriptor, number: int) -> str:
    """Returns the short spelling of a value, "" for the unspecified one."""
    for short, full in short_names(enum).items():
        if enum.values_by_name[full].number == number:
            return short
    return ""


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
        single = {"type": "string", "enum": list(short_names(field.enum_type))}
    else:
        single = {"type": _JSON_TYPES[field.cpp_type]}
    return {"type": "array", "items": single} if field.is_repeated else single


def _spell_out(value: Any, message: Descriptor, path: str, problems: list[str]) -> Any:
    """Returns the value with full enum names, and adds what breaks the contract."""
    if not isinstance(value, dict):
        problems.append(f"{path}: must be an object")
        return value
    fields = {f.json_name: f for f in message.fields}
    problems.extend(
        f"{path}.{name}: is required"
        for name in _REQUIRED.get(message.name, ())
        if value.get(name) in (None, "")
    )
    spelled: dict[str, Any] = {}
    for name, item in value.items():
        field = fields.get(name)
        if field is None:
            problems.append(f"{path}.{name}: no such field; it has {', '.join(fields)}")
        elif item is None:
            continue
        elif not field.is_repeated:
            spelled[name] = _spell_single(item, field, f"{path}.{name}", problems)
        elif isinstance(item, list):
            spelled[name] = [
                _spell_single(entry, field, f"{path}.{name}[{i}]", problems)
                for i, entry in enumerate(item)
            ]
        else:
            problems.append(f"{path}.{name}: must be a list")
    return spelled


def _spell_single(value: Any, field: FieldDescriptor, path: str, problems: list[str]) -> Any:
    if field.message_type is not None:
        return _spell_out(value, field.message_type, path, problems)
    if field.enum_type is not None:
        known = short_names(field.enum_type)
        if value in known:
            return known[value]
        if value in ("", "unspecified"):
            return field.enum_type.values_by_number[0].name
        if value not in known.values():
            problems.append(f"{path}: must be one of {', '.join(known)}")
    return value


def _without_fence(text: str) -> str:
    """Returns the answer without the Markdown fence that some models put around it."""
    stripped = text.strip()
    if stripped.startswith("```"):
        stripped = stripped.partition("\n")[2].rpartition("```")[0]
    return stripped
