"""Columns that make up one column of an outer row are told from columns of their own."""

from __future__ import annotations

import pytest

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement
from engine.vision.layout.leaves import picture_item, rule_item, text_item
from engine.vision.layout.nesting import nested_columns
from engine.vision.percepts import Box, PictureKind, Rule
from tests.engine.vision.layout.seen import line, picture


def block(x, w, y=0, h=200, *, painted=False):
    item = picture_item(picture(x, y, w, h))
    item.boxed = painted
    return item


def words(x, y=0):
    return text_item(TextBlock([line("Words that fill a column", x, y + 24 * n) for n in range(5)]))


def icon(x, y, size=24):
    return picture_item(picture(x, y, size, size, PictureKind.ICON))


def starts(columns):
    return [[item.box.x for item in column] for column in columns]


def test_rules_between_columns_are_no_columns():
    parting = [rule_item(Rule(Box(x, 0, 1, 120), "#dddddd")) for x in (250, 550)]
    columns = [[words(0)], [parting[0]], [words(300)], [parting[1]], [words(600)]]
    assert len(nested_columns(columns)) == 3


def test_a_column_of_icons_goes_with_the_texts_beside_it():
    columns = [[block(0, 500)], [icon(600, y) for y in (0, 100)], [words(640), words(640, 130)]]
    assert starts(nested_columns(columns)) == [[0], [600, 600, 640, 640]]


def test_arrows_beside_cards_stand_outside_of_their_row():
    cards = [[block(x, 480, painted=True)] for x in (60, 580)]
    made = arrange([icon(0, 90), *(card[0] for card in cards), icon(1090, 90)])
    assert [child.box.x for child in made.children] == [0, 60, 1090]
    assert [child.box.x for child in made.children[1].children] == [60, 580]


def test_a_button_that_abuts_on_a_field_is_no_column():
    field, button = block(600, 300, h=40), block(899, 80, h=40)
    columns = [[words(0)], [words(300)], [words(600), field], [button]]
    assert [len(column) for column in nested_columns(columns)] == [1, 1, 3]


@pytest.mark.parametrize(
    ("first", "others"), [(300, ((324, 138), (486, 138))), (624, ((648, 138), (810, 138)))]
)
def test_cards_of_one_half_or_third_of_a_row_make_up_a_row_of_their_own(first, others):
    cards = [block(0, first, painted=True), *(block(x, w, painted=True) for x, w in others)]
    made = arrange(cards)
    assert [child.box.x for child in made.children] == [0, first + 24]
    assert made.children[1].arrangement is Arrangement.ROW


def test_texts_at_an_even_pitch_are_no_halves_however_wide_they_happen_to_be():
    columns = [[block(x, w)] for x, w in ((0, 164), (236, 161), (472, 177), (708, 157))]
    assert len(nested_columns(columns)) == 4


def test_icons_of_a_bar_stay_entries_of_their_own():
    columns = [[icon(0, 0)], [words(40)], [icon(400, 0)]]
    assert len(nested_columns(columns)) == 3


def test_rows_of_pictures_titles_and_texts_are_columns_and_no_table():
    items = [icon(x + 60, 0, 48) for x in (0, 400, 800)]
    items += [text_item(TextBlock([line("A title", x + 50, 100, size=20)])) for x in (0, 400, 800)]
    items += [words(x, 150) for x in (0, 400, 800)]
    made = arrange(items)
    assert made.arrangement is Arrangement.ROW
    assert [len(child.children) for child in made.children] == [3, 3, 3]


def test_columns_of_text_beside_a_card_are_one_column():
    card = block(500, 300, painted=True)
    assert starts(nested_columns([[words(0)], [words(240)], [card]])) == [[0, 240], [500]]


def test_texts_beside_a_picture_and_the_mark_by_it_are_one_column():
    photo, mark = block(0, 300, h=400), icon(330, 20)
    columns = [[photo], [mark], [words(420)], [words(660)]]
    assert starts(nested_columns(columns)) == [[0, 330], [420, 660]]


def test_a_painted_tab_at_an_even_pitch_is_one_of_the_columns():
    tabs = [[block(0, 248, h=129, painted=True)], *([words(x)] for x in (300, 600, 900))]
    for tab, centre in zip(tabs, (124, 424, 724, 1024), strict=True):
        box = tab[0].box
        tab[0].box = Box(centre - box.w / 2, 0, box.w, box.h)
    assert len(nested_columns(tabs)) == 4
    tabs[1][0].box = Box(270, 0, 120, 129)
    assert len(nested_columns(tabs)) == 2


def test_rows_that_fill_the_same_columns_are_of_cells_however_far_these_are_apart():
    rows = [
        part
        for y in (0, 60)
        for part in (
            text_item(TextBlock([line("A product", 0, y, size=24)])),
            text_item(TextBlock([line("1", 480, y)])),
            text_item(TextBlock([line("$10", 540, y)])),
            text_item(TextBlock([line("Remove", 610, y)])),
        )
    ]
    made = arrange(rows)
    assert [len(row.children) for row in made.children] == [4, 4]
