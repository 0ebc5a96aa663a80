"""Words of one line in another ink than the rest."""

from itertools import pairwise

import pytest
from PIL import ImageFont

from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.lines import read_lines
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage

X, BASELINE = 20, 40
NOTE, NAME = "Copyright 2026 built by ", "Colorlib"


def read(note, name, ground="#ffffff", size=16):
    """Returns the spans of a drawn line of two inks."""
    page = DrawnPage(500, 80, ground)
    font = ImageFont.load_default(size)
    page.draw.text((X, BASELINE), NOTE, font=font, fill=note, anchor="ls")
    page.draw.text((X + font.getlength(NOTE), BASELINE), NAME, font=font, fill=name, anchor="ls")
    text = NOTE + NAME
    places = [X + font.getlength(text[:index]) for index in range(len(text) + 1)]
    chars = tuple(
        OcrChar(letter, (left + right) / 2, 0.99)
        for letter, (left, right) in zip(text, pairwise(places), strict=True)
    )
    line = OcrLine(Box(X - 2, 20, places[-1] - X + 4, 28), chars, 0.99, 0.99)
    ((found, _),) = [(item.line, item.ink) for item in read_lines(page.pixels, [line], [])]
    return found.spans


@pytest.mark.parametrize("faint", ["#808890", "#999999", "#b4bcc4"])
@pytest.mark.parametrize("strong", ["#007bff", "#212529"])
def test_words_in_a_fainter_ink_than_the_strongest_have_their_own_colour(faint, strong):
    note, name = read(faint, strong)
    assert (note.text, name.text) == (NOTE.strip(), NAME)
    assert distance(bgr_of(note.color), bgr_of(faint)) <= 16
    assert distance(bgr_of(name.color), bgr_of(strong)) <= 16


def test_a_line_of_one_ink_has_no_spans():
    assert not read("#999999", "#999999")


@pytest.mark.parametrize("bright", ["#ff8080", "#fff080", "#80ff80"])
def test_words_brighter_than_their_ground_have_a_colour_in_range(bright):
    _, name = read("#000000", bright, ground="#c0c0c0", size=13)
    assert distance(bgr_of(name.color), bgr_of(bright)) <= 16
