"""Takes the bar at the top of a page apart from the hero that is painted like it."""

from __future__ import annotations

from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.layout.entries import is_label
from engine.vision.layout.item import Arrangement, Item, column
from engine.vision.percepts import Box

# The tallest bar, with the space around its entries, and how low a page's first band may start.
_TALLEST, _TOP = 110.0, 4.0
_LEAST_ENTRIES = 3


def take_top_bar(band: Item, page: Box) -> tuple[Item, Item] | None:
    """Returns the bar that a flat band at the page's top begins with and the rest, else None.

    The space below the bar's entries is taken to be that above them.
    """
    surface = band.surface
    if surface is None or surface.gradient or surface.border_color or surface.shadow:
        return None
    if band.arrangement is not Arrangement.COLUMN or len(band.children) < 2:
        return None
    bar, rest = band.children[0], band.children[1:]
    above = bar.box.y - band.box.y
    edge = min(bar.box.bottom + above, rest[0].box.y)
    if band.box.y > page.y + _TOP or edge - band.box.y > _TALLEST or not _is_bar(bar):
        return None
    box = band.box
    return (
        _band([bar], band, Box(box.x, box.y, box.w, edge - box.y)),
        _band(rest, band, Box(box.x, edge, box.w, box.bottom - edge)),
    )


def _is_bar(item: Item) -> bool:
    texts = list(item.texts())
    return (
        item.arrangement is Arrangement.ROW
        and not item.boxed
        and len(texts) >= _LEAST_ENTRIES
        and all(is_label(text) for text in texts)
    )


def _band(children: list[Item], source: Item, box: Box) -> Item:
    """Returns a band painted as `source` is."""
    band = column(children)
    band.node = node_pb2.Node()
    band.node.CopyFrom(source.node)
    band.box, band.boxed = box, True
    band.surface = replace(source.surface, box=box) if source.surface else None
    return band
