"""Menus beside content are navigation, however they are painted and parted."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind
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
