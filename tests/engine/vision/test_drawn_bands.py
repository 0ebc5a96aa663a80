import cv2
import numpy as np

from engine.vision.perception import OcrEngine, perceive
from engine.vision.perception.drawn_bands import find_drawn_bands
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.test_photo_bands import paste, photo

WHITE = (255, 255, 255)
BAND, TITLE = Box(0, 80, 900, 420), Box(300, 120, 300, 40)
SHAPE = Picture(Box(500, 200, 200, 180), PictureKind.ILLUSTRATION, "#808080")


def blobs(width, height):
    """A gradient from left to right, with shapes a little paler than it, in BGR."""
    ramp = np.linspace(0, 70, width)[:, None]
    row = np.array((190, 150, 110)) + ramp * np.array((0.3, 0.6, 0.9))
    pixels = np.repeat(row[None], height, axis=0).astype(np.uint8)
    shapes = np.zeros((height, width), np.uint8)
    cv2.circle(shapes, (0, height), 300, 1, -1)
    cv2.fillPoly(shapes, [np.array([(480, 0), (620, 0), (860, height), (640, height)])], 1)
    pixels[shapes > 0] += np.array((12, 24, 24), np.uint8)
    return pixels


def page_with_band(x=0, width=900):
    page = DrawnPage(900, 700)
    paste(page, x, 80, blobs(width, 420))
    return page


def test_a_band_with_pale_shapes_is_one_drawing_behind_its_texts_and_cards():
    page = page_with_band()
    page.text(330, 120, "Simple pricing", 36, "#ffffff")
    page.box(120, 300, 300, 140, fill="#ffffff")
    page.text(40, 560, "Prices are for each month and user.", 16)

    percepts = perceive(page.pixels, OcrEngine(threads=1))

    (band,) = percepts.pictures
    assert (band.box, band.kind, band.background) == (BAND, PictureKind.ILLUSTRATION, True)
    assert [item.box for item in percepts.surfaces] == [Box(120, 300, 300, 140)]
    assert "Simple pricing" in {line.text for line in percepts.lines}


def test_a_band_in_which_no_shapes_are_seen_is_no_drawing():
    pixels = page_with_band().pixels

    assert [item.box for item in find_drawn_bands(pixels, WHITE, [SHAPE], [], [TITLE])] == [BAND]
    assert not find_drawn_bands(pixels, WHITE, [], [], [TITLE])
    assert not find_drawn_bands(pixels, WHITE, [SHAPE], [], [])


def test_a_gallery_and_a_known_photo_are_no_drawn_bands():
    pixels = page_with_band().pixels
    gallery = [Picture(Box(x, 80, 300, 420), PictureKind.PHOTO, "#808080") for x in (0, 300, 600)]
    known = Picture(BAND, PictureKind.PHOTO, "#808080", background=True)

    assert not find_drawn_bands(pixels, WHITE, gallery, [], [TITLE])
    assert not find_drawn_bands(pixels, WHITE, [SHAPE, known], [], [TITLE])


def test_a_photo_between_grey_bands_is_no_drawing_with_them():
    page = DrawnPage(900, 1000)
    page.box(0, 0, 900, 60, fill="#f0f2f4")
    page.text(40, 20, "Harbour Tours", 18)
    paste(page, 0, 60, photo(900, 500))
    page.text(240, 200, "See the coast by boat", 40, "#ffffff")
    page.box(0, 560, 900, 230, fill="#f0f2f4")
    paste(page, 400, 580, photo(110, 110))
    page.text(300, 720, "Boats leave at nine and at two.", 18)
    page.text(40, 860, "Bring a coat, the wind is cold out there.", 16)

    percepts = perceive(page.pixels, OcrEngine(threads=1))

    behind = [item.box for item in percepts.pictures if item.background]
    assert behind == [Box(0, 60, 900, 500)]


def test_what_keeps_off_the_pages_sides_is_no_band():
    pixels = page_with_band(100, 700).pixels

    assert not find_drawn_bands(pixels, WHITE, [SHAPE], [], [TITLE])
