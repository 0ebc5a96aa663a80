"""Says what was assumed, what could be read otherwise, and how far to trust the whole."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import mean

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.item import Arrangement
from engine.vision.layout.page import LaidOutPage
from engine.vision.percepts import Family

_HIGH, _MEDIUM = 0.86, 0.7
_LOW_TEXT = 0.8


def assumptions(page: LaidOutPage, viewports: int = 1) -> list[str]:
    """Returns everything taken for granted that the pictures, one per viewport, do not show."""
    kinds = {item.kind for item in page.root.walk()}
    families = {line.family for line in page.percepts.lines}
    found = []
    for family in Family:
        if family in families:
            stack = page.typefaces[family].stack.split(",")[0].strip('"')
            found.append(
                f"The {family.value} typeface is not named in a picture; {stack} stands in for it, "
                "with letter spacing that matches the widths seen."
            )
    if node_pb2.NODE_KIND_LINK in kinds:
        found.append("Link targets are unknown; every link goes to '#'.")
    if kinds & {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_LINK, node_pb2.NODE_KIND_INPUT}:
        found.append(
            "Hover, focus, active and disabled states are not shown; the generator's own are used."
        )
    if kinds & {node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART, node_pb2.NODE_KIND_ICON}:
        found.append(
            "What pictures show is not known; alternative texts are to be written by hand."
        )
    if node_pb2.NODE_KIND_INPUT in kinds:
        found.append(
            "Names, validation and submission of forms are not shown; field types follow labels."
        )
    found.append(
        "Only one viewport was shown; the behaviour on other widths is derived from the structure."
        if viewports == 1
        else f"{viewports} viewports were shown; what lies between them is derived."
    )
    if page.percepts.lines:
        found.append("The language is taken to be English.")
    return found


def ambiguities(page: LaidOutPage) -> Iterator[canonical_schema_pb2.Ambiguity]:
    """Yields the places that could be read in more than one way, in reading order."""
    for item in page.root.walk():
        node = item.node
        if (
            node.kind == node_pb2.NODE_KIND_INPUT
            and not node.control.label
            and (not node.control.placeholder)
        ):
            yield canonical_schema_pb2.Ambiguity(
                area=node.id,
                issue="A box looks like a form field but has neither label nor placeholder.",
                alternatives=["form field", "empty panel"],
                chosen="form field",
                reason="Its height and outline are those of the form fields that pages have.",
            )
        if item.arrangement is Arrangement.STACK:
            yield canonical_schema_pb2.Ambiguity(
                area=node.id,
                issue="Parts overlap without one holding the other.",
                alternatives=["overlay in the same grid cell", "negative margins"],
                chosen="overlay in the same grid cell",
                reason="It keeps both parts in the flow.",
            )
        if item.text is not None and node.confidence < _LOW_TEXT and node.text:
            yield canonical_schema_pb2.Ambiguity(
                area=node.id,
                issue=f'The text was hard to read: "{node.text[:60]}".',
                alternatives=["as read", "misread"],
                chosen="as read",
                reason=f"The reader's confidence is {node.confidence:.2f}.",
            )
        if node.kind == node_pb2.NODE_KIND_TABLE:
            yield canonical_schema_pb2.Ambiguity(
                area=node.id,
                issue="Aligned rows could be tabular data or a grid of texts.",
                alternatives=["table", "grid"],
                chosen="table",
                reason="The cells are short and the rows evenly spaced.",
            )


def confidence(page: LaidOutPage) -> canonical_schema_pb2.ConfidenceLevel.ValueType:
    """Returns the ConfidenceLevel of the page's interpretation as a whole.

    It is the mean of what was read and seen, lowered by overlaps, which flow
    cannot express exactly.
    """
    items = list(page.root.walk())
    texts = [line.confidence for line in page.percepts.lines]
    kinds = [item.node.confidence for item in items if not item.children]
    if not kinds:
        return canonical_schema_pb2.CONFIDENCE_LEVEL_LOW
    stacks = sum(item.arrangement is Arrangement.STACK for item in items)
    score = 0.6 * (mean(texts) if texts else 0.5) + 0.4 * mean(kinds) - 0.03 * stacks
    if score >= _HIGH:
        return canonical_schema_pb2.CONFIDENCE_LEVEL_HIGH
    if score >= _MEDIUM:
        return canonical_schema_pb2.CONFIDENCE_LEVEL_MEDIUM
    return canonical_schema_pb2.CONFIDENCE_LEVEL_LOW
