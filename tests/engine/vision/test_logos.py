"""A mark and the lettering beside it are one logo; icons beside text stay as they are."""

import pytest

from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage


def seen(size, word="Harbour", before=""):
    page = DrawnPage(1000, 600)
    page.text(20, 28, before, 16)
    page.draw.polygon([(120, 20), (152, 20), (152, 52), (136, 44), (120, 52)], fill="#3355dd")
    page.text(160, 36 - round(0.62 * size), word, size)
    for column, entry in enumerate(("Tours", "Prices", "Contact")):
        page.text(600 + 110 * column, 28, entry, 16)
    for row in range(5):
        page.text(120, 160 + 40 * row, "Boats leave every hour from nine to five.", 16)
    return perceive(page.pixels, OcrEngine(threads=1))


def test_a_mark_and_its_lettering_are_one_logo():
    percepts = seen(30)

    (logo,) = percepts.pictures
    assert logo.kind is PictureKind.LOGO
    assert logo.box.contains(Box(120, 20, 32, 32))
    assert logo.box.right > 260
    assert "Harbour" not in {line.text for line in percepts.lines}


@pytest.mark.parametrize(
    ("size", "word", "before"), [(19, "Harbour", ""), (30, "Our Tours", ""), (30, "Tours", "Menu")]
)
def test_a_name_in_the_pages_own_type_is_text(size, word, before):
    percepts = seen(size, word, before)

    assert word in {line.text for line in percepts.lines}
    assert all(item.kind is not PictureKind.LOGO for item in percepts.pictures)
