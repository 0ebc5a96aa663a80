from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage

PLACE = Box(80, 80, 120, 120)


def within(percepts):
    pictures = [item for item in percepts.pictures if PLACE.contains(item.box)]
    surfaces = [item for item in percepts.surfaces if PLACE.contains(item.box)]
    return pictures, surfaces


def phone(width):
    page = DrawnPage()
    page.box(100, 100, 40, 64, outline="#5522dd", width=width, radius=6)
    page.draw.ellipse((116, 148, 123, 155), fill="#5522dd")
    return assemble(page.pixels, [])


def test_a_thick_outline_and_what_is_drawn_in_it_are_one_icon():
    (drawn,), surfaces = within(phone(4))
    assert drawn.kind is PictureKind.ICON
    assert drawn.box == Box(100, 100, 40, 64)
    assert surfaces == []


def test_a_box_of_a_thin_border_stays_a_box():
    _, surfaces = within(phone(1))
    assert [item.box.iou(Box(100, 100, 40, 64)) > 0.9 for item in surfaces] == [True]


def test_a_box_of_a_thick_border_that_holds_text_stays_a_box():
    page = DrawnPage()
    page.box(100, 100, 64, 48, outline="#5522dd", width=4, radius=6)
    page.text(118, 112, "24", 22)
    chars = (OcrChar("2", 125, 0.99), OcrChar("4", 137, 0.99))
    percepts = assemble(page.pixels, [OcrLine(Box(114, 110, 34, 28), chars, 0.9, 0.99)])
    _, surfaces = within(percepts)
    assert surfaces
