"""Makes links of headings that are set as the links of the page are."""

from __future__ import annotations

from collections.abc import Iterator

from structra.v1 import node_pb2

from engine.vision.color import distance, saturation
from engine.vision.layout.entries import CHROMATIC, is_underlined
from engine.vision.layout.item import Item

# How near two colours are that are one, and how many links a page has at least in the look that
# its headings may share: fewer may only be set in the colour of the headings.
_SAME, _LEAST = 48.0, 5


def link_headings(page: Item) -> None:
    """Links the headings in the colour that the page's other links have, underlined as they are."""
    looks = list(_link_looks(page))
    for heading in page.texts():
        block = heading.text
        if heading.kind != node_pb2.NODE_KIND_HEADING or block is None or heading.node.runs:
            continue
        if heading.surface is not None or saturation(block.color) < CHROMATIC:
            continue
        alike = sum(
            underlined == is_underlined(block) and distance(color, block.color) <= _SAME
            for color, underlined in looks
        )
        if alike >= _LEAST:
            heading.node.runs.add(text=heading.node.text, link=True)


def _link_looks(page: Item) -> Iterator[tuple[str, bool]]:
    """Yields the colour of each link that is no heading, and whether it is underlined."""
    for text in page.texts():
        if text.text is None or text.kind == node_pb2.NODE_KIND_HEADING:
            continue
        own = text.node.style.color.value
        if text.kind == node_pb2.NODE_KIND_LINK:
            yield own, is_underlined(text.text)
        for run in text.node.runs:
            if run.link:
                yield run.color.value or own, run.underline
