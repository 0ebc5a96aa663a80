"""Two columns that are cut at different heights stay two columns."""

from __future__ import annotations

from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement
from engine.vision.layout.pairs import paired_columns
from engine.vision.layout.shared_gutters import run_end
from tests.engine.vision.layout.seen import box, text


def form():
    """A form of pairs of fields and one wide field, with an address beside it."""
    return [
        [box(0, 0, 240, 40), box(270, 0, 240, 40), text("Where we are", 760, 0)],
        [box(0, 60, 240, 40), box(270, 60, 240, 40), text("Some street", 760, 70)],
        [box(0, 120, 510, 40), text("Some town", 760, 130)],
    ]


def test_fields_beside_an_address_are_one_column_whatever_their_own_columns_are():
    made = arrange(
        [
            text("A title over all of it, large", 100, -80, size=48),
            *(item for row in form() for item in row),
        ]
    )
    left, right = made.children[1].children
    assert left.box.right <= 510
    assert right.box.x == 760


def test_labels_with_an_arrow_each_are_no_two_columns():
    rows = [[text("An entry of a menu", 0, y), text(">", 300, y)] for y in (0, 40, 80)]
    assert paired_columns(rows) == (0, [])


def test_cards_below_a_bar_that_crosses_their_gutters_are_a_run_of_their_own():
    bar = [text("Overview", 0, 0), box(520, 0, 100, 40), box(630, 0, 170, 40)]
    cards = [[box(x, y, 185) for x in (0, 205, 410, 615)] for y in (80, 200)]
    rows = [bar, *cards]
    assert run_end(rows, 0) == 1
    made = arrange([item for row in rows for item in row])
    assert made.children[1].arrangement is Arrangement.GRID
    assert made.children[1].columns == 4


def beside_cards(gutter, kind):
    """An article beside a column of cards or texts, below which it goes on."""
    x = 700 + gutter
    return [
        [text("An article of as many words as fill a line of it", 0, 0), kind(x, 0)],
        [box(0, 60, 700, 120), kind(x, 60)],
        *([box(0, y, 700, 100)] for y in (220, 340, 460)),
    ]


def test_a_narrow_gutter_parts_an_article_from_cards_beside_it():
    rows = beside_cards(24, boxed)
    assert paired_columns(rows)[0] == 2


def test_a_narrow_gutter_parts_no_article_from_texts_beside_it():
    rows = beside_cards(24, lambda x, y: text("A month of the year", x, y))
    assert paired_columns(rows) == (0, [])


def boxed(x, y):
    card = box(x, y, 300, 50)
    card.boxed = True
    return card
