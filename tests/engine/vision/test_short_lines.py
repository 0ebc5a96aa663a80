"""Figures and signs that stand alone or apart, and what of them is an icon."""

import pytest
from PIL import ImageFont

from engine.vision.perception.marks import find_marks
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage

SIZE = 18


def texts_of(page, parts, *, confidence=0.995):
    """Returns the texts of one line of (x, word, confidence of its first letter) parts."""
    font, chars = ImageFont.load_default(SIZE), []
    for x, word, first in parts:
        for index, letter in enumerate(word):
            left, right = font.getlength(word[:index]), font.getlength(word[: index + 1])
            sure = first if index == 0 else confidence
            chars.append(OcrChar(letter, x + (left + right) / 2, sure, space=0.0))
        chars.append(OcrChar(" ", x + font.getlength(word) + 4, confidence))
    end = parts[-1][0] + font.getlength(parts[-1][1])
    line = OcrLine(Box(16, 16, end - 12, 30), tuple(chars[:-1]), 0.9, confidence)
    return [item.text for item in assemble(page.pixels, [line]).lines]


def numbered(confidence):
    page = DrawnPage(400, 80)
    page.text(20, 20, "4", SIZE)
    page.text(44, 20, "adds an item", SIZE)
    return texts_of(page, [(20, "4", confidence), (44, "adds an item", 0.99)])


def test_a_figure_that_is_surely_one_is_text_however_far_it_stands_off():
    assert "".join(numbered(0.999)).replace(" ", "") == "4addsanitem"
    assert numbered(0.9) == ["adds an item"]


@pytest.mark.parametrize(("sign", "text"), [("}", ["}"]), ("});", ["});"]), ("+", [])])
def test_brackets_that_end_a_block_of_code_are_text_alone(sign, text):
    page = DrawnPage(400, 80)
    page.text(20, 20, sign, SIZE)

    assert texts_of(page, [(20, sign, 0.97)]) == text


def with_count(sign, confidence):
    page = DrawnPage(400, 80)
    page.box(20, 22, 14, 16, outline="#222222", width=2)
    page.text(42, 20, "5", SIZE)
    return texts_of(page, [(20, sign, confidence), (42, "5", 0.98)])


def test_the_one_figure_beside_an_icon_is_text():
    assert with_count("目", 0.6) == ["5"]
    assert with_count("目", 0.99) != ["5"]


@pytest.mark.parametrize(("width", "count"), [(46, 1), (7, 0)])
def test_the_one_figure_beside_a_square_icon_makes_no_check_box_of_it(width, count):
    page = DrawnPage(200, 80)
    page.box(20, 30, 18, 18, outline="#222222", width=2)
    square = Picture(Box(20, 30, 18, 18), PictureKind.ICON, "#222222")

    marks, _, _ = find_marks(page.pixels, [square], [], text=[Box(44, 33, width, 12)])

    assert len(marks) == count


def dots(side):
    page = DrawnPage(200, 80)
    for number in range(3):
        x = 40 + number * (side + 1)
        page.draw.ellipse((x, 30, x + side - 1, 30 + side - 1), fill="#222222")
    return [(item.box.w, item.box.h) for item in assemble(page.pixels, []).pictures]


def test_the_dots_of_an_ellipsis_are_one_icon():
    assert dots(4) == [(14, 4)]
    assert len(dots(12)) == 3
