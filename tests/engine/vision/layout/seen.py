"""Builds percepts for tests, with text as wide as Arial would be."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision import schema_from_percepts
from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.faces import Face
from engine.vision.layout.item import Item
from engine.vision.layout.leaves import picture_item, text_item
from engine.vision.layout.metrics import text_width
from engine.vision.percepts import Box, Family, Percepts, Picture, PictureKind, Surface, TextLine


def walk(node: node_pb2.Node) -> Iterator[node_pb2.Node]:
    """Yields the node and all below it, parents first."""
    yield node
    for child in node.children:
        yield from walk(child)


def read(percepts: Percepts) -> canonical_schema_pb2.CanonicalSchema:
    """Returns the schema of one page."""
    return schema_from_percepts([percepts])


def line(
    text: str,
    x: float,
    y: float,
    *,
    size: float = 16.0,
    weight: int = 400,
    color: str = "#222222",
    family: Family = Family.SANS,
    underline: bool = False,
    center: bool = False,
) -> TextLine:
    """Returns a line whose content area's upper left corner (or centre) is at x, y."""
    width = text_width(text, Face.ARIAL, size, weight)
    height = 1.17 * size
    left = x - width / 2 if center else x
    return TextLine(
        text=text,
        box=Box(left, y, width, height),
        baseline=y + 0.93 * size,
        font_size=size,
        weight=weight,
        family=family,
        color=color,
        background="#ffffff",
        confidence=0.97,
        underline=underline,
    )


def surface(
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    fill: str | None = "#ffffff",
    border: str | None = None,
    radius: float = 0.0,
    full_width: bool = False,
) -> Surface:
    """Returns a painted box; a border has all sides and is 1 pixel wide."""
    return Surface(
        box=Box(x, y, w, h),
        fill=fill,
        border_color=border,
        border_width=1.0 if border else 0.0,
        border_sides=(bool(border),) * 4,
        radius=radius,
        full_width=full_width,
    )


def picture(
    x: float,
    y: float,
    w: float,
    h: float,
    kind: PictureKind = PictureKind.PHOTO,
    color: str = "#888888",
) -> Picture:
    """Returns a picture, grey unless told otherwise."""
    return Picture(box=Box(x, y, w, h), kind=kind, color=color)


def icon(x: float, y: float, w: float, h: float, color: str = "#222222") -> Picture:
    """Returns an icon."""
    return picture(x, y, w, h, PictureKind.ICON, color)


def page(*entries: TextLine | Surface | Picture, width: int = 1280, height: int = 900) -> Percepts:
    """Returns the percepts of a white page that shows `entries`."""
    return Percepts(
        width=width,
        height=height,
        background="#ffffff",
        lines=tuple(entry for entry in entries if isinstance(entry, TextLine)),
        surfaces=tuple(entry for entry in entries if isinstance(entry, Surface)),
        pictures=tuple(entry for entry in entries if isinstance(entry, Picture)),
    )


def landing() -> Percepts:
    """Returns a landing page: dark bar, hero, three cards, dark footer."""
    cards = [
        part
        for x in (140.0, 483.0, 826.0)
        for part in (
            surface(x, 420, 313, 200, fill="#ffffff", border="#dddddd", radius=8),
            line("A card title", x + 24, 446, size=20, weight=700),
            line("Some words about the matter", x + 24, 486),
            line("that wrap on a second line", x + 24, 510),
            surface(x + 24, 552, 120, 40, fill="#2563eb", radius=6),
            line("Choose", x + 84, 562, color="#ffffff", center=True),
        )
    ]
    return page(
        surface(0, 0, 1280, 64, fill="#111111", full_width=True),
        line("Brand", 140, 22, size=20, weight=700, color="#ffffff"),
        line("Home", 900, 22, color="#eeeeee"),
        line("Pricing", 970, 22, color="#eeeeee"),
        line("Contact", 1050, 22, color="#eeeeee"),
        line("Build pages that flow", 640, 130, size=48, weight=700, center=True),
        line("Everything stands where it stood before", 640, 210, size=20, center=True),
        *cards,
        surface(0, 820, 1280, 80, fill="#111111", full_width=True),
        line("© 2025 Brand", 140, 850, size=14, color="#aaaaaa"),
        line("Privacy", 1000, 850, size=14, color="#aaaaaa"),
        line("Terms", 1080, 850, size=14, color="#aaaaaa"),
    )


def text(words: str, x: float, y: float, **style: Any) -> Item:
    """Returns the item of one line; `style` as `line` takes it."""
    return text_item(TextBlock([line(words, x, y, **style)]))


def box(x: float, y: float, w: float = 200, h: float = 100) -> Item:
    """Returns the item of a painted box."""
    item = picture_item(picture(x, y, w, h))
    item.boxed = True
    return item


def kinds(schema: canonical_schema_pb2.CanonicalSchema) -> dict[str, int]:
    """Returns the kind of each text of a schema."""
    return {node.text: node.kind for node in walk(schema.root) if node.text}


def prose(y: float = 400.0) -> list[TextLine]:
    """Returns two lines of plain text."""
    return [
        line("Plain words that fill the page and say nothing of note at all", 140, y),
        line("and that go on for a second line of the very same paragraph", 140, y + 24),
    ]
