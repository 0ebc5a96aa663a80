import pytest
from PIL import ImageFont

from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage

SIZE = 20
BASELINE = 20 + ImageFont.load_default(SIZE).getmetrics()[0]


def read(*, heart, foot, sign="", confidence=0.99, high=16):
    """A line with a mark between its words, `foot` pixels below its baseline, read as `sign`."""
    page = DrawnPage(500, 60)
    font = ImageFont.load_default(SIZE)
    chars, x = [], 20.0
    for word in ("made", "with", "", "by", "Lee"):
        if word:
            page.text(x, 20, word, SIZE)
        else:
            top, bottom = BASELINE + foot - high, BASELINE + foot - 1
            page.draw.ellipse((x, top, x + 15, bottom), fill=heart)
            if sign:
                chars.append(OcrChar(sign, x + 8, confidence, space=0.99))
        for index, letter in enumerate(word):
            left, right = font.getlength(word[:index]), font.getlength(word[: index + 1])
            sure = 0.99 if index == 0 and chars else 0.0
            chars.append(OcrChar(letter, x + (left + right) / 2, 0.99, space=sure))
        chars.append(OcrChar(" ", x, 0.99))
        x += (font.getlength(word) if word else 16) + 7
    line = OcrLine(Box(16, 18, x - 20, 28), tuple(chars[:-1]), 0.99, 0.99)
    percepts = assemble(page.pixels, [line])
    return [item.text for item in percepts.lines], [item.box for item in percepts.pictures]


def test_an_icon_between_words_parts_their_line():
    texts, pictures = read(heart="#cc2222", foot=3)
    assert texts == ["made with", "by Lee"]
    (heart,) = pictures
    assert abs(heart.w - 16) <= 2
    assert abs(heart.h - 16) <= 2


def test_a_sign_that_stands_on_the_baseline_is_type():
    texts, pictures = read(heart="#cc2222", foot=0)
    assert texts == ["made with by Lee"]
    assert pictures == []


def test_what_floats_over_the_baseline_is_an_icon_unless_it_is_as_low_as_a_dash():
    texts, pictures = read(heart="#22aa66", foot=-2, high=10)
    assert texts == ["made with", "by Lee"]
    assert len(pictures) == 1
    assert read(heart="#222222", foot=-5, high=3)[0] == ["made with by Lee"]


@pytest.mark.parametrize(("sign", "confidence"), [("√", 0.98), ("自", 0.91), ("©", 0.5)])
def test_what_icons_are_read_as_between_words_parts_their_line(sign, confidence):
    texts, pictures = read(heart="#222222", foot=0, sign=sign, confidence=confidence)
    assert texts == ["made with", "by Lee"]
    assert len(pictures) == 1


def test_a_copyright_sign_that_is_well_read_is_type():
    texts, _ = read(heart="#222222", foot=0, sign="©", confidence=0.95)
    assert texts == ["made with © by Lee"]
