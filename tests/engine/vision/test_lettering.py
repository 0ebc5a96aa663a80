"""Names that are drawn in a joined script of several colours."""

import pytest
from PIL import ImageFont

from engine.vision.perception.lettering import take_lettering
from engine.vision.perception.lines import ReadLine
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.read_line import read

RED = "#e05a4f"


@pytest.mark.parametrize(
    ("joined", "shaded", "drawn"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_joined_letters_of_several_colours_are_a_drawing(joined, shaded, drawn):
    page = DrawnPage(500, 160)
    left, top, right, bottom = page.draw.textbbox((40, 40), "Search", ImageFont.load_default(64))
    if joined:
        page.box(left, top + 30, right - left, 7, fill=RED)
    page.text(40, 40, "Search", 64, RED)
    pixels = page.pixels
    if shaded:
        stripes = pixels[::2]
        stripes[(stripes < 255).any(axis=2)] = (40, 120, 60)
    ink = Box(left, top, right - left, bottom - top)
    line = ReadLine(read("Search", 40, 40, size=64, color=RED).line, ink)

    pictures, lines = take_lettering(pixels, [], [line])

    assert [item.kind for item in pictures] == ([PictureKind.LOGO] if drawn else [])
    assert bool(lines) != drawn
