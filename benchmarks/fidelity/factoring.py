"""Measures how much of what repeats on a page its React code states once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from structra.v1 import canonical_schema_pb2

from engine.codegen import CodegenOptions, generate
from engine.codegen.document import build_document
from engine.codegen.element import Element
from engine.codegen.factoring import Shape, shape

# Fewer elements are shorter written out than called by a name.
_LEAST = 3
_ELEMENT = re.compile(r"(?<!\w)<[a-z]")


def factored_share(schema: canonical_schema_pb2.CanonicalSchema) -> float | None:
    """Returns the share of repeated elements that the React target does not repeat, 0 to 1.

    A subtree of at least three elements is repeated when another differs from
    it only in texts and attribute values. None where nothing is.
    """
    body = build_document(schema, CodegenOptions()).body
    repeated = _repeated(body)
    if not repeated:
        return None
    sources = [
        str(file.content) for file in generate(schema, "react") if file.path.endswith(".tsx")
    ]
    written = sum(len(_ELEMENT.findall(source)) for source in sources)
    saved = sum(1 for _ in body.walk()) - written
    return min(max(saved / repeated, 0.0), 1.0)


def _repeated(body: Element) -> int:
    """Returns the number of elements in all but the first of every kind of repeated subtree."""
    counts = Counter(shape(element) for element in body.walk())
    kinds: dict[Shape, list[int]] = {}
    for element in _outermost(body, counts):
        kinds.setdefault(shape(element), []).append(sum(1 for _ in element.walk()))
    return sum(sum(sizes[1:]) for sizes in kinds.values())


def _outermost(element: Element, counts: Counter[Shape]) -> Iterator[Element]:
    for child in element.elements():
        size = sum(1 for _ in child.walk())
        if size < _LEAST:
            continue
        if counts[shape(child)] > 1:
            yield child
        else:
            yield from _outermost(child, counts)
