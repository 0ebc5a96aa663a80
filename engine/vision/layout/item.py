"""What layout works on: the elements of a page while their structure is being found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from structra.v1 import node_pb2

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.metrics import Setting
from engine.vision.percepts import Box, FormMark, Lattice, Picture, Rule, Surface

Kind = node_pb2.NodeKind


_CONTROLS = {
    node_pb2.NODE_KIND_BUTTON,
    node_pb2.NODE_KIND_BADGE,
    node_pb2.NODE_KIND_INPUT,
}


class Arrangement(Enum):
    """How an item's children lie."""

    LEAF = "leaf"
    COLUMN = "column"
    ROW = "row"
    GRID = "grid"
    TABLE = "table"
    STACK = "stack"


@dataclass(slots=True, eq=False)
class Item:
    """One element: a leaf or a group, with the node that it becomes.

    `box` is what the element occupies in the flow, in CSS pixels: the border
    box of a surface, the line boxes of a text, the union of a group's children.
    `columns` and `slots` are set for grids and tables: the number of columns,
    and in which of them a row's children stand. `boxed` elements have padding of
    their own: surfaces, pictures with content, bands. `frame` is where a band
    keeps its content. `setting` is how code sets a text, known once fonts are chosen. `lattice`
    is how a table is ruled.
    """

    box: Box
    node: node_pb2.Node
    children: list[Item] = field(default_factory=list)
    arrangement: Arrangement = Arrangement.LEAF
    columns: int = 0
    text: TextBlock | None = None
    surface: Surface | None = None
    picture: Picture | None = None
    mark: FormMark | None = None
    rule: Rule | None = None
    label: Item | None = None
    slots: list[int] = field(default_factory=list)
    boxed: bool = False
    frame: Box | None = None
    setting: Setting | None = None
    lattice: Lattice | None = None

    @property
    def kind(self) -> int:
        return self.node.kind

    @property
    def font_size(self) -> float:
        """The size of its text in CSS pixels; 0 without text."""
        return self.text.size if self.text is not None else 0.0

    @property
    def borders(self) -> tuple[float, float, float, float]:
        """The widths of the borders drawn around it in pixels: top, right, bottom, left."""
        surface = self.surface
        if surface is None or not surface.border_color or surface.border_width <= 0:
            return 0.0, 0.0, 0.0, 0.0
        width = max(surface.border_width, 1.0)
        top, right, bottom, left = (width if drawn else 0.0 for drawn in surface.border_sides)
        return top, right, bottom, left

    def walk(self) -> Iterator[Item]:
        """Yields the item and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def parts(self) -> Iterator[Item]:
        """Yields the item and all below it but what is inside buttons, badges and fields."""
        yield self
        if self.kind not in _CONTROLS:
            for child in self.children:
                yield from child.parts()

    def texts(self) -> Iterator[Item]:
        """Yields the items of `parts` that carry text, in reading order."""
        return (item for item in self.parts() if item.text is not None)


def union(boxes: Iterable[Box]) -> Box:
    """Returns the smallest rectangle around `boxes`; there must be at least one."""
    items = list(boxes)
    x, y = min(box.x for box in items), min(box.y for box in items)
    right, bottom = max(box.right for box in items), max(box.bottom for box in items)
    return Box(x, y, right - x, bottom - y)


def group(children: list[Item], arrangement: Arrangement, columns: int = 0) -> Item:
    """Returns a container around `children`."""
    return Item(
        box=union(child.box for child in children),
        node=node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, confidence=1.0),
        children=children,
        arrangement=arrangement,
        columns=columns,
    )


def column(children: list[Item]) -> Item:
    """Returns a column of `children`; of a lone unpainted group, the same arranged as it is."""
    alone = children[0] if len(children) == 1 else None
    if alone is None or not alone.children or alone.boxed:
        return group(children, Arrangement.COLUMN)
    result = group(alone.children, alone.arrangement, alone.columns)
    result.slots = alone.slots
    return result
