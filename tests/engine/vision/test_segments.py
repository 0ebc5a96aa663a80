from PIL import ImageFont

from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.segments import segments_of
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage

SIZE = 20


def read_as(text, *, off):
    """Returns the texts of a drawn line whose letters were read `off` pixels from their ink."""
    page = DrawnPage(400, 60)
    page.text(20, 20, text, SIZE)
    font = ImageFont.load_default(SIZE)
    chars = []
    for index, letter in enumerate(text):
        left, right = font.getlength(text[:index]), font.getlength(text[: index + 1])
        chars.append(OcrChar(letter, 20 + (left + right) / 2 + off.get(index, 0), 0.99))
    box = Box(18, 18, font.getlength(text) + 4, 28)
    return [item.text for item in segments_of(page.pixels, OcrLine(box, tuple(chars), 0.99, 0.99))]


def test_a_letter_read_beyond_the_space_after_it_is_not_parted_from_its_word():
    assert read_as("Email Address", off={}) == ["Email Address"]
    assert read_as("Email Address", off={4: 7}) == ["Email Address"]


def test_a_space_that_the_recogniser_dropped_is_seen():
    page = DrawnPage(400, 60)
    page.text(20, 20, "Email Address", SIZE)
    font = ImageFont.load_default(SIZE)
    text = "Email Address"
    chars = tuple(
        OcrChar(letter, 20 + font.getlength(text[: index + 1]) - font.getlength(letter) / 2, 0.99)
        for index, letter in enumerate(text)
        if letter != " "
    )
    line = OcrLine(Box(18, 18, font.getlength(text) + 4, 28), chars, 0.99, 0.99)
    assert [item.text for item in segments_of(page.pixels, line)] == ["Email Address"]
