"""Rules about what code generation takes for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.problems import Problems
from engine.schema.tree import walk

_PICTURES = frozenset({
    node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_CHART,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reliance:
    """Something that generated code takes for granted.

    `text` is the assumption as a schema should state it; `mention` finds out
    whether an assumption is about it; `path` is the first place that relies on it.
    """

    topic: str
    text: str
    mention: re.Pattern[str]
    path: str


_TEXTS = {
    "viewports": (
        (
            "Layout at viewport widths that were not shown follows from the structure: "
            "rows stack and grids lose columns on narrow screens."
        ),
        re.compile(
            r"viewport|width|responsive|breakpoint|narrow|mobile|screen|stack", re.IGNORECASE
        ),
    ),
    "links": (
        'Link targets were not shown; links lead to "#" until they are set.',
        re.compile(r"link|href|target|destination|url|navigat", re.IGNORECASE),
    ),
    "pictures": (
        "Pictures are placeholders of the right size and mean colour until they are replaced.",
        re.compile(r"picture|image|photo|icon|placeholder|asset|illustration|media", re.IGNORECASE),
    ),
    "labels": (
        "Inputs without a visible label are labelled by their placeholder or kind.",
        re.compile(r"label|input|field|form|control", re.IGNORECASE),
    ),
}


def reliances(schema: pb.CanonicalSchema) -> Iterator[Reliance]:
    """Yields what code generated from `schema` takes for granted, each topic once."""
    if not schema.HasField("root"):
        return
    found: dict[str, str] = {}
    if len(schema.viewports) < 2 and not schema.responsive_rules:
        found["viewports"] = "responsiveRules"
    for visit in walk(schema.root):
        node = visit.node
        if node.kind == node_pb2.NODE_KIND_LINK and not node.href:
            found.setdefault("links", f"{visit.path}.href")
        if node.kind in _PICTURES and not node.media.asset and not node.media.icon_name:
            found.setdefault("pictures", f"{visit.path}.media")
        labelled = node.control.label or node.control.label_node_id
        if node.kind == node_pb2.NODE_KIND_INPUT and not labelled:
            found.setdefault("labels", f"{visit.path}.control.label")
    for topic, path in found.items():
        text, mention = _TEXTS[topic]
        yield Reliance(topic, text, mention, path)


def unrecorded(schema: pb.CanonicalSchema) -> list[Reliance]:
    """Returns the reliances that no assumption of `schema` mentions."""
    return [
        reliance
        for reliance in reliances(schema)
        if not any(reliance.mention.search(text) for text in schema.assumptions)
    ]


def check_assumptions(schema: pb.CanonicalSchema, problems: Problems) -> None:
    """Checks that what the code takes for granted is recorded.

    Without any assumption that is an error. When there are some, wording is
    free, so a topic that none of them seems to mention is a warning.
    """
    for reliance in unrecorded(schema):
        message = f'Record what the code takes for granted, for example: "{reliance.text}"'
        report = problems.warning if schema.assumptions else problems.error
        report("assumptions", "ASSUMPTION_NOT_RECORDED", message)
