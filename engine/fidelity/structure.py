"""What a page is made of, as its node tree says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.geometry import Box

# The kinds that the specification scores.
KINDS = ("heading", "link", "button", "input", "image", "nav", "header", "footer")
# What opens a page below its bar: a header to some authors, a section to others.
HERO = "hero"
# What marks no navigation, header or footer of the page but may hold what looks like one: an aside,
# or the header or footer of an article or section.
OTHER_LANDMARK = "landmark"
# A small picture: an image to some authors, an icon to others.
ICON = "icon"
_SHARED_HEIGHT_LEAST = 0.5

_KIND_OF_NODE = {
    node_pb2.NODE_KIND_HEADING: "heading",
    node_pb2.NODE_KIND_LINK: "link",
    node_pb2.NODE_KIND_BUTTON: "button",
    node_pb2.NODE_KIND_INPUT: "input",
    node_pb2.NODE_KIND_IMAGE: "image",
    node_pb2.NODE_KIND_CHART: "image",
    node_pb2.NODE_KIND_ICON: ICON,
}
_KIND_OF_ROLE = {
    node_pb2.SEMANTIC_ROLE_NAV: "nav",
    node_pb2.SEMANTIC_ROLE_HEADER: "header",
    node_pb2.SEMANTIC_ROLE_FOOTER: "footer",
    node_pb2.SEMANTIC_ROLE_HERO: HERO,
}


@dataclass(frozen=True, slots=True)
class Element:
    """Something of a kind in `KINDS`, or a hero or icon, with its visible label if it has one.

    `or_kind` is a second kind that fits as well: a link that looks like a
    button, or a button that looks like a link. `padded` is true when the box is
    larger than what can be seen of it: a control that is neither filled nor
    bordered. `stand_in` is true for a check box, radio button or switch without paint,
    which its label may draw, larger and not exactly in its place. `ink` is the part of an image
    that it paints, where that is known to be less than its box.
    """

    kind: str
    box: Box
    label: str = ""
    or_kind: str = ""
    padded: bool = False
    stand_in: bool = False
    ink: Box | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """Boxes laid out in columns; `cells` are in document order."""

    box: Box
    columns: int
    cells: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """What is known of a page's structure. `texts` are in reading order."""

    elements: tuple[Element, ...]
    sections: tuple[Box, ...]
    grids: tuple[Grid, ...]
    texts: tuple[Box, ...]
    # Finer stripes that may stand for sections, too.
    subsections: tuple[Box, ...] = field(default=())
    # Everything whose cells' order is known, grids among them.
    flows: tuple[Grid, ...] = field(default=())


def structure_of(schema: canonical_schema_pb2.CanonicalSchema) -> Structure:
    """Returns what a schema's node tree says."""
    nodes = list(_walk(schema.root))
    by_id = {node.id: node for node in nodes}
    return Structure(
        elements=tuple(element for node in nodes for element in _elements(node)),
        sections=tuple(
            bounds_box(by_id[section.node_id].bounds)
            for section in schema.sections
            if section.node_id in by_id
        ),
        grids=tuple(
            Grid(bounds_box(node.bounds), _columns(node), _cells(node))
            for node in nodes
            if len(node.children) > 1
        ),
        texts=tuple(bounds_box(node.bounds) for node in nodes if node.text),
    )


def bounds_box(bounds: node_pb2.Bounds) -> Box:
    """Returns the bounds of a node as a box."""
    return Box(bounds.x, bounds.y, bounds.width, bounds.height)


def _walk(node: node_pb2.Node) -> Iterator[node_pb2.Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _elements(node: node_pb2.Node) -> Iterator[Element]:
    box = bounds_box(node.bounds)
    kind = _KIND_OF_NODE.get(node.kind)
    if kind:
        yield Element(kind, box, node.text or _text_below(node))
    role = _KIND_OF_ROLE.get(node.role)
    if role:
        yield Element(role, box)
    if node.style.background.HasField("image"):
        yield Element("image", box)
    if kind != "link":
        for run in node.runs:
            if run.link:
                yield Element("link", box, run.text)


def _text_below(node: node_pb2.Node) -> str:
    return " ".join(item.text for item in _walk(node) if item.text)


def _cells(node: node_pb2.Node) -> tuple[Box, ...]:
    return tuple(bounds_box(child.bounds) for child in node.children)


def _columns(node: node_pb2.Node) -> int:
    if node.layout.display == node_pb2.DISPLAY_GRID and node.layout.columns:
        return node.layout.columns
    return columns_of(_cells(node))


def columns_of(boxes: Sequence[Box]) -> int:
    """Returns the most boxes that stand side by side in one row."""
    return max(
        (
            sum(_shared_height(box, other) > _SHARED_HEIGHT_LEAST for other in boxes)
            for box in boxes
        ),
        default=0,
    )


def _shared_height(first: Box, second: Box) -> float:
    """Returns the shared height as a share of the smaller one."""
    shared = min(first.bottom, second.bottom) - max(first.y, second.y)
    least = min(first.h, second.h)
    return max(shared, 0.0) / least if least else 0.0
