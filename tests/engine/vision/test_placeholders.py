from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage


def read(text, x, y, pitch):
    chars = tuple(OcrChar(c, x + 5 + pitch * i, 0.99) for i, c in enumerate(text))
    return OcrLine(Box(x - 4, y - 4, pitch * len(text) + 8, 30), chars, 0.9, 0.99)


def test_a_stand_in_that_fills_the_head_of_a_card_is_its_picture():
    page = DrawnPage()
    page.box(100, 100, 260, 400, fill="#dee2e6", outline="#d2d2d2")
    page.text(185, 180, "450 x 300", 20, "#777777")
    page.box(101, 350, 258, 149, fill="#ffffff")
    page.text(180, 395, "Special item", 18)

    percepts = assemble(
        page.pixels, [read("450 x 300", 185, 180, 9.5), read("Special item", 180, 395, 8.8)]
    )

    (card,), (picture,) = percepts.surfaces, percepts.pictures
    assert (card.box, card.fill) == (Box(100, 100, 260, 400), "#ffffff")
    assert (picture.box, picture.kind) == (Box(100, 100, 260, 250), PictureKind.PHOTO)
    assert [line.text for line in percepts.lines] == ["Special item"]
