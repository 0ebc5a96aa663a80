"""Where things end up once the rounding of distances is added up."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.vision.layout.flow import Flow
from engine.vision.layout.item import Arrangement, group
from engine.vision.layout.leaves import picture_item
from engine.vision.layout.scale import SpacingScale
from engine.vision.percepts import Box, PictureKind, Surface
from tests.engine.vision.layout.seen import line, page, picture, read, surface, text, walk

# Rounding to even pixels may leave every single thing off by this much.
_A_PIXEL = 1.01


def test_like_distances_get_like_steps_until_half_a_pixel_is_left_over() -> None:
    scale = SpacingScale()
    assert scale.near(11.2, 12.1) == 12
    assert scale.near(11.2, 12.4) == 12
    assert scale.near(11.2, 13.2) == 13
    assert scale.near(11.2, 13.8) == 14
    assert scale.near(11.2, 10.8) == 11
    assert scale.near(82.0, 82.4) == 82


def test_even_distances_are_whole_pixels_where_a_step_would_add_up() -> None:
    scale = SpacingScale()
    assert scale.even([10.4, 10.5]) == 10
    assert scale.even([10.9] * 8) == 11
    assert scale.even([]) == 0


def _tops(column: node_pb2.Node, top: float) -> list[float]:
    """Returns where the texts of a column begin that begins at `top` itself."""
    tops, cursor = [], top
    for child in column.children:
        cursor += child.layout.margin.top.px
        tops.append(cursor)
        face = child.style.typography
        cursor += face.line_height * face.size.px * len(child.lines) + column.layout.row_gap.px
    return tops


def test_rounded_gaps_do_not_add_up() -> None:
    ys = [100.0, 137.0, 181.0, 218.0, 271.0, 308.0, 353.0, 390.0, 451.0]
    words = ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"]
    texts = [line(f"{word} thing", 140, y) for word, y in zip(words, ys, strict=True)]
    root = read(page(surface(120, 83, 500, 407, border="#cccccc"), *texts)).root
    card = next(n for n in walk(root) if n.style.HasField("border"))
    band = next(n for n in walk(root) if card in list(n.children))
    rendered = _tops(card, band.layout.padding.top.px + 1 + card.layout.padding.top.px)
    assert len(rendered) == len(ys)
    for top, child in zip(rendered, card.children, strict=True):
        assert abs(top - child.bounds.y) <= _A_PIXEL


def test_padding_makes_up_for_what_the_gap_above_a_box_left_over() -> None:
    cards = [
        part
        for number in range(3)
        for part in (
            surface(140, 100 + 101 * number, 400, 70, border="#cccccc"),
            line(f"Card number {number}", 170, 125 + 101 * number),
        )
    ]
    root = read(page(line("A title", 140, 52, size=24, weight=700), *cards)).root
    boxes = [n for n in walk(root) if n.style.HasField("border")]
    assert len(boxes) == 3
    for box in boxes:
        text = box.children[0]
        face = text.style.typography
        inner = box.layout.padding.top.px + box.layout.padding.bottom.px
        height = 2 + inner + face.line_height * face.size.px
        # Either edge may be a pixel off.
        assert abs(height - box.bounds.height) <= 2 * _A_PIXEL


def test_lines_of_text_are_whole_pixels_high() -> None:
    root = read(
        page(line("A label", 140, 100, size=13.7), line("Another", 140, 200, size=17.3))
    ).root
    texts = [n for n in walk(root) if n.text]
    assert texts
    for node in texts:
        face = node.style.typography
        height = face.line_height * face.size.px
        assert height == pytest.approx(round(height), abs=0.05)


def test_a_border_on_one_side_takes_its_room() -> None:
    bar = Surface(
        box=Box(0, 0, 1280, 57),
        fill="#fafafa",
        border_color="#cccccc",
        border_width=5.0,
        border_sides=(False, False, True, False),
        full_width=True,
    )
    root = read(
        page(bar, line("Brand", 140, 17), line("Home", 900, 17), line("Blog", 980, 17))
    ).root
    node = next(n for n in walk(root) if n.style.border.width.px)
    text = next(n for n in walk(node) if n.text)
    face = text.style.typography
    inner = node.layout.padding.top.px + node.layout.padding.bottom.px
    assert abs(5 + inner + face.line_height * face.size.px - 57) <= _A_PIXEL


def test_a_button_with_one_border_keeps_its_height() -> None:
    box = Surface(
        box=Box(140, 100, 160, 46),
        fill="#2563eb",
        border_color="#1d4ed8",
        border_width=4.0,
        border_sides=(False, False, True, False),
        radius=4,
    )
    root = read(page(box, line("Choose me", 220, 111, color="#ffffff", center=True))).root
    button = next(n for n in walk(root) if n.kind == node_pb2.NODE_KIND_BUTTON)
    face, padding = button.style.typography, button.layout.padding
    line_height = face.line_height * face.size.px
    assert padding.top.px + padding.bottom.px + line_height + 4 == pytest.approx(46, abs=0.1)


@pytest.mark.parametrize(("late", "edge"), [(-2.0, "bottom"), (2.0, "top")])
def test_an_icon_off_the_middle_of_its_line_is_moved_there(late: float, edge: str) -> None:
    text = line("Settings", 170, 100, size=18)
    icon = picture(140, text.box.center_y - 5 + late, 10, 10, PictureKind.ICON)
    root = read(page(icon, text)).root
    node = next(n for n in walk(root) if n.kind == node_pb2.NODE_KIND_ICON)
    assert 2 <= getattr(node.layout.margin, edge).px <= 6


@pytest.mark.parametrize(("pitch", "expected"), [(24.15, 1.5), (25.6, 1.6), (24.4, 1.525)])
def test_lines_are_whole_pixels_high_unless_a_paragraph_would_come_out_otherwise(
    pitch: float, expected: float
) -> None:
    words = ("Plain words that fill the line", "and that go on for a second", "and then end here.")
    root = read(page(*(line(text, 140, 100 + n * pitch) for n, text in enumerate(words)))).root
    paragraph = next(node for node in walk(root) if node.text)
    assert paragraph.style.typography.line_height == pytest.approx(expected, abs=0.001)


@pytest.mark.parametrize("arrangement", [Arrangement.ROW, Arrangement.GRID])
def test_a_group_that_begins_with_an_icon_stands_where_it_was_seen(
    arrangement: Arrangement,
) -> None:
    icon = picture_item(picture(106, 100, 18, 18, PictureKind.ICON))
    entry = group([icon, text("A setting", 140, 100)], arrangement, columns=2)
    beside = 2 if arrangement is Arrangement.ROW else 12
    content = Box(103 if beside == 2 else 100, 100, entry.box.right + beside - 103, 24)
    Flow(SpacingScale()).across(entry, content)
    assert entry.node.layout.margin.left.px or entry.node.layout.margin.right.px
