"""Bars at the top of a page that are no boxes of their own."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Percepts, Surface, TextLine
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

ENTRIES = ("Home", "About", "Stories")


def photo_page(*lines: TextLine) -> Percepts:
    photo = replace(picture(0, 0, 1280, 900), background=True)
    return page(photo, *lines, line("Gardens for everyone", 140, 420, size=48, weight=700))


def linked(percepts: Percepts) -> list[str]:
    nodes = walk(read(percepts).root)
    return [node.text for node in nodes if node.kind == node_pb2.NODE_KIND_LINK]


def test_a_row_of_labels_over_a_photo_is_navigation():
    brand = line("Gardens", 100, 30, size=20, weight=700, color="#ffffff")
    entries = [line(text, 800 + 110 * n, 32) for n, text in enumerate(ENTRIES)]
    percepts = photo_page(brand, *entries)
    assert linked(percepts) == ["Gardens", *ENTRIES]
    roles = [node.role for node in walk(read(percepts).root)]
    assert roles.count(node_pb2.SEMANTIC_ROLE_NAV) == 1


def test_labels_on_unlike_levels_are_no_bar():
    entries = [line(text, 800 + 110 * n, 10 + 36 * n) for n, text in enumerate(ENTRIES)]
    assert not linked(photo_page(*entries))


def test_a_sentence_at_the_top_is_no_entry():
    words = line("Order before noon and we deliver it today", 420, 32)
    assert not linked(photo_page(words, *(line(text, 900, 32) for text in ENTRIES[:1])))


def roles(percepts: Percepts) -> list[int]:
    return [node.role for node in walk(read(percepts).root)]


def bar(y: float, *entries: TextLine) -> list[TextLine | Surface]:
    return [surface(0, y, 1280, 56, fill="#ffffff", border="#dddddd", full_width=True), *entries]


def test_a_second_bar_of_entries_belongs_to_the_header():
    first = [line("Gardens", 100, 18, weight=700), line("Help", 1000, 18), line("Shop", 1100, 18)]
    second = [line(text, 100 + 110 * n, 74) for n, text in enumerate(ENTRIES)]
    prose = line("Plain words that fill the page and say nothing of note at all", 140, 300)
    found = roles(page(*bar(0, *first), *bar(56, *second), prose))
    assert found.count(node_pb2.SEMANTIC_ROLE_HEADER) == 2


def test_a_name_and_a_button_are_navigation():
    button = [
        surface(1060, 8, 110, 40, fill="#2563eb"),
        line("Sign up", 1115, 18, color="#ffffff", center=True),
    ]
    prose = line("Plain words that fill the page and say nothing of note at all", 140, 300)
    found = roles(page(*bar(0, line("Gardens", 100, 18, weight=700)), *button, prose))
    assert found.count(node_pb2.SEMANTIC_ROLE_NAV) == 1


def test_a_name_and_the_role_below_it_are_one_link():
    person = [line("Ann Lee", 1100, 10, size=13), line("Gardener", 1100, 27, size=12)]
    entries = [line(text, 600 + 110 * n, 18) for n, text in enumerate(ENTRIES)]
    prose = line("Plain words that fill the page and say nothing of note at all", 140, 300)
    links = linked(page(*bar(0, line("Gardens", 100, 18, weight=700), *entries), *person, prose))
    assert "Ann Lee" in links
    assert "Gardener" not in links


@pytest.mark.parametrize(
    ("background", "found"),
    [pytest.param(True, 1, id="over a photo"), pytest.param(False, 0, id="on the page")],
)
def test_a_bar_below_a_masthead_is_low_only_over_a_photo(background: bool, found: int):
    photo = replace(picture(0, 0, 1280, 900), background=True)
    name = line("Gardens for everyone", 640, 120, size=64, weight=700, center=True)
    entries = [line(text, 400 + 160 * n, 300) for n, text in enumerate(ENTRIES)]
    prose = line("Plain words that fill the page and say nothing of note at all", 140, 1000)
    percepts = page(*([photo] if background else []), name, *entries, prose, height=1100)
    assert roles(percepts).count(node_pb2.SEMANTIC_ROLE_NAV) == found
