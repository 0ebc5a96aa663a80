"""Fields for searching, whatever shows them."""

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Picture, PictureKind, Surface, TextLine
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

BAR = surface(0, 0, 1280, 64, fill="#ffffff", border="#dddddd", full_width=True)
PROSE = line("Plain words that fill the page and say nothing of note at all", 140, 300)


def fields(*entries: TextLine | Surface | Picture) -> list[node_pb2.Node]:
    icon = picture(1130, 24, 16, 16, PictureKind.ICON)
    nodes = walk(read(page(BAR, *entries, icon, PROSE)).root)
    return [node for node in nodes if node.kind == node_pb2.NODE_KIND_INPUT]


def test_words_that_invite_to_search_are_a_field_without_a_box():
    (field,) = fields(line("Search docs...", 500, 22, color="#888888"))
    assert field.control.type == node_pb2.CONTROL_TYPE_SEARCH
    assert field.control.placeholder == "Search docs..."


def test_a_field_shares_its_box_with_the_button_that_ends_it():
    (field,) = fields(
        surface(500, 12, 300, 40, fill="#f2f2f2"),
        line("Search for", 512, 22, color="#777777"),
        surface(760, 12, 40, 40, fill="#2563eb"),
    )
    assert (field.bounds.x, field.bounds.width) == (500, 260)


def test_a_dark_box_that_invites_to_search_is_a_field():
    (field,) = fields(
        surface(500, 12, 300, 40, fill="#2f3c86"), line("Search", 512, 22, color="#a0a6cc")
    )
    assert field.bounds.width == 300


def test_faint_words_after_a_lens_are_a_field_but_none_farther_from_it():
    lens = picture(476, 202, 16, 16, PictureKind.ICON)

    (field,) = fields(lens, line("Search", 504, 200, color="#757575"))
    assert field.control.placeholder == "Search"
    assert not fields(lens, line("Search", 560, 200, color="#757575"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(line("Search", 500, 22), id="an entry of the bar"),
        pytest.param(line("Save...", 500, 22, color="#888888"), id="other words"),
    ],
)
def test_other_words_are_no_field(text: TextLine):
    assert not fields(text)
