from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.layout.build import build_tree
from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement
from engine.vision.layout.leaves import picture_item
from tests.engine.vision.layout.seen import box, line, page, picture, surface, text

NAVIGATION = (("Home", 600), ("Demos", 880), ("Docs", 960), ("Blog", 1150))


def test_rows_of_cells_with_the_same_parts_become_a_grid():
    items = [
        part
        for y in (0, 300)
        for x in (0, 300, 600)
        for part in (
            picture_item(picture(x, y, 200, 120)),
            text("Project name", x, y + 130, size=20),
        )
    ]
    made = arrange(items)
    assert made.arrangement is Arrangement.GRID
    assert made.columns == 3
    assert len(made.children) == 6
    assert [child.children[0].box.x for child in made.children] == [0, 300, 600] * 2


def test_columns_of_links_stay_columns():
    items = [text("Company", x, 0, weight=700) for x in (0, 300, 600)]
    items += [text("An entry", x, y) for x in (0, 300, 600) for y in (30, 54, 78)]
    made = arrange(items)
    assert made.arrangement is Arrangement.ROW
    assert [len(column.children) for column in made.children] == [4, 4, 4]


def test_a_side_column_is_cut_off_before_rows_are():
    side = [text("Entry", 0, y) for y in (0, 41, 83, 127, 171)]
    main = [picture_item(picture(300, y, 600, 130)) for y in (0, 150, 300)]
    made = arrange([*side, *main])
    assert made.arrangement is Arrangement.ROW
    assert [len(column.children) for column in made.children] == [5, 3]


def test_a_heading_above_cards_is_not_part_of_their_first_column():
    items = [text("Our work", 0, 0, size=32, weight=700)]
    items += [picture_item(picture(x, 80, 200, 200)) for x in (0, 300, 600)]
    made = arrange(items)
    assert made.arrangement is Arrangement.COLUMN
    assert [len(child.children) for child in made.children] == [0, 3]


def test_brand_and_entries_of_a_bar_are_told_apart():
    items = [text("Brand", 0, 0), *(text("Entry", x, 0) for x in (700, 760, 820))]
    made = arrange(items)
    assert [len(child.children) for child in made.children] == [0, 3]


def test_a_bar_above_columns_whose_gutter_it_happens_to_share_stays_whole():
    bar = [text("Brand", 0, 0), *(text("Entry", x, 0) for x in (80, 640, 720, 800, 880))]
    left = [text("Everything at hand", 0, y, size=20) for y in (150, 190, 230, 270)]
    made = arrange([*bar, *left, picture_item(picture(600, 120, 360, 240))])
    assert made.arrangement is Arrangement.COLUMN
    assert len([*made.children[0].texts()]) == 6
    assert made.children[1].arrangement is Arrangement.ROW


def test_text_on_a_photo_goes_into_the_photos_box():
    seen = page(
        replace(picture(0, 0, 1280, 500), background=True),
        line("Words on a photo", 640, 240, size=48, color="#ffffff", center=True),
        height=500,
    )
    root = build_tree(seen)
    hero = root.children[0]
    assert hero.node.style.background.HasField("image")
    assert hero.children[0].node.text == "Words on a photo"


def test_a_card_that_hangs_over_a_band_follows_it_with_a_negative_gap():
    seen = page(
        surface(0, 0, 1280, 400, fill="#223344", full_width=True),
        line("A title on the band", 640, 150, size=40, color="#ffffff", center=True),
        surface(400, 340, 480, 200, border="#cccccc"),
        line("Words on a card", 430, 380),
    )
    root = build_tree(seen)
    assert root.arrangement is Arrangement.COLUMN
    assert [child.kind for child in root.children] == [node_pb2.NODE_KIND_CONTAINER] * 2


def test_a_bar_whose_entries_stand_between_two_columns_is_a_row_above_them():
    bar = [text("Our name", 0, 0), *(text(word, x, 0) for word, x in NAVIGATION)]
    left = [text("What we do in a few words", 0, y, size=40) for y in (160, 240)]
    made = arrange([*bar, *left, box(860, 150, 240, 220)])
    assert made.arrangement is Arrangement.COLUMN
    assert sum(1 for _ in made.children[0].texts()) == 5
    assert made.children[1].arrangement is Arrangement.ROW


def test_the_buttons_beside_the_first_line_of_a_list_are_no_bar_above_it():
    name = [text("A name", 0, 0), *(text(word, x, 10) for word, x in NAVIGATION)]
    made = arrange([*name, *(text("A line about it that goes on", 0, y) for y in (40, 70, 100))])
    assert made.arrangement is Arrangement.ROW
