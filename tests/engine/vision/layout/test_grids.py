"""Grids, menus and titled columns are told from rows that merely follow each other."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.layout.columns import marked_rows
from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement, group
from engine.vision.layout.leaves import picture_item
from engine.vision.layout.sides import arrange_page
from engine.vision.layout.spacing import split
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.layout.seen import box, picture, text

PAGE = Box(0, 0, 1280, 1000)


def field(x, y, w):
    """A field without text."""
    item = box(x, y, w, 40)
    item.node.kind = node_pb2.NODE_KIND_INPUT
    return item


def test_boxes_that_stand_as_those_above_are_the_last_row_of_a_grid():
    made = arrange([box(x, y) for y in (0, 120) for x in (0, 220, 440) if (x, y) != (440, 120)])
    assert made.arrangement is Arrangement.GRID
    assert made.columns == 3
    assert len(made.children) == 5


def test_boxes_far_below_a_row_are_no_part_of_its_grid():
    made = arrange([*(box(x, 0) for x in (0, 220, 440)), *(box(x, 300) for x in (0, 220))])
    assert made.arrangement is Arrangement.COLUMN


def test_boxed_cells_are_a_grid_whatever_they_hold():
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


def test_titles_centred_at_an_even_pitch_head_all_that_lies_between_them():
    heads = [text("A head", 104 + 300 * n, 0, size=24, weight=700) for n in range(3)]
    lists = [box(0, y, 280, 30) for y in (50, 90, 130)]
    lists += [text("A name", 300, y) for y in (60, 85, 110)]
    lists += [text("12", 540, y) for y in (60, 85, 110)]
    lists += [box(600, y, 280, 40) for y in (50, 100)]
    made = arrange(
        [text("What all of it is about, in large letters", 0, -80, size=48), *heads, *lists]
    )
    columns = made.children[1]
    assert columns.arrangement is Arrangement.ROW
    assert [len(list(child.texts())) for child in columns.children] == [1, 7, 1]


def test_labels_above_fields_are_no_part_of_the_rows_above_them():
    above = [field(0, y, 480) for y in (0, 60)] + [field(520, y, 480) for y in (0, 60)]
    labels = [text("Input with an error", x, 112) for x in (0, 350, 700)]
    made = arrange([*above, *labels, *(field(x, 136, 300) for x in (0, 350, 700))])
    assert made.arrangement is Arrangement.COLUMN
    assert [len(child.children) for child in made.children[-1].children] == [2, 2, 2]


def test_cards_of_a_box_and_a_line_below_it_are_no_part_of_the_title_with_an_icon_above():
    title = [picture_item(picture(0, 8, 30, 8)), text("A title", 46, 0)]
    note = text("What the cards below are for, in a few words", 46, 30)
    cards = [box(x, 80, 300, 240 if x != 330 else 280) for x in (0, 330, 660)]
    lines = [text("Buy", x + 130, 330) for x in (0, 660)]
    made = arrange([*title, note, *cards, *lines])
    assert len(made.children[-1].children) == 3


def test_rules_that_are_one_pixel_thin_and_level_are_in_one_row():
    rules = [picture_item(picture(x, 50, 280, 1)) for x in (0, 300, 600)]
    assert len(split(rules, horizontal=True)) == 1


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
