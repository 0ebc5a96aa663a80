"""Like items that follow each other are lists."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

WORDS = ("Water the beds in the morning", "Weed them in the evening", "Rest at night")


def lists(*entries) -> list[list[str]]:
    """Returns the texts of each list's items."""
    nodes = walk(read(page(line("What to do", 140, 40, size=32), *entries)).root)
    found = [node for node in nodes if node.kind == node_pb2.NODE_KIND_LIST]
    for node in found:
        assert {child.role for child in node.children} == {node_pb2.SEMANTIC_ROLE_LIST_ITEM}
    return [
        ["".join(part.text for part in walk(child)) for child in node.children] for node in found
    ]


def test_lines_with_bullets_are_a_list():
    assert lists(*(line(f"• {text}", 140, 120 + 30 * n) for n, text in enumerate(WORDS))) == [
        list(WORDS)
    ]
    assert not lists(*(line(text, 140, 120 + 60 * n) for n, text in enumerate(WORDS)))


def ticked(pitches):
    return [
        part
        for text, y in zip(WORDS, pitches, strict=False)
        for part in (
            picture(140, y, 20, 20, PictureKind.ICON),
            line(text, 176, y),
        )
    ]


def test_three_rows_of_icon_and_text_are_a_list_where_they_stand_evenly():
    assert lists(*ticked((120, 160, 200))) == [list(WORDS)]
    assert not lists(*ticked((120, 160)))
    assert not lists(*ticked((120, 160, 240)))


def test_lines_with_bullets_and_rows_with_icons_are_lists_of_their_own():
    bullets = [line(f"• {text}", 140, 120 + 40 * n) for n, text in enumerate(WORDS)]
    assert lists(*bullets, *ticked((240, 280, 320))) == [list(WORDS), list(WORDS)]


def test_the_entries_of_a_side_navigation_are_a_list():
    entries = ("Overview", "Orders", "Products", "Customers", "Reports")
    side = [
        surface(0, 0, 240, 900, fill="#222222"),
        *(line(text, 30, 100 + 40 * n, color="#ffffff") for n, text in enumerate(entries)),
    ]
    content = [line("Words about orders that fill the page", 300, 100 + 24 * n) for n in range(20)]
    nodes = walk(read(page(*side, *content)).root)
    (nav,) = [node for node in nodes if node.role == node_pb2.SEMANTIC_ROLE_NAV]
    assert nav.kind == node_pb2.NODE_KIND_LIST
    assert [child.text for child in nav.children] == list(entries)
