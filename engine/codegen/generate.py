"""Generates code from schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from structra.v1 import canonical_schema_pb2, code_service_pb2

from engine.codegen.document import Document, build_document
from engine.codegen.options import (
    CodegenOptions,
    GeneratedFile,
    InvalidSchemaError,
    UnsupportedTargetError,
)
from engine.codegen.targets import (
    bootstrap,
    css_modules,
    html_css,
    nextjs,
    react,
    react_css_modules,
    scss,
    tailwind,
)
from engine.schema import errors, validate


@dataclass(frozen=True, slots=True)
class Target:
    """A kind of code that can be generated."""

    name: str
    description: str
    generate: Callable[[Document], list[GeneratedFile]]


TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target("html-css", "HTML with one stylesheet", html_css.generate),
        Target("tailwind", "HTML with Tailwind's utility classes", tailwind.generate),
        Target("react", "React components with Tailwind", react.generate),
        Target(
            "react-css-modules", "React components with CSS modules", react_css_modules.generate
        ),
        Target("nextjs", "A Next.js app with Tailwind", nextjs.generate),
        Target("bootstrap", "HTML with Bootstrap 5", bootstrap.generate),
        Target("scss", "HTML with SCSS", scss.generate),
        Target(
            "css-modules", "A function that returns HTML, with a CSS module", css_modules.generate
        ),
    )
}


def generate(
    schema: canonical_schema_pb2.CanonicalSchema,
    target: str,
    options: CodegenOptions | None = None,
) -> list[GeneratedFile]:
    """Returns the files of `target`, the entry file first.

    The same schema, target and options always give the same bytes.

    Raises:
        UnsupportedTargetError: There is no such target.
        InvalidSchemaError: The schema has errors.
    """
    return _generate(schema, target, options)[0]


def generate_bundle(
    schema: canonical_schema_pb2.CanonicalSchema,
    target: str,
    options: CodegenOptions | None = None,
) -> code_service_pb2.CodeBundle:
    """Returns the files of `target` as a message, with the exceptions that were made.

    Raises:
        UnsupportedTargetError: There is no such target.
        InvalidSchemaError: The schema has errors.
    """
    files, exceptions = _generate(schema, target, options)
    return code_service_pb2.CodeBundle(
        target=target, files=[file.to_proto() for file in files], exceptions=exceptions
    )


def _generate(
    schema: canonical_schema_pb2.CanonicalSchema, target: str, options: CodegenOptions | None
) -> tuple[list[GeneratedFile], list[str]]:
    chosen = TARGETS.get(target)
    if chosen is None:
        raise UnsupportedTargetError(target, tuple(TARGETS))
    problems = validate(schema)
    if errors(problems):
        raise InvalidSchemaError(problems)
    document = build_document(schema, options or CodegenOptions())
    files = chosen.generate(document)
    return [*files, *_asset_files(document)], document.exceptions


def _asset_files(document: Document) -> list[GeneratedFile]:
    """Returns the pictures that the caller gave, as far as the schema names them."""
    types = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp"}
    return [
        GeneratedFile(path, types.get(path.rsplit(".", 1)[-1], "application/octet-stream"), data)
        for path, data in sorted(document.options.assets.items())
    ]
