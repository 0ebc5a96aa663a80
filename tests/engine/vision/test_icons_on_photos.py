import numpy as np

from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.test_photo_bands import paste, photo


def test_icons_of_the_ink_of_the_text_on_a_photo_stay():
    page = DrawnPage(900, 700)
    paste(page, 0, 0, photo(900, 480))
    page.text(240, 160, "See the coast by boat", 40, "#ffffff")
    page.text(400, 330, "Find us on", 16, "#ffffff")
    places = [Box(380 + 44 * k, 372, 18, 18) for k in range(3)]
    for k, box in enumerate(places):
        page.box(int(box.x), int(box.y), 18, 18, fill="#ffffff", radius=(9, 4, 6)[k])
        page.box(int(box.x) + 6, int(box.y) + 6, 6, 6, fill="#202020", radius=2)
    page.text(40, 560, "Boats leave at nine and at two.", 16)
    percepts = perceive(page.pixels, OcrEngine(threads=1))
    icons = [item for item in percepts.pictures if item.kind is PictureKind.ICON]
    assert [item.color for item in icons] == ["#ffffff"] * 3
    assert all(icon.box.iou(box) > 0.7 for icon, box in zip(icons, places, strict=True))


def test_bright_spots_of_a_photo_are_no_icons():
    page = DrawnPage(900, 700)
    scene = photo(900, 480)
    random = np.random.default_rng(5)
    for x, y in random.integers(40, 400, (40, 2)):
        scene[y : y + 14, 2 * x : 2 * x + 14] = 255
    paste(page, 0, 0, scene)
    page.text(240, 440, "See the coast by boat", 24, "#ffffff")
    page.text(40, 560, "Boats leave at nine and at two.", 16)
    percepts = perceive(page.pixels, OcrEngine(threads=1))
    assert not [item for item in percepts.pictures if item.kind is PictureKind.ICON]
