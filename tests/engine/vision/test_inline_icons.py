from PIL import ImageFont

from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage

SIZE = 20
BASELINE = 20 + ImageFont.load_default(SIZE).getmetrics()[0]


def read(*, heart, foot):
    """A line with a mark between its words, `foot` pixels below its baseline."""
    page = DrawnPage(500, 60)
    font = ImageFont.load_default(SIZE)
    chars, x = [], 20.0
    for word in ("made", "with", "", "by", "Lee"):
        if word:
            page.text(x, 20, word, SIZE)
        else:
            top, bottom = BASELINE + foot - 16, BASELINE + foot - 1
            page.draw.ellipse((x, top, x + 15, bottom), fill=heart)
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
