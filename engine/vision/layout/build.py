"""Builds the item tree of a page from what was seen on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.layout.blocks import build_blocks
from engine.vision.layout.bullets import Bullet
from engine.vision.layout.button_groups import button_group
from engine.vision.layout.code import code_item, is_code
from engine.vision.layout.controls import control_item
from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.layout.lattices import cell_regions
from engine.vision.layout.leading import set_line_heights
from engine.vision.layout.leaves import (
    fill_media,
    mark_item,
    paint,
    picture_item,
    rule_item,
    text_item,
)
from engine.vision.layout.regions import Region, build_regions
from engine.vision.layout.search import search_field
from engine.vision.layout.sides import arrange_page
from engine.vision.layout.striped import striped_runs, striped_table
from engine.vision.layout.tables import ruled_table
from engine.vision.layout.underlined import underlined_fields
from engine.vision.percepts import Box, Lattice, Percepts, TextLine

_DEFAULT_SIZE = 16.0


def body_size(lines: Sequence[TextLine]) -> float:
    """Returns the font size of most of the text, in CSS pixels; 16 when there is none."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(line.font_size * 2) / 2] += len(line.text)
    return counts.most_common(1)[0][0] if counts else _DEFAULT_SIZE


def build_tree(percepts: Percepts, bullets: Sequence[Bullet] = ()) -> Item:
    """Returns the page as one item that holds everything seen, arranged but not yet laid out.

    `bullets` are what stood before lines; each starts an item of a list.
    """
    builder = _Builder(body_size(percepts.lines), bullets)
    page = builder.region_items(build_regions(percepts))
    box = Box(0, 0, percepts.width, percepts.height)
    root = arrange_page(page, box) if page else None
    node = node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, id="page", confidence=1.0)
    if root is None:
        return Item(box=box, node=node)
    if root.arrangement is Arrangement.COLUMN and not root.boxed:
        children, arrangement, columns = root.children, Arrangement.COLUMN, 0
    else:
        children, arrangement, columns = [root], Arrangement.COLUMN, 0
    return Item(
        box=box, node=node, children=children, arrangement=arrangement, columns=columns, boxed=True
    )


class _Builder:
    """Turns regions into items, from the inside out."""

    def __init__(self, size: float, bullets: Sequence[Bullet]) -> None:
        self._size = size
        self._bullets = bullets

    def region_items(self, region: Region) -> list[Item]:
        """Returns what lies directly in `region`, as items that are not yet arranged."""
        runs = striped_runs(region)
        striped = [inner for run in runs for inner in run]
        items = [self._painted(inner, region) for inner in region.regions if inner not in striped]
        items += [picture_item(picture) for picture in region.pictures]
        items += [mark_item(mark) for mark in region.marks if mark.mark.value != "select-arrow"]
        underlined = underlined_fields(region)
        items += [field for field, _, _ in underlined]
        drawn = [rule for _, _, rule in underlined]
        items += [rule_item(rule) for rule in region.rules if rule not in drawn]
        written = [line for _, line, _ in underlined]
        lines = [line for line in region.lines if line not in written]
        found = search_field(region)
        if found is not None:
            items.append(found[0])
            lines = [line for line in lines if line is not found[1]]
        obstacles = [*(item.box for item in items), *(row.box for row in striped)]
        if is_code(region):
            items.append(code_item(region.lines))
        else:
            blocks = build_blocks(lines, region.box, obstacles, self._bullets)
            items += [text_item(block) for block in blocks]
        set_line_heights(items, self._size, region.box)
        for run in runs:
            items = self._with_rows(run, region, items)
        return items

    def _with_rows(self, run: Sequence[Region], region: Region, items: list[Item]) -> list[Item]:
        """Returns the items of a region with boxes that may be rows, as a table if they are."""
        rows = [(row, self.region_items(row)) for row in run]
        made = striped_table(rows, items)
        if made is not None:
            return [made[0], *made[1]]
        return [*items, *(self._painted(row, region, held) for row, held in rows)]

    def _painted(self, region: Region, parent: Region, held: list[Item] | None = None) -> Item:
        """Returns a painted box: a ruled table, buttons, a control, or what it holds, arranged.

        `held` is what lies directly in it, where that is known.
        """
        lattice = region.surface.lattice if region.surface is not None else None
        if lattice is not None:
            return self._container(region, [self._table(region, lattice)])
        control = button_group(region) or control_item(region, parent)
        if control is not None:
            return control
        return self._container(region, self.region_items(region) if held is None else held)

    def _container(self, region: Region, items: list[Item]) -> Item:
        """Returns a painted box with its `items` arranged."""
        node = node_pb2.Node(kind=node_pb2.NODE_KIND_CONTAINER, confidence=0.8)
        item = Item(box=region.box, node=node, surface=region.surface, picture=region.picture)
        if region.surface is not None:
            node.confidence = round(region.surface.confidence, 3)
            paint(node.style, region.surface)
        if region.picture is not None:
            fill_media(node.style.background.image, region.picture)
            node.style.background.color.value = region.picture.color
        if not items:
            return _shape(item)
        inner = arrange(items)
        item.boxed = True
        if inner.arrangement in {Arrangement.LEAF, Arrangement.TABLE} or inner.boxed:
            inner = group([inner], Arrangement.COLUMN)
        item.children, item.arrangement = inner.children, inner.arrangement
        item.columns, item.slots = inner.columns, inner.slots
        return item

    def _table(self, region: Region, lattice: Lattice) -> Item:
        """Returns a ruled table, each of whose cells is arranged by itself."""
        cells = [[self.region_items(cell) for cell in row] for row in cell_regions(region, lattice)]
        filled = [[arrange(items) if items else None for items in row] for row in cells]
        return ruled_table(filled, lattice)


def _shape(item: Item) -> Item:
    """Returns an empty painted box as a decorative shape."""
    node = item.node
    if item.picture is not None:
        return picture_item(item.picture)
    node.kind = node_pb2.NODE_KIND_SHAPE
    node.media.type = node_pb2.MEDIA_TYPE_SHAPE
    node.media.shape = node_pb2.SHAPE_TYPE_RECTANGLE
    node.media.technique_reason = "A plain box needs only a background, a border and a radius."
    return item
