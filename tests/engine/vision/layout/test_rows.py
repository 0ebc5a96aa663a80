"""Where things in rows and at edges begin once the page is laid out."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

# Rounding to even pixels may leave every single thing off by this much.
_A_PIXEL = 1.01


def test_an_icon_in_a_row_begins_where_it_was_seen() -> None:
    xs = [140.0, 170.0, 206.0, 236.0, 272.0]
    icons = [picture(x, 104, 14, 14, PictureKind.ICON) for x in xs]
    root = read(page(*icons, line("Last", 308, 102))).root
    row = next(n for n in walk(root) if len(n.children) == 6)
    cursor = row.children[0].bounds.x
    for child, seen in zip(row.children, xs, strict=False):
        cursor += child.layout.margin.left.px
        assert abs(cursor - seen) <= _A_PIXEL
        cursor += child.bounds.width + row.layout.column_gap.px


@pytest.mark.parametrize("indent", [2.0, 4.0])
def test_a_picture_a_little_off_the_edge_is_moved_there(indent: float) -> None:
    entries = [
        line("A first line of text that is rather long", 170, 120 + 40 * n) for n in range(3)
    ]
    shot = picture(170 + indent, 260, 300, 90)
    root = read(page(surface(140, 100, 700, 280, border="#cccccc"), *entries, shot)).root
    image = next(n for n in walk(root) if n.kind == node_pb2.NODE_KIND_IMAGE)
    card = next(n for n in walk(root) if image in list(n.children))
    inner = card.bounds.x + 1 + card.layout.padding.left.px
    assert abs(inner + image.layout.margin.left.px - image.bounds.x) <= _A_PIXEL


def test_a_padded_box_keeps_its_left_padding() -> None:
    texts = [line(f"Entry number {n}", 158, 118 + 40 * n) for n in range(3)]
    icons = [picture(158 + 175, 118 + 40 * n, 12, 16, PictureKind.ICON) for n in range(3)]
    root = read(page(surface(140, 100, 220, 130, border="#cccccc"), *texts, *icons)).root
    box = next(n for n in walk(root) if n.style.HasField("border"))
    assert abs(1 + box.layout.padding.left.px - 18) <= _A_PIXEL


def test_what_lies_upon_another_stands_off_its_container_not_off_the_pair() -> None:
    title = line("A wide title", 300, 140, size=48, weight=700)
    over = picture(320, 150, 40, 30)
    box = surface(140, 100, 900, 300, border="#cccccc")
    text = line("Some words that begin further left", 170, 300)
    root = read(page(box, title, over, text)).root
    stack = next(n for n in walk(root) if n.layout.columns == 1 and len(n.children) == 2)
    base, above = stack.children
    assert abs(above.layout.margin.left.px - base.layout.margin.left.px - 20) <= 2
    assert base.layout.margin.left.px > 100
    assert not base.layout.margin.right.px
