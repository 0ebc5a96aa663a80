"""A column goes on below the title or menu at its left, however its rows end."""

from __future__ import annotations

from engine.vision.layout.cut import arrange
from engine.vision.layout.indented import indented_column
from engine.vision.layout.item import Arrangement
from tests.engine.vision.layout.seen import box, text


def section(top: float, title: str = "A title at the left"):
    """A title at the left, and beside it a column of rows that end where they will."""
    widths = (300, 260, 420, 180, 350)
    first = [text(title, 0, top), box(300, top, widths[0], 40)]
    return [first, *([box(300, top + 60 * n, widths[n], 40)] for n in range(1, 5))]


def test_rows_that_begin_right_of_a_title_are_one_column_with_what_stands_beside_it():
    made = arrange([text("Over all", 0, 0, size=40), *(i for row in section(80) for i in row)])
    assert made.arrangement is Arrangement.COLUMN
    left, right = made.children[1].children
    assert left.text is not None
    assert len(right.children) == 5


def test_rows_that_begin_at_the_left_again_are_no_part_of_the_column():
    rows = section(0)
    assert indented_column([*rows, [box(0, 320, 700)]])[0] == 5


def test_marks_at_the_left_are_no_column():
    rows = section(0)
    rows[0][0] = box(0, 0, 20, 20)
    assert indented_column(rows) == (0, [])


def test_what_ends_soon_below_a_title_is_no_column():
    assert indented_column(section(0)[:2]) == (0, [])
