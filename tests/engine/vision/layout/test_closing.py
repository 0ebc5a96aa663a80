"""The line that closes a page, under columns."""

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Percepts
from tests.engine.vision.layout.seen import line, page, read, surface, walk

ENTRIES = ("About us", "Journal", "License")


def two_columns(notice: str) -> Percepts:
    """Returns a page of a side list and cards in two columns, with a line of entries below."""
    cards = [
        part
        for x in (300.0, 800.0)
        for y in (60.0, 480.0)
        for part in (
            surface(x, y, 440, 400, border="#cccccc"),
            line("A card title", x + 24, y + 24, size=20, weight=700),
            line("Some words about the matter at hand", x + 24, y + 64),
        )
    ]
    return page(
        surface(0, 0, 250, 960, fill="#222222"),
        *(line(text, 30, 40 + 50 * n, color="#ffffff") for n, text in enumerate(ENTRIES)),
        line("Weeds", 30, 190, color="#ffffff"),
        *cards,
        line(notice, 300, 910, size=14),
        *(line(text, 820 + 110 * n, 910, size=14) for n, text in enumerate(ENTRIES)),
        height=960,
    )


@pytest.mark.parametrize("notice", ["© 2026 Gardens", "Open source, built by gardeners"])
def test_a_notice_and_the_entries_beside_it_are_a_footer_below_the_columns(notice: str):
    schema = read(two_columns(notice))
    (footer,) = [n for n in walk(schema.root) if n.role == node_pb2.SEMANTIC_ROLE_FOOTER]
    texts = {node.text: node.kind for node in walk(footer) if node.text}
    assert list(texts) == [notice, *ENTRIES]
    assert {texts[entry] for entry in ENTRIES} == {node_pb2.NODE_KIND_LINK}


def test_the_entries_of_a_footer_are_navigation_without_its_notice():
    schema = read(two_columns("© 2026 Gardens"))
    (footer,) = [n for n in walk(schema.root) if n.role == node_pb2.SEMANTIC_ROLE_FOOTER]
    (nav,) = [n for n in walk(footer) if n.role == node_pb2.SEMANTIC_ROLE_NAV]
    assert [node.text for node in walk(nav) if node.text] == [*ENTRIES]


def test_other_last_words_of_columns_are_no_footer():
    schema = read(two_columns("Four gardens"))
    assert node_pb2.SEMANTIC_ROLE_FOOTER not in [node.role for node in walk(schema.root)]


def test_columns_of_entries_that_end_a_page_are_its_footer_though_not_painted():
    titles = [line("All about gardens", 140, 100 + 200 * n, size=32, weight=700) for n in (0, 1, 2)]
    words = [
        line("Plain words that fill the page and say nothing of note", 140, 150 + 200 * n)
        for n in (0, 1, 2)
    ]
    lists = [
        line(text, x, 800 + 38 * n, size=12) for x in (340, 640) for n, text in enumerate(ENTRIES)
    ]
    schema = read(page(*titles, *words, *lists, height=960))
    (footer,) = [n for n in walk(schema.root) if n.role == node_pb2.SEMANTIC_ROLE_FOOTER]
    assert [node.text for node in walk(footer) if node.kind == node_pb2.NODE_KIND_LINK] == [
        *ENTRIES,
        *ENTRIES,
    ]


def test_short_lists_above_a_closing_strip_belong_to_the_footer():
    titles = [line(f"Chapter {n}", 140, 40 + 240 * n, size=28, weight=700) for n in range(3)]
    words = [line("Plain words that say something", 140, 90 + 240 * n) for n in range(3)]
    lists = [line(f"Entry {n}", 140 + 200 * (n % 4), 770 + 24 * (n // 4)) for n in range(8)]
    bands = [
        surface(0, y, 1280, h, fill=fill, full_width=True)
        for y, h, fill in ((740, 100, "#f8f9fa"), (840, 120, "#e9ecef"))
    ]
    schema = read(page(*titles, *words, *bands, *lists, line("© 2026 Us", 140, 890), height=960))

    (footer,) = [n for n in walk(schema.root) if n.role == node_pb2.SEMANTIC_ROLE_FOOTER]
    links = {node.text for node in walk(footer) if node.kind == node_pb2.NODE_KIND_LINK}
    assert links == {f"Entry {n}" for n in range(8)}
