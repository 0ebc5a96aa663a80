"""Menus beside content are navigation, however they are painted and parted."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind, Surface, TextLine
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

WORDS = ("Installing", "Making Requests", "Response Content", "Using Timeouts", "Logging")


def menu():
    """A menu whose open chapter has a ground of its own, with signs before some entries."""
    shell = [
        surface(0, 0, 300, 900, fill="#343131"),
        surface(0, 0, 300, 100, fill="#2980b9"),
        line("urllib3", 110, 40, size=20, weight=700, color="#ffffff"),
        surface(0, 200, 300, 160, fill="#e3e3e3"),
    ]
    chapter = [line(word, 36, 206 + 30 * row, size=14) for row, word in enumerate(WORDS)]
    signs = [picture(16, 210 + 30 * row, 12, 12, PictureKind.ICON) for row in (2, 3)]
    below = [
        line(word, 24, 380 + 30 * row, size=14, color="#d9d9d9")
        for row, word in enumerate(("Changelog", "Security"))
    ]
    prose = [
        line("Some words that say a lot about how it is used, and then some", 360, 60 + 40 * row)
        for row in range(20)
    ]
    return page(*shell, *chapter, *signs, *below, *prose)


def test_entries_in_painted_parts_of_a_side_column_are_navigation():
    (nav,) = [n for n in walk(read(menu()).root) if n.role == node_pb2.SEMANTIC_ROLE_NAV]
    links = {n.text for n in walk(nav) if n.kind == node_pb2.NODE_KIND_LINK}
    assert links >= {*WORDS, "Changelog", "Security"}


def navs(*entries: Surface | TextLine) -> list[set[str]]:
    """Returns the links of each navigation that is read among `entries` and prose beside them."""
    prose = [
        line("Some words that say a lot about how it is used, and then some", 360, 60 + 40 * row)
        for row in range(20)
    ]
    found = [
        node
        for node in walk(read(page(*entries, *prose)).root)
        if node.role == node_pb2.SEMANTIC_ROLE_NAV
    ]
    return [{n.text for n in walk(nav) if n.kind == node_pb2.NODE_KIND_LINK} for nav in found]


def few(x: float, *words: str, pitch: float = 36.0) -> list[TextLine]:
    return [
        line(word, x, 80 + pitch * row, size=14, color="#667085") for row, word in enumerate(words)
    ]


def test_three_entries_make_a_menu_where_the_column_at_the_pages_edge_is_painted():
    entries = few(24, "Dashboard", "Projects", "Settings")
    column = surface(0, 0, 240, 900, fill="#e5e7eb")

    assert navs(column, *entries) == [{"Dashboard", "Projects", "Settings"}]
    assert navs(*entries) == []


def test_a_low_list_beside_much_taller_content_is_navigation():
    words = ("Usage", "Options", "Custom Containers", "More")

    assert navs(*few(1060, *words, pitch=26)) == [set(words)]


def test_the_title_of_a_pages_contents_is_no_link():
    words = ("Usage", "Options", "Custom Containers", "More", "Links", "Names")
    column = surface(1040, 0, 240, 900, fill="#f6f6f7")

    assert navs(column, line("On this page", 1060, 44, size=14), *few(1060, *words)) == [set(words)]


@pytest.mark.parametrize(("color", "links"), [("#005ea2", True), ("#101828", False)])
def test_a_bold_entry_in_a_colour_of_its_own_is_the_current_one_but_else_a_caption(
    color: str, links: bool
):
    entries = few(24, *WORDS)
    bold = line("Advanced", 24, 80 + 36 * len(WORDS), size=14, weight=700, color=color)

    (menu,) = navs(surface(0, 0, 240, 900, fill="#e5e7eb"), *entries, bold)
    assert ("Advanced" in menu) == links


@pytest.mark.parametrize(("signed", "captions"), [(True, False), (False, True)])
def test_what_begins_where_the_icons_of_other_entries_do_is_a_caption(
    *, signed: bool, captions: bool
):
    entries = few(52, "Orders", "Stock", "Tables", "Charts", "Mail")
    heads = [
        line(word, 20, y, size=13, color="#999999") for word, y in (("Shop", 50), ("Apps", 260))
    ]
    signs = [picture(20, entry.box.y + 2, 14, 14, PictureKind.ICON) for entry in entries]
    shell = surface(0, 0, 260, 900, fill="#f2f4f7")
    links = set().union(*navs(shell, *heads, *entries, *(signs if signed else ())))
    assert (links >= {"Shop", "Apps"}) == captions
    assert links >= {"Orders", "Stock", "Tables", "Charts", "Mail"}
