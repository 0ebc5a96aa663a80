"""Marks of forms, and what is none: grips, crosses, arrows of buttons."""

from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from engine.vision.perception.marks import find_marks
from engine.vision.perception.perceive import assemble
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Mark, Surface
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.layout.seen import icon


@pytest.mark.parametrize(("diagonals", "kept"), [((6, 10), False), ((4, 6, 10), True)])
def test_the_grip_of_a_text_area_is_no_icon(diagonals, kept):
    page = DrawnPage()
    page.box(100, 100, 300, 90, fill="#ffffff", outline="#808080")
    for diagonal in diagonals:
        for x in range(max(0, diagonal - 6), min(diagonal, 6) + 1):
            page.draw.point((390 + x, 180 + diagonal - x), fill="#666666")
    percepts = assemble(page.pixels, [])

    assert bool(percepts.pictures) == kept


@pytest.mark.parametrize(
    ("drawn", "mark"),
    [("ring", Mark.RADIO), ("box", Mark.CHECKBOX), ("clock", None), ("target", None)],
)
def test_large_empty_form_marks_before_their_labels(drawn, mark):
    page = DrawnPage(400, 120)
    if drawn == "box":
        page.box(20, 40, 32, 32, outline="#222222", width=2)
    else:
        large = page.image.resize((256, 256)).crop((0, 0, 256, 256))
        pen = ImageDraw.Draw(large)
        pen.rectangle((0, 0, 256, 256), fill="#ffffff")
        pen.ellipse((0, 0, 255, 255), outline="#222222", width=16)
        if drawn == "clock":
            pen.line((128, 128, 128, 64), fill="#222222", width=16)
        if drawn == "target":
            pen.ellipse((96, 96, 160, 160), fill="#222222")
        page.image.paste(large.resize((32, 32), Image.Resampling.BOX), (20, 40))
    marks, icons, _ = find_marks(
        page.pixels, [icon(20, 40, 32, 32)], [], text=[Box(62, 46, 46, 18)]
    )

    assert [item.mark for item in marks] == ([mark] if mark else [])
    assert bool(icons) == (mark is None)


@pytest.mark.parametrize(
    ("fill", "outline", "gap", "select"),
    [
        pytest.param("#ffffff", "#cccccc", 12, True, id="a field"),
        pytest.param("#ffffff", "#cccccc", 4, False, id="right behind the words"),
        pytest.param("#ffffff", "#696cff", 12, False, id="outlined in a colour"),
        pytest.param("#1f2937", "#374151", 12, False, id="a dark button"),
        pytest.param("#1f2937", "#374151", 60, True, id="a dark field"),
    ],
)
def test_an_arrow_right_behind_the_words_of_a_button_makes_no_select_of_it(
    fill: str, outline: str, gap: int, select: bool
):
    words = Box(112, 52, 60, 16)
    field = Surface(Box(100, 42, 100 + gap, 36), fill, border_color=outline, border_width=1)
    arrow = replace(icon(int(words.right) + gap, 58, 8, 5), shape="chevron-down")
    marks, icons, _ = find_marks(
        DrawnPage(400, 120).pixels, [arrow], [Found(field, ())], text=[words]
    )

    assert [mark.mark for mark in marks] == ([Mark.SELECT_ARROW] if select else [])
    assert bool(icons) != select


def test_an_icon_that_is_no_angle_makes_no_select_of_a_box():
    field = Surface(Box(100, 42, 160, 36), "#ffffff", border_color="#cccccc", border_width=1)
    marks, _, _ = find_marks(
        DrawnPage(400, 120).pixels, [icon(234, 56, 14, 9)], [Found(field, ())], text=[]
    )

    assert not marks


def test_the_cross_that_closes_a_panel_is_no_select_arrow():
    page = DrawnPage()
    page.box(100, 100, 300, 48, fill="#ffffff", outline="#cccccc")
    page.draw.line((370, 118, 381, 129), fill="#888888", width=2)
    page.draw.line((370, 129, 381, 118), fill="#888888", width=2)
    percepts = assemble(page.pixels, [])
    assert percepts.marks == ()
    assert len(percepts.pictures) == 1
