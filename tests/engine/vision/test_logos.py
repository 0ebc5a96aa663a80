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


def row_of(names, sizes):
    page = DrawnPage(1200, 500)
    page.text(60, 60, "Boats leave every hour from nine to five.", 16)
    x = 60
    for index, (name, size) in enumerate(zip(names, sizes, strict=True)):
        if index == 1:
            page.draw.polygon([(x, 200), (x + 28, 200), (x + 14, 228)], fill="#6b7280")
            x += 36
        page.text(x, 214 - round(0.6 * size), name, size, "#6b7280")
        x += round(0.6 * size * len(name)) + 90
    return perceive(page.pixels, OcrEngine(threads=1))


def test_names_in_types_of_their_own_are_a_row_of_logos():
    percepts = row_of(("Harbour", "Pilots", "Marina", "Ferries"), (24, 34, 29, 26))

    assert [item.kind for item in percepts.pictures] == [PictureKind.LOGO] * 4
    assert [line.text for line in percepts.lines] == ["Boats leave every hour from nine to five."]


def test_names_in_one_type_are_text():
    percepts = row_of(("Harbour", "Pilots", "Marina", "Ferries"), (26, 26, 26, 26))

    assert {"Harbour", "Pilots", "Marina", "Ferries"} <= {line.text for line in percepts.lines}
