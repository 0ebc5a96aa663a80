"""Reads a JSON document into a message and reports everything that does not fit."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from typing import Any, cast

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from engine.schema.enums import number_of, short_names
from engine.schema.problems import Problems

_MAX_DEPTH = 100
_INT32 = 2**31
_FLOAT_MAX = 3.4028235e38


class Reader:
    """Fills messages from JSON values; problems go to the collector it was given."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def read(self, document: object, message: Message, path: str, depth: int = 0) -> None:
        """Fills `message` from `document`, which should be a JSON object."""
        if not isinstance(document, Mapping):
            self._wrong(path, "an object", document)
            return
        if depth > _MAX_DEPTH:
            self._problems.error(
                path, "TOO_DEEP", f"The document is nested deeper than {_MAX_DEPTH} levels."
            )
            return
        known = cast("list[FieldDescriptor]", message.DESCRIPTOR.fields)
        fields = {field.json_name: field for field in known}
        fields |= {field.name: field for field in known}
        for name, value in document.items():
            at = f"{path}.{name}" if path else str(name)
            field = fields.get(name)
            if field is None:
                self._unknown(at, str(name), fields)
            elif value is not None:
                self._read_field(value, message, field, at, depth)

    def _read_field(
        self, value: object, message: Message, field: FieldDescriptor, path: str, depth: int
    ) -> None:
        entry = field.message_type
        if entry is not None and entry.GetOptions().map_entry:
            self._read_map(value, getattr(message, field.name), path)
        elif field.is_repeated:
            self._read_list(value, message, field, path, depth)
        elif entry is not None:
            child = getattr(message, field.name)
            child.SetInParent()
            self._read_message(value, child, path, depth)
        else:
            scalar = self._scalar(value, field, path)
            if scalar is not None:
                setattr(message, field.name, scalar)

    def _read_map(self, value: object, target: Any, path: str) -> None:
        if not isinstance(value, Mapping):
            self._wrong(path, "an object of names and values", value)
            return
        for key, item in value.items():
            if isinstance(item, str):
                target[str(key)] = item
            else:
                self._wrong(f'{path}["{key}"]', "a string", item)

    def _read_list(
        self, value: object, message: Message, field: FieldDescriptor, path: str, depth: int
    ) -> None:
        if not isinstance(value, list | tuple):
            self._wrong(path, "an array", value)
            return
        target = getattr(message, field.name)
        for index, item in enumerate(value):
            at = f"{path}[{index}]"
            if field.message_type is not None:
                self._read_message(item, target.add(), at, depth)
                continue
            scalar = self._scalar(item, field, at)
            if scalar is not None:
                target.append(scalar)

    def _read_message(self, value: object, child: Message, path: str, depth: int) -> None:
        if not isinstance(child, Timestamp):
            self.read(value, child, path, depth + 1)
            return
        if not isinstance(value, str):
            self._wrong(path, 'a time such as "2026-01-31T12:00:00Z"', value)
            return
        try:
            child.FromJsonString(value)
        except ValueError:
            self._wrong(path, 'a time such as "2026-01-31T12:00:00Z"', value)

    def _scalar(self, value: object, field: FieldDescriptor, path: str) -> Any:
        if field.enum_type is not None:
            return self._enum(value, field.enum_type, path)
        kind = field.cpp_type
        if kind == FieldDescriptor.CPPTYPE_STRING:
            return self._text(value, path)
        if kind == FieldDescriptor.CPPTYPE_BOOL:
            if isinstance(value, bool):
                return value
            self._wrong(path, "true or false", value)
            return None
        return self._number(value, path, whole=kind == FieldDescriptor.CPPTYPE_INT32)

    def _number(self, value: object, path: str, *, whole: bool) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._wrong(path, "a number", value)
        elif not math.isfinite(value) or abs(value) > _FLOAT_MAX:
            self._wrong(path, "a finite number", value)
        elif not whole:
            return float(value)
        elif value != int(value) or not -_INT32 <= value < _INT32:
            self._wrong(path, "a whole number", value)
        else:
            return int(value)
        return None

    def _text(self, value: object, path: str) -> str | None:
        if not isinstance(value, str):
            self._wrong(path, "a string", value)
            return None
        try:
            value.encode()
        except UnicodeEncodeError:
            self._wrong(path, "valid Unicode text", value)
            return None
        return value

    def _enum(self, value: object, enum: EnumDescriptor, path: str) -> int | None:
        if isinstance(value, str):
            number = number_of(enum, value)
            if number is not None:
                return number
        elif type(value) is int and value in enum.values_by_number:
            return value
        names = ", ".join(short_names(enum))
        self._problems.error(
            path, "UNKNOWN_VALUE", f"{_shown(value)} is none of the known values: {names}."
        )
        return None

    def _unknown(self, path: str, name: str, fields: Mapping[str, FieldDescriptor]) -> None:
        near = difflib.get_close_matches(name, [f.json_name for f in fields.values()], n=1)
        hint = f' Did you mean "{near[0]}"?' if near else " Remove it."
        self._problems.error(path, "UNKNOWN_FIELD", f"There is no such field.{hint}")

    def _wrong(self, path: str, wanted: str, value: object) -> None:
        self._problems.error(path, "WRONG_TYPE", f"This should be {wanted}, not {_shown(value)}.")


def _shown(value: object) -> str:
    """Returns a value as an error message may show it: short, without content of objects."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "an array"
    if value is None:
        return "null"
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."
