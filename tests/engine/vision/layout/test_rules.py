"""Rules between rows are told from those that belong to one column."""

from __future__ import annotations

from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement
from engine.vision.layout.leaves import picture_item, rule_item
from engine.vision.layout.rules import rules_within
from engine.vision.percepts import Box, Rule
from tests.engine.vision.layout.seen import picture, text


def rule(x, y, w):
    return rule_item(Rule(Box(x, y, w, 1), "#dddddd"))


def test_a_rule_in_the_main_column_does_not_cut_off_the_column_beside_it():
    posts = [picture_item(picture(0, 0, 700, 300))]
    posts += [picture_item(picture(x, y, 340, 300)) for y in (340, 680) for x in (0, 360)]
    side = [picture_item(picture(740, y, 260, 120)) for y in (0, 140)]
    pages = [text(word, x, 1040) for word, x in (("Newer", 200), ("2", 320), ("Older", 400))]
    made = arrange([*posts, *side, rule(0, 1000, 700), *pages])
    assert made.arrangement is Arrangement.ROW
    main, beside = made.children
    assert main.box.right <= 700
    assert beside.box.x == 740
    assert len(beside.children) == 2


def test_rules_that_begin_after_the_icons_of_a_list_part_its_rows():
    rows = [
        [picture_item(picture(0, y, 30, 30)), text("What the row says", 60, y + 6)]
        for y in (0, 60, 120)
    ]
    parted = [rows[0], [rule(60, 45, 300)], rows[1], [rule(60, 105, 300)], rows[2]]
    cells, crossing = rules_within(parted)
    assert cells == rows
    assert len(crossing) == 2


def test_the_soft_edge_below_a_picture_does_not_part_its_column_from_the_others():
    pictures = [picture_item(picture(x, 0, 195, 110)) for x in (0, 236, 472)]
    titles = [text("A title", x + 8, 150, size=20) for x in (0, 236, 472)]
    texts = [text("And some words", x + 8, 190) for x in (0, 236, 472)]
    _, crossing = rules_within([pictures, [rule(482, 120, 175)], titles, texts])
    assert not crossing
