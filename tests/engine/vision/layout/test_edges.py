"""A card draws its border and its round corners once, whatever lies along its edges."""

from __future__ import annotations

from dataclasses import replace

from engine.vision.layout.edges import share_borders
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk


def card(*, radius: float = 8, head_radius: float = 0, beyond: float = 0):
    """A card with a head in a darker shade, each with a border all around."""
    head = surface(100, 100, 300, 40, fill="#f7f7f7", border="#d0d0d0", radius=head_radius)
    return page(
        surface(100, 100, 300, 200, fill="#ffffff", border="#dddddd", radius=radius),
        head,
        line("A title", 116, 110, weight=700),
        line("Some words on the matter", 116, 170),
        picture(332 + beyond, 180, 64, 64),
    )


def test_a_part_along_the_edge_keeps_only_the_border_that_parts_it():
    whole, head = share_borders(card()).surfaces
    assert head.border_sides == (False, False, True, False)
    assert (head.box.x, head.box.y, head.box.w, head.box.h) == (101, 101, 298, 39)
    assert whole == card().surfaces[0]


def test_a_box_within_a_card_keeps_its_border():
    inner = surface(120, 220, 120, 40, border="#d0d0d0")
    seen = replace(card(), surfaces=(card().surfaces[0], inner))
    assert share_borders(seen) == seen


def clipped(percepts) -> list[bool]:
    return [node.layout.clip for node in walk(read(percepts).root) if node.style.radius.px >= 2]


def test_what_fills_a_round_corner_is_clipped():
    assert clipped(card()) == [True]


def test_nothing_is_clipped_where_corners_agree_or_something_overhangs():
    assert clipped(card(head_radius=8)) == [False, False]
    assert not any(clipped(card(beyond=12)))
    assert clipped(
        page(surface(100, 100, 300, 200, border="#dddddd", radius=8), line("A", 120, 120))
    ) == [False]
