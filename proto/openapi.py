"""Writes an OpenAPI 3.1 document for the REST side of the contract.

The REST side is what Envoy's JSON transcoder makes of the `google.api.http`
options, so paths, parameters and bodies are read from those. Descriptions are
the comments of the proto files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from google.api import annotations_pb2, http_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    FileDescriptorSet,
    MethodDescriptorProto,
)

_PUBLIC_PACKAGE = "structra.v1"
_RAW_BODY = ".google.api.HttpBody"

_SCALARS: dict[int, dict[str, Any]] = {
    FieldDescriptorProto.TYPE_DOUBLE: {"type": "number", "format": "double"},
    FieldDescriptorProto.TYPE_FLOAT: {"type": "number", "format": "float"},
    FieldDescriptorProto.TYPE_INT32: {"type": "integer", "format": "int32"},
    FieldDescriptorProto.TYPE_UINT32: {"type": "integer", "format": "int32", "minimum": 0},
    FieldDescriptorProto.TYPE_INT64: {"type": "string", "format": "int64"},
    FieldDescriptorProto.TYPE_UINT64: {"type": "string", "format": "uint64"},
    FieldDescriptorProto.TYPE_BOOL: {"type": "boolean"},
    FieldDescriptorProto.TYPE_STRING: {"type": "string"},
    FieldDescriptorProto.TYPE_BYTES: {"type": "string", "contentEncoding": "base64"},
}

_WELL_KNOWN: dict[str, dict[str, Any]] = {
    ".google.protobuf.Timestamp": {"type": "string", "format": "date-time"},
    ".google.protobuf.Duration": {"type": "string", "examples": ["1.5s"]},
    ".google.protobuf.FieldMask": {"type": "string", "examples": ["displayName,description"]},
    ".google.protobuf.Struct": {"type": "object", "additionalProperties": True},
    ".google.protobuf.Empty": {"type": "object"},
    ".google.api.HttpBody": {"type": "string", "format": "binary"},
    ".google.rpc.Status": {"$ref": "#/components/schemas/Status"},
}

_STATUS_SCHEMA = {
    "type": "object",
    "description": "Describes an error.",
    "properties": {
        "code": {"type": "integer", "description": "Holds the gRPC status code."},
        "message": {"type": "string", "description": "Says what is wrong and what to do."},
        "details": {
            "type": "array",
            "description": "Holds google.rpc.ErrorInfo with the reason, and more where it fits.",
            "items": {
                "type": "object",
                "properties": {"@type": {"type": "string"}},
                "additionalProperties": True,
            },
        },
    },
}


def write_openapi(descriptor: Path, out: Path) -> None:
    """Writes the document.

    Args:
        descriptor: A FileDescriptorSet with source information.
        out: The YAML file to write.
    """
    files = FileDescriptorSet.FromString(descriptor.read_bytes())
    document = _Document(files).build()
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=100)
    out.write_text("# Generated from proto/. Do not edit: run `make gen`.\n" + text, "utf-8")


class _Document:
    def __init__(self, files: FileDescriptorSet) -> None:
        self.files = [f for f in files.file if f.package == _PUBLIC_PACKAGE]
        self.comments: dict[str, str] = {}
        self.messages: dict[str, DescriptorProto] = {}
        self.enums: dict[str, EnumDescriptorProto] = {}
        for file in self.files:
            self.comments.update(_read_comments(file))
            prefix = f".{file.package}."
            self.messages |= {prefix + m.name: m for m in file.message_type}
            self.enums |= {prefix + e.name: e for e in file.enum_type}

    def build(self) -> dict[str, Any]:
        paths: dict[str, dict[str, Any]] = {}
        tags = []
        for file in self.files:
            for service in file.service:
                name = f"{file.package}.{service.name}"
                tags.append({"name": service.name, "description": self.comments.get(name, "")})
                for method in service.method:
                    for path, verb, operation in self._operations(name, service.name, method):
                        paths.setdefault(path, {})[verb] = operation
        schemas: dict[str, Any] = {"Status": _STATUS_SCHEMA}
        for name, message in self.messages.items():
            schemas[_short(name)] = self._message_schema(name, message)
        for name, enum in self.enums.items():
            schemas[_short(name)] = self._enum_schema(name, enum)
        return {
            "openapi": "3.1.0",
            "info": {
                "title": "Structra",
                "version": "v1",
                "description": "Turns UI designs into a canonical schema, code and an assessment.",
            },
            "security": [{"bearer": []}, {"apiKey": []}],
            "tags": tags,
            "paths": dict(sorted(paths.items())),
            "components": {
                "securitySchemes": {
                    "bearer": {"type": "http", "scheme": "bearer"},
                    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key"},
                },
                "schemas": dict(sorted(schemas.items())),
            },
        }

    def _operations(
        self, service: str, tag: str, method: MethodDescriptorProto
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        rule = method.options.Extensions[annotations_pb2.http]
        rules: list[http_pb2.HttpRule] = [rule, *rule.additional_bindings]
        for index, binding in enumerate(rules):
            verb = binding.WhichOneof("pattern")
            if verb is None:
                continue
            path = getattr(binding, verb)
            operation = self._operation(service, tag, method, binding, path)
            if index:
                operation["operationId"] += f"_{index}"
            yield path, verb, operation

    def _operation(
        self,
        service: str,
        tag: str,
        method: MethodDescriptorProto,
        binding: http_pb2.HttpRule,
        path: str,
    ) -> dict[str, Any]:
        comment = self.comments.get(f"{service}.{method.name}", "")
        in_path = re.findall(r"\{([a-z0-9_.]+)\}", path)
        operation: dict[str, Any] = {
            "operationId": f"{tag}_{method.name}",
            "tags": [tag],
            "summary": comment.split(". ")[0].rstrip("."),
            "description": comment,
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
                for name in in_path
            ],
        }
        if binding.body:
            operation["requestBody"] = self._body(method, binding)
        else:
            for field in self.messages[method.input_type].field:
                if field.name not in in_path:
                    operation["parameters"].append(
                        {
                            "name": field.json_name,
                            "in": "query",
                            "description": self.comments.get(
                                f"{method.input_type[1:]}.{field.name}", ""
                            ),
                            "schema": self._type(field),
                        }
                    )
        operation["responses"] = {
            "200": {"description": "OK", "content": self._answer(method)},
            "default": {
                "description": "An error, with its reason in the details.",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Status"}}
                },
            },
        }
        return operation

    def _answer(self, method: MethodDescriptorProto) -> dict[str, Any]:
        if method.output_type == _RAW_BODY:
            # The pieces of a stream follow each other in one body.
            return _images()
        schema = self._reference(method.output_type)
        if method.server_streaming:
            schema = {"type": "array", "items": schema}
        return {"application/json": {"schema": schema}}

    def _body(self, method: MethodDescriptorProto, binding: http_pb2.HttpRule) -> dict[str, Any]:
        if binding.body == "*":
            schema = self._reference(method.input_type)
            return {"required": True, "content": {"application/json": {"schema": schema}}}
        fields = {f.name: f for f in self.messages[method.input_type].field}
        field = fields[binding.body]
        if field.type_name == _RAW_BODY:
            return {"required": True, "content": _images()}
        schema = self._type(field)
        return {"required": True, "content": {"application/json": {"schema": schema}}}

    def _message_schema(self, name: str, message: DescriptorProto) -> dict[str, Any]:
        properties = {}
        for field in message.field:
            schema = dict(self._field(message, field))
            comment = self.comments.get(f"{name[1:]}.{field.name}")
            if comment:
                schema["description"] = comment
            properties[field.json_name] = schema
        return {
            "type": "object",
            "description": self.comments.get(name[1:], ""),
            "properties": properties,
        }

    def _enum_schema(self, name: str, enum: EnumDescriptorProto) -> dict[str, Any]:
        lines = [self.comments.get(name[1:], "")]
        lines.extend(
            f"- `{value.name}`: {self.comments.get(f'{name[1:]}.{value.name}', '')}"
            for value in enum.value
        )
        return {
            "type": "string",
            "description": "\n".join(lines),
            "enum": [value.name for value in enum.value],
        }

    def _field(self, message: DescriptorProto, field: FieldDescriptorProto) -> dict[str, Any]:
        for nested in message.nested_type:
            if nested.options.map_entry and field.type_name.endswith("." + nested.name):
                return {"type": "object", "additionalProperties": self._type(nested.field[1])}
        return self._type(field)

    def _type(self, field: FieldDescriptorProto) -> dict[str, Any]:
        scalar = _SCALARS.get(field.type)
        schema = dict(scalar) if scalar else self._reference(field.type_name)
        if field.label == FieldDescriptorProto.LABEL_REPEATED:
            return {"type": "array", "items": schema}
        return schema

    def _reference(self, type_name: str) -> dict[str, Any]:
        known = _WELL_KNOWN.get(type_name)
        return dict(known) if known else {"$ref": f"#/components/schemas/{_short(type_name)}"}


def _images() -> dict[str, Any]:
    """Returns the content of a body that is an image itself."""
    kinds = ("image/png", "image/jpeg", "image/webp")
    return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}


def _short(type_name: str) -> str:
    return type_name.rsplit(".", 1)[-1]


def _read_comments(file: FileDescriptorProto) -> dict[str, str]:
    """Returns the leading comments of a file by the full name of what they are on."""
    found: dict[str, str] = {}
    for location in file.source_code_info.location:
        if location.leading_comments:
            name = _name_at(file, list(location.path))
            if name:
                found[name] = " ".join(location.leading_comments.split())
    return found


def _name_at(file: FileDescriptorProto, path: list[int]) -> str | None:
    # Even places of a path are field numbers of the descriptor messages, odd ones indexes.
    node: Any = file
    name = file.package
    for number, index in zip(path[::2], path[1::2], strict=False):
        field = node.DESCRIPTOR.fields_by_number.get(number)
        value = getattr(node, field.name) if field else None
        try:
            node = value[index]  # type: ignore[index]
            name += "." + node.name
        except (TypeError, IndexError, AttributeError):
            return None
    return name if path and len(path) % 2 == 0 else None
