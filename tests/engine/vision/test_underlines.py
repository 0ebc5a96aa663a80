from itertools import pairwise

from PIL import ImageFont

from engine.vision.perception.lines import read_lines
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage

SIZE, X, BASELINE = 20, 20, 40


def read(text, underlined, *, color="#222222"):
    """Returns the text lines of a drawn line; `underlined` are (first, end) letters of links."""
    page = DrawnPage(700, 80)
    font = ImageFont.load_default(SIZE)
    page.draw.text((X, BASELINE), text, font=font, fill=color, anchor="ls")
    places = [X + font.getlength(text[:index]) for index in range(len(text) + 1)]
    for first, end in underlined:
        right = places[end] - 1
        page.draw.line((places[first], BASELINE + 3, right, BASELINE + 3), fill=color, width=1)
    chars = tuple(
        OcrChar(letter, (left + right) / 2, 0.99)
        for letter, (left, right) in zip(text, pairwise(places), strict=True)
    )
    line = OcrLine(Box(X - 2, 16, places[-1] - X + 4, 36), chars, 0.99, 0.99)
    return [item.line for item in read_lines(page.pixels, [line], [])]


def test_words_that_are_underlined_are_a_span_of_their_line():
    (line,) = read("See the manual or the news now", [(8, 14), (18, 26)])
    assert not line.underline
    assert [(span.text, span.underline) for span in line.spans] == [
        ("See the", False),
        ("manual", True),
        ("or", False),
        ("the news", True),
        ("now", False),
    ]


def test_underlined_words_with_a_comma_between_them_are_two_spans():
    (line,) = read("Here: manual, news", [(6, 12), (14, 18)])
    assert [span.text for span in line.spans if span.underline] == ["manual,", "news"]


def test_a_line_that_is_underlined_throughout_has_no_spans():
    (line,) = read("Read more news", [(0, 14)])
    assert line.underline
    assert not line.spans


def test_underlines_part_two_links_that_stand_a_space_apart():
    lines = read("Home News", [(0, 4), (5, 9)])
    assert {(line.text, line.underline) for line in lines} == {("Home", True), ("News", True)}


def test_a_dash_and_the_feet_of_letters_are_no_underlines():
    assert not any(line.underline or line.spans for line in read("EELZE — LEEZE", []))
