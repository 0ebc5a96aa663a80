"""Headers, heroes and navigation that no painted band at the page's top tells."""

import re
from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.codegen import generate
from engine.vision.percepts import Percepts, Picture, Surface, TextLine
from tests.engine.vision.layout.seen import line, page, picture, prose, read, surface, walk

ENTRIES = ("Home", "About", "Stories")
HEADER, HERO, NAV = (
    node_pb2.SEMANTIC_ROLE_HEADER,
    node_pb2.SEMANTIC_ROLE_HERO,
    node_pb2.SEMANTIC_ROLE_NAV,
)


def texts(percepts: Percepts, role: node_pb2.SemanticRole) -> list[list[str]]:
    """Returns the texts of each part of a page that has `role`."""
    parts = [node for node in walk(read(percepts).root) if node.role == role]
    return [[node.text for node in walk(part) if node.text] for part in parts]


def beside_a_menu(*parts: TextLine | Surface | Picture) -> Percepts:
    menu = [line(f"Garden {n}", 30, 40 + 60 * n, color="#ffffff") for n in range(12)]
    cards = [surface(300, y, 440, 300, border="#cccccc") for y in (160.0, 480.0)]
    words = [line("Words about gardens", 330, y, size=14) for y in (200.0, 520.0)]
    return page(surface(0, 0, 250, 900, fill="#222222"), *menu, *parts, *cards, *words)


@pytest.mark.parametrize("height", [56.0, 110.0])
def test_a_painted_bar_over_the_content_beside_a_menu_is_a_header(height: float):
    bar = surface(280, 12, 960, height, fill="#6777ef")
    name = line("Ann Lee", 1120, 30, size=14, color="#ffffff")
    search = surface(320, 22, 240, 36, fill="#ffffff", radius=4)
    sign = picture(1080, 26, 24, 24, kind=picture(0, 0, 1, 1).kind.ICON)
    assert texts(beside_a_menu(bar, search, sign, name), HEADER) == [["Ann Lee"]]


def test_a_notice_above_the_header_is_no_header():
    notice = [
        surface(0, 0, 1280, 48, fill="#000000", full_width=True),
        line("Welcome to our new garden. This is still a work in progress.", 140, 14),
    ]
    bar = [
        surface(0, 48, 1280, 64, fill="#ffffff", border="#dddddd", full_width=True),
        line("Gardens", 100, 70, weight=700),
        *(line(text, 800 + 110 * n, 70) for n, text in enumerate(ENTRIES)),
    ]
    assert texts(page(*notice, *bar, *prose()), HEADER) == [["Gardens", *ENTRIES]]


def test_a_low_photo_with_entries_is_the_header():
    photo = replace(picture(0, 0, 1280, 240), background=True)
    entries = [line(text, 400 + 160 * n, 205) for n, text in enumerate(ENTRIES)]
    name = line("All gardens", 640, 90, size=30, center=True)
    assert texts(page(photo, name, *entries, *prose()), HEADER) == [["All gardens", *ENTRIES]]


def test_the_painted_box_that_begins_the_content_is_the_hero():
    bar = [
        surface(0, 0, 1280, 56, fill="#212529", full_width=True),
        *(line(text, 800 + 110 * n, 18, color="#ffffff") for n, text in enumerate(ENTRIES)),
    ]
    box = surface(118, 104, 1044, 400, fill="#eef2f6", radius=8)
    title = line("A warm welcome", 640, 200, size=48, weight=700, center=True)
    more = [part for y in (560, 640, 720, 800, 880, 960) for part in prose(y)]
    assert texts(page(*bar, box, title, *more, height=1100), HERO) == [["A warm welcome"]]


def test_a_line_of_display_type_alone_in_a_header_is_the_pages_title():
    band = surface(0, 0, 1280, 110, fill="#ffcc00", full_width=True)
    name = line("The seed store", 640, 24, size=48, weight=700, center=True)
    schema = read(page(band, name, *prose()))
    (title,) = [node for node in walk(schema.root) if node.text == "The seed store"]
    assert (title.kind, title.heading_level) == (node_pb2.NODE_KIND_HEADING, 1)


def test_a_name_in_larger_type_and_one_entry_are_navigation():
    band = surface(0, 0, 1280, 60, fill="#ffcc00", full_width=True)
    parts = [line("Gardens", 140, 12, size=30), line("Home", 1100, 20)]
    assert texts(page(band, *parts, *prose()), NAV) == [["Gardens", "Home"]]


def test_the_figures_of_an_axis_are_no_navigation():
    card = surface(140, 100, 1000, 500, border="#cccccc")
    axis = [line(f"{90 - 10 * n}", 170, 130 + 50 * n, size=14) for n in range(9)]
    photo = picture(240, 120, 860, 460)
    assert texts(page(card, *axis, photo, *prose(650)), NAV) == []


def test_the_entries_of_a_bar_are_a_list():
    bar = surface(0, 0, 1280, 56, fill="#ffffff", border="#dddddd", full_width=True)
    name = line("Gardens", 100, 18, weight=700)
    entries = [line(text, 800 + 110 * n, 18) for n, text in enumerate(ENTRIES)]
    schema = read(page(bar, name, *entries, *prose()))
    (nav,) = [node for node in walk(schema.root) if node.role == NAV]
    assert nav.kind == node_pb2.NODE_KIND_LIST

    html = next(f.content for f in generate(schema, "html-css") if f.path == "index.html")
    assert re.search(r"<nav[^>]*>\s*<ul", html)
    assert re.findall(r"<li[^>]*>\s*<a href=\"#\">(\w+)</a>", html) == [*ENTRIES]
