"""Columns of a page of which one goes on far below the others."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Surface, TextLine
from tests.engine.vision.layout.seen import line, page, read, surface, walk

PROSE = "Plain words about gardens and all that grows in them, which fill the main column from here"
BAR = [
    surface(0, 0, 1280, 64, fill="#111111", full_width=True),
    line("Gardens", 40, 22, size=20, weight=700, color="#ffffff"),
]


def posts(x: float) -> list[TextLine]:
    """Returns posts at `x`, far apart as on a blog, each with a title and three lines."""
    return [
        part
        for n in range(5)
        for part in (
            line(f"Post number {n}", x, 110 + 250 * n, size=28, weight=700),
            *(line(PROSE, x, 160 + 250 * n + 24 * row) for row in range(3)),
        )
    ]


def beside(x: float) -> list[TextLine]:
    return [line(f"In the year {n}", x, 113 + 30 * n, size=14) for n in range(6)]


def columns_of(*seen: TextLine | Surface) -> list[tuple[int, list[str]]]:
    """Returns role and texts of each part of the row that most of a page is; [] without one."""
    nodes = walk(read(page(*BAR, *seen, height=1500)).root)
    rows = [node for node in nodes if node.bounds.height > 1000 and len(node.children) == 2]
    rows = [
        row
        for row in rows
        if row.children[0].bounds.x + row.children[0].bounds.width <= row.children[1].bounds.x
    ]
    return [
        (part.role, [node.text for node in walk(part) if node.text])
        for row in rows
        for part in row.children
    ]


@pytest.mark.parametrize(("side", "main"), [(60, 340), (1080, 340)])
def test_a_short_list_at_either_side_stands_beside_all_of_the_main_column(side, main):
    made = columns_of(*posts(main), *beside(side))
    roles = [role for role, _ in made]
    texts = [words for _, words in made]
    assert len(made) == 2
    assert roles[0 if side < main else 1] == node_pb2.SEMANTIC_ROLE_ASIDE
    assert sorted(map(len, texts)) == [6, 20]


def test_both_sides_nest_the_right_one_with_the_main_column():
    made = columns_of(*posts(340), *beside(60), *beside(1080))
    assert [len(words) for _, words in made] == [6, 26, 20, 6]


def test_a_list_stands_beside_the_main_column_beside_a_painted_column_too():
    menu = [line(f"Chapter {n}", 32, 100 + 40 * n, size=14) for n in range(5)]
    shell = surface(0, 64, 260, 836, fill="#eeeeee")
    made = columns_of(shell, *menu, *posts(300), *beside(1080))
    assert [len(words) for _, words in made] == [5, 26, 20, 6]


def test_what_comes_back_to_the_side_ends_the_columns():
    full = line(PROSE * 2, 60, 620)
    assert not columns_of(*posts(340), *beside(60), full)


def test_columns_that_are_alike_are_no_main_column_with_sides():
    lists = [
        line(f"Entry {n} of a list that is long", x, 113 + 30 * n)
        for x, count in ((60, 40), (460, 40), (860, 20))
        for n in range(count)
    ]
    assert not columns_of(*lists)


def test_a_side_column_of_cards_is_no_aside():
    cards = [
        part
        for y in (110, 310)
        for part in (
            surface(1000, y, 240, 160, border="#cccccc"),
            line("Search", 1020, y + 16, weight=700),
            line("Find a garden", 1020, y + 60, size=14),
        )
    ]
    made = columns_of(*posts(340), *cards)
    assert [role for role, _ in made if role == node_pb2.SEMANTIC_ROLE_ASIDE] == []
    assert len(made) == 2
