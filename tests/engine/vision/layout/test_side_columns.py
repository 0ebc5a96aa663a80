"""Lists of entries beside content are navigation."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import TextLine
from tests.engine.vision.layout.seen import line, page, read, surface, walk

ENTRIES = ("Overview", "Orders", "Products", "Customers", "Reports")
WORDS = "Plain words about orders that fill the page from here to there"


def navigation(*beside: TextLine) -> list[list[str]]:
    """Returns the texts of each navigation of a page of a bar, prose and what is beside it."""
    bar = [
        surface(0, 0, 1280, 64, fill="#111111", full_width=True),
        line("Gardens", 40, 22, size=20, weight=700, color="#ffffff"),
    ]
    content = [
        line("All about orders", 340, 110, size=32, weight=700),
        *(line(WORDS, 340, 170 + 26 * n) for n in range(26)),
    ]
    nodes = walk(read(page(*bar, *content, *beside)).root)
    found = [node for node in nodes if node.role == node_pb2.SEMANTIC_ROLE_NAV]
    return [[part.text for part in walk(node) if part.text] for node in found]


def column(x: float) -> list[TextLine]:
    return [line(text, x, 110 + 36 * n, size=14) for n, text in enumerate(ENTRIES)]


@pytest.mark.parametrize("x", [40, 1120])
def test_a_narrow_list_beside_content_is_navigation(x):
    assert navigation(*column(x)) == [list(ENTRIES)]
