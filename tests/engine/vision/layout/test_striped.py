"""Tables are read where their rows are painted; boxes in a column are none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

X = (320, 620, 860)
PITCH, HEIGHT = 60, 60


def cells(number, y):
    words = (f"What it has {number}", f"{number} of them", f"{10 + number} of them")
    return [line(word, x, y + 20) for x, word in zip(X, words, strict=True)]


def striped(*more, painted=(0, 2, 4), rows=5):
    """A table of three columns, every second row of which is painted."""
    stripes = [surface(300, 200 + PITCH * row, 700, HEIGHT, fill="#eeeeee") for row in painted]
    texts = [part for row in range(rows) for part in cells(row, 200 + PITCH * row)]
    return page(line("What you get", 300, 60, size=32), *stripes, *texts, *more)


def tables(seen):
    return [node for node in walk(read(seen).root) if node.kind == node_pb2.NODE_KIND_TABLE]


def test_rows_every_second_of_which_is_painted_are_a_table():
    [table] = tables(striped())
    assert table.layout.columns == 3
    assert [row.style.background.color.value for row in table.children] == [
        "#eeeeee", "", "#eeeeee", "", "#eeeeee",
    ]  # fmt: skip
    assert [row.layout.height.px for row in table.children] == [PITCH] * 5


def test_unpainted_rows_above_and_below_belong_to_the_table_they_stand_in_the_columns_of():
    titles = [line(word, x, 170, weight=700) for x, word in zip(X, "ABC", strict=True)]
    last = [line(word, x, 520) for x, word in zip(X[1:], ("Take it", "Buy it"), strict=True)]
    [table] = tables(striped(*titles, *last))
    assert len(table.children) == 7
    first, empty = table.children[0], table.children[-1].children[0]
    assert {cell.role for cell in first.children} == {node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL}
    assert empty.bounds.height > 20


def test_a_row_holds_its_empty_cells_where_the_page_begins_before_the_table():
    words = [line(word, x, 460) for x, word in zip(X[1:], ("Take it", "Buy it"), strict=True)]
    seen = striped(rows=4)
    [table] = tables(replace(seen, lines=(*seen.lines[1:], *words)))
    for row in table.children:
        assert min(cell.bounds.x for cell in row.children) >= row.bounds.x


def test_rows_one_of_which_is_empty_are_no_table():
    seen = striped()
    assert not tables(replace(seen, lines=(*seen.lines[:7], *seen.lines[10:])))


def test_what_crosses_the_columns_below_a_table_is_no_row_of_it():
    note = line("All of this may change and so may what is said about it here", 330, 510)
    [table] = tables(striped(note))
    assert len(table.children) == 5


@pytest.mark.parametrize(
    ("pitch", "box"),
    [
        pytest.param(90, {"h": 60}, id="spaced"),
        pytest.param(60, {"h": 60, "radius": 8}, id="round"),
        pytest.param(140, {"h": 140}, id="high"),
    ],
)
def test_cards_below_each_other_are_no_table(pitch, box):
    cards = [surface(300, 200 + pitch * n, 700, fill="#eeeeee", **box) for n in range(4)]
    texts = [part for n in range(4) for part in cells(n, 200 + pitch * n)]
    assert not tables(page(*cards, *texts))


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(((300, 200), (310, 320), (290, 440)), id="that begin unlike"),
        pytest.param(((300, 200), (300, 400), (300, 600)), id="far apart"),
    ],
)
def test_stripes_that_do_not_go_on_are_no_rows_of_one_table(places):
    stripes = [surface(x, y, 700, HEIGHT, fill="#eeeeee") for x, y in places]
    texts = [part for _, y in places for part in (*cells(0, y), *cells(1, y + PITCH))]
    assert not tables(page(*stripes, *texts))


def test_rows_that_share_no_columns_are_no_table():
    stripes = [surface(300, 200 + 60 * row, 700, 60, fill="#eeeeee") for row in (0, 2, 4)]
    texts = [line("One thing and no more", 320, 220 + 60 * row) for row in range(5)]
    assert not tables(page(*stripes, *texts))


def test_a_picture_stands_where_it_was_seen_in_its_row():
    icon = picture(1100, 205, 20, 20)
    stripes = [surface(300, 200 + PITCH * row, 900, HEIGHT, fill="#eeeeee") for row in (0, 2, 4)]
    texts = [part for row in range(5) for part in cells(row, 200 + PITCH * row)]
    [table] = tables(page(*stripes, *texts, icon))
    [cell] = [cell for cell in table.children[0].children if cell.kind == node_pb2.NODE_KIND_IMAGE]
    assert cell.layout.margin.bottom.px == 30
