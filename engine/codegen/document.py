"""Makes the page from the element tree: landmarks, labels, inherited type and class names."""

from __future__ import annotations

from dataclasses import dataclass

from structra.v1 import canonical_schema_pb2

from engine.codegen.build import Builder, page_style
from engine.codegen.context import Context
from engine.codegen.element import Element
from engine.codegen.inherit import settle_inheritance
from engine.codegen.landmarks import finish_landmarks
from engine.codegen.options import CodegenOptions
from engine.codegen.tokens import Tokens


@dataclass(slots=True)
class Document:
    """A page ready to be printed by a target.

    `body` is the page's root element; `exceptions` lists where a less preferred
    technique was needed, with the reason.
    """

    title: str
    language: str
    body: Element
    tokens: Tokens
    schema: canonical_schema_pb2.CanonicalSchema
    options: CodegenOptions
    exceptions: list[str]


def build_document(
    schema: canonical_schema_pb2.CanonicalSchema, options: CodegenOptions
) -> Document:
    """Returns the document that `schema` describes; the schema must be valid."""
    context = Context(schema, options)
    builder = Builder(context)
    body = Element("body", name="page", block="page", style=page_style(schema.root, context))
    body.children.extend(builder.element(child, schema.root) for child in schema.root.children)
    finish_landmarks(body, context)
    settle_inheritance(body)
    return Document(
        title=" ".join(schema.meta.title.split()) or _first_heading(body) or "Page",
        language=schema.meta.language or "en",
        body=body,
        tokens=context.tokens,
        schema=schema,
        options=options,
        exceptions=context.exceptions,
    )


def _first_heading(body: Element) -> str:
    return next((" ".join(e.text().split()) for e in body.walk() if e.tag == "h1"), "")
