import cv2
import numpy as np
import pytest
from PIL import Image

from engine.vision.perception import OcrEngine, perceive
from engine.vision.perception.photo_bands import find_photo_bands
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage


def photo(width, height, seed=3):
    """A scene of large soft shapes with grain, as cameras see."""
    random = np.random.default_rng(seed)
    shapes = random.integers(20, 150, (height // 60 + 2, width // 60 + 2, 3)).astype(np.float32)
    soft = cv2.resize(shapes, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(soft + random.normal(0, 5, (height, width, 3)), 0, 160).astype(np.uint8)


def paste(page, x, y, pixels):
    page.image.paste(Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1])), (x, y))


@pytest.fixture(scope="module")
def percepts():
    page = DrawnPage(900, 900)
    page.text(40, 20, "Harbour Tours", 18)
    paste(page, 0, 61, photo(900, 433))
    page.text(240, 200, "See the coast by boat", 40, "#ffffff")
    page.box(360, 300, 180, 48, fill="#f4623a", radius=6)
    page.text(398, 312, "Book a seat", 18, "#ffffff")
    page.text(40, 560, "Boats leave at nine and at two.", 16)
    page.text(40, 590, "Bring a coat, the wind is cold out there.", 16)
    return perceive(page.pixels, OcrEngine(threads=1))


def test_a_photo_under_a_headline_is_one_background(percepts):
    (ground,) = percepts.pictures
    assert (ground.kind, ground.background) == (PictureKind.PHOTO, True)
    assert ground.box == Box(0, 61, 900, 433)
    assert {"See the coast by boat", "Book a seat"} <= {line.text for line in percepts.lines}
    assert not percepts.rules
    assert not percepts.marks


def test_a_button_on_the_photo_stays(percepts):
    (button,) = [item for item in percepts.surfaces if item.fill == "#f4623a"]
    assert (button.box.w, button.box.h) == (180, 48)
    assert [item for item in percepts.surfaces if ground_holds(percepts, item)] == [button]


def ground_holds(percepts, surface):
    return percepts.pictures[0].box.contains(surface.box)


def test_a_photo_without_text_is_no_ground():
    page = DrawnPage(900, 600)
    paste(page, 0, 60, photo(900, 440))
    assert not find_photo_bands(page.pixels, [Box(40, 520, 200, 16)])


def test_a_gradient_with_text_is_no_photo():
    page = DrawnPage(900, 600)
    down, across = np.mgrid[0:440, 0:900]
    ground = np.stack([200 - down / 4, 60 + across / 9, 90 + (down + across) / 12], axis=2)
    paste(page, 0, 60, ground.astype(np.uint8))
    for row in range(8):
        page.text(120, 100 + 36 * row, "An intuitive solution to a common problem", 24, "#ffffff")
    assert not find_photo_bands(page.pixels, [Box(120, 100, 500, 24)])


def test_photos_behind_two_sections_are_parted_at_the_seam():
    page = DrawnPage(900, 700)
    paste(page, 0, 60, photo(900, 240, seed=1))
    paste(page, 0, 300, 255 - photo(900, 260, seed=2))
    found = find_photo_bands(page.pixels, [Box(100, 120, 300, 40), Box(100, 400, 300, 40)])
    assert [item.box for item in found] == [Box(0, 60, 900, 240), Box(0, 300, 900, 260)]


def test_text_is_no_texture():
    page = DrawnPage(900, 900)
    for row in range(40):
        page.text(40, 20 + 21 * row, "Everything you need to plan and ship a good page. " * 2, 16)
    assert not find_photo_bands(page.pixels, [Box(40, 20, 700, 16)])


def test_a_photo_is_whole_where_a_dark_tint_hides_part_of_it():
    page = DrawnPage(1200, 900)
    shown = photo(1200, 500).astype(np.float32)
    shown[:, :500] *= 0.2
    paste(page, 0, 60, shown.astype(np.uint8))
    (found,) = find_photo_bands(page.pixels, [Box(100, 200, 300, 40)])
    assert found.box == Box(0, 60, 1200, 500)


def test_a_dithered_gradient_below_a_photo_is_no_part_of_it():
    page = DrawnPage(900, 1200)
    dither = np.random.default_rng(1).integers(0, 2, (700, 900, 1))
    gradient = np.linspace(20, 60, 700).reshape(-1, 1, 1) + dither
    paste(page, 0, 0, photo(900, 500))
    paste(page, 0, 500, np.repeat(gradient, 3, axis=2).astype(np.uint8))
    (found,) = find_photo_bands(page.pixels, [Box(100, 200, 300, 40)])
    assert found.box.y == 0
    assert abs(found.box.bottom - 500) <= 8


def test_pictures_side_by_side_are_no_band():
    page = DrawnPage(900, 600)
    for x in (0, 310, 620):
        paste(page, x, 60, photo(280, 440, seed=x))
    assert not find_photo_bands(page.pixels, [Box(100, 200, 100, 20)])
