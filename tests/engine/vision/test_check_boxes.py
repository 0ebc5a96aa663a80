"""Check boxes without labels, and arrows of selects."""

import pytest
from PIL import Image, ImageDraw

from engine.vision.perception.carets import as_caret
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box, Mark, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage

TICK = [(4, 8), (7, 11), (12, 5)]


def with_boxes(count, *, ticked=False, letter="", step=45):
    """Returns a page with squares of 16 pixels in a column, far from any words."""
    page = DrawnPage(400, 400)
    for number in range(count):
        y = 40 + step * number
        page.box(40, y, 16, 16, "#0a66c2" if ticked or letter else None, "#0a66c2")
        if ticked:
            page.draw.line([(40 + x, y + down) for x, down in TICK], fill="#ffffff", width=2)
        if letter:
            page.draw.line((45, y + 5, 45, y + 12), fill="#ffffff", width=2)
            page.draw.line((49, y + 5, 49, y + 12, 52, y + 12), fill="#ffffff", width=2)
    return page


def marks_of(page):
    return [(mark.mark, mark.checked) for mark in assemble(page.pixels, []).marks]


def test_squares_in_a_column_are_check_boxes_without_labels():
    assert marks_of(with_boxes(4)) == [(Mark.CHECKBOX, False)] * 4
    assert marks_of(with_boxes(4, ticked=True)) == [(Mark.CHECKBOX, True)] * 4


def test_two_squares_and_tiles_with_letters_are_no_check_boxes():
    assert not marks_of(with_boxes(2))
    assert not marks_of(with_boxes(4, letter="in"))


def test_a_shadow_below_a_check_box_is_no_part_of_it():
    page = with_boxes(4)
    for number in range(4):
        page.draw.line((41, 56 + 45 * number, 54, 56 + 45 * number), fill="#d4dce4")

    boxes = [mark.box for mark in assemble(page.pixels, []).marks]

    assert boxes == [Box(40, 40 + 45 * number, 16, 16) for number in range(4)]


@pytest.mark.parametrize(
    ("points", "shape"),
    [
        ([(0, 0), (5, 5), (10, 0)], "chevron-down"),
        ([(0, 5), (5, 0), (10, 5)], "chevron-up"),
        ([(0, 0), (5, 5), (0, 10)], "chevron-right"),
        ([(5, 0), (0, 5), (5, 10)], "chevron-left"),
        ([(0, 0), (10, 0), (0, 5), (10, 5)], ""),
        ([(0, 2), (4, 5), (10, 0)], ""),
    ],
)
def test_an_angle_is_told_by_where_it_points(points, shape):
    page = DrawnPage(60, 60)
    large = page.image.resize((480, 480))
    line = [(8 * (20 + x), 8 * (20 + y)) for x, y in points]
    ImageDraw.Draw(large).line(line, fill="#222222", width=12)
    page.image = large.resize((60, 60), Image.Resampling.BOX)
    found = as_caret(page.pixels, Picture(Box(17, 17, 17, 17), PictureKind.ICON, "#222222"))

    assert found.shape == shape
