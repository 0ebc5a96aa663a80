"""A mark and the lettering beside it are one logo; icons beside text stay as they are."""

import pytest

from engine.vision.perception import OcrEngine, perceive
from engine.vision.perception.logos import join_logos
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.read_line import read


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


def names(*sizes, words=("Harbour", "Pilots", "Marina", "Ferries"), pitch=200, drop=0, color=None):
    found = []
    for n, (word, size) in enumerate(zip(words, sizes, strict=True)):
        ink = color if color and n == 2 else "#6b7280"
        found.append(read(word, 60 + pitch * n, 200 - 0.6 * size + drop * n, size, ink))
    return found


UNLIKE = (24, 34, 29, 26)


def logos(read_lines, *marks):
    pictures = [Picture(box, PictureKind.ICON, "#6b7280") for box in marks]
    return [item for item in join_logos(pictures, read_lines)[0] if item not in pictures]


def test_a_mark_beside_a_name_of_a_row_is_part_of_it_and_one_farther_off_is_not():
    beside, far = Box(228, 186, 28, 28), Box(900, 186, 28, 28)
    found = logos(names(*UNLIKE), beside, far)
    assert len(found) == 4
    assert sum(item.box.contains(beside) for item in found) == 1
    assert not any(item.box.contains(far) for item in found)


def test_a_picture_behind_a_row_of_names_is_part_of_none():
    behind = Box(0, 100, 1200, 200)
    found = logos(names(*UNLIKE), behind)
    assert len(found) == 4
    assert not any(item.box.contains(behind) for item in found)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(names(*UNLIKE, drop=40), id="steps"),
        pytest.param(names(*UNLIKE, color="#dd3355"), id="one in another colour"),
        pytest.param(names(*UNLIKE, pitch=92), id="words of a sentence"),
        pytest.param(names(*UNLIKE, words=("10", "24 h", "7", "365")), id="figures"),
    ],
)
def test_other_rows_of_words_are_no_logos(row):
    assert logos(row) == []


@pytest.mark.parametrize(
    "mark",
    [
        pytest.param(Box(60, 30, 32, 32), id="far off"),
        pytest.param(Box(118, 90, 32, 32), id="below"),
        pytest.param(Box(138, 40, 12, 10), id="low"),
        pytest.param(Box(20, 20, 130, 40), id="wide"),
    ],
)
def test_what_does_not_belong_to_the_lettering_makes_no_logo(mark):
    texts = [read("Boats leave every hour", 120, 200 + 40 * n, 16) for n in range(5)]
    word = read("Harbour", 156, 24, 30)
    assert len(logos([word, *texts], Box(120, 24, 32, 32))) == 1
    assert logos([word, *texts], mark) == []
