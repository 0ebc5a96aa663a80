"""Grids, menus and titled columns are told from rows that merely follow each other."""

from __future__ import annotations

from engine.vision.layout.columns import marked_rows
from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement, group
from engine.vision.layout.leaves import picture_item
from engine.vision.layout.sides import arrange_page
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.layout.seen import box, picture, text

PAGE = Box(0, 0, 1280, 1000)


def test_boxes_that_stand_as_those_above_are_the_last_row_of_a_grid():
    made = arrange([box(x, y) for y in (0, 120) for x in (0, 220, 440) if (x, y) != (440, 120)])
    assert made.arrangement is Arrangement.GRID
    assert made.columns == 3
    assert len(made.children) == 5


def test_boxes_far_below_a_row_are_no_part_of_its_grid():
    made = arrange([*(box(x, 0) for x in (0, 220, 440)), *(box(x, 300) for x in (0, 220))])
    assert made.arrangement is Arrangement.COLUMN


def test_cells_of_one_width_are_a_grid_whatever_they_hold():
    first = [box(0, 0), text("A title above", 220, 0, size=20), box(220, 40, h=60)]
    made = arrange([*first, *(box(x, y) for y in (120, 240) for x in (0, 220))])
    assert made.arrangement is Arrangement.GRID
    assert made.columns == 2
    assert [child.box.x for child in made.children] == [0, 220] * 3


def test_titles_head_columns_below_a_row_that_is_cut_otherwise():
    rows = [box(0, 0, 420), box(480, 0, 360), box(0, 108, 420), box(480, 108, 360)]
    heads = [text("A head", x, 240, size=24, weight=700) for x in (0, 220, 480, 660)]
    below = [text("An entry", x, y) for x in (0, 220, 480, 660) for y in (290, 320)]
    made = arrange([*rows, *heads, *below])
    columns = made.children[-1]
    assert made.arrangement is Arrangement.COLUMN
    assert [child.box.x for child in columns.children] == [0, 220, 480, 660]


def test_a_menu_beside_all_of_a_page_is_taken_off_without_any_paint():
    menu = [text(word, 40, 60 + 60 * n) for n, word in enumerate(("Home", "Bills") * 4)]
    cards = [box(x, y, 300, 200) for y in (40, 400) for x in (300, 640)]
    made = arrange_page([*menu, *cards], PAGE)
    side, main = made.children
    assert made.arrangement is Arrangement.ROW
    assert (side.box.x, side.box.y) == (0, 0)
    assert len(side.children) == 8
    assert main.box.x == 300


def test_prose_beside_all_of_a_page_is_no_menu():
    prose = [
        text("A line of prose that goes on", 0, y, size=12, weight=400) for y in range(0, 600, 60)
    ]
    cards = [box(x, y, 300, 200) for y in (30, 400) for x in (300, 640)]
    assert not arrange_page([*prose, *cards], PAGE).children[0].boxed


def test_icons_in_boxes_of_their_own_begin_rows():
    icons = [picture_item(picture(10, 56 * n + 10, 12, 12, PictureKind.ICON)) for n in range(3)]
    boxed = [group([icon], Arrangement.COLUMN) for icon in icons]
    for item in boxed:
        item.boxed = True
    rows = [[item, text("Profile", 50, item.box.y)] for item in boxed]
    assert marked_rows(rows, [boxed, [row[1] for row in rows]])
