import numpy as np

from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.test_photo_bands import paste, photo


def test_a_box_strewn_with_pieces_of_many_sizes_is_one_photo():
    page = DrawnPage(900, 700)
    page.text(520, 120, "Updated for the new release", 24)
    page.text(520, 170, "Newly improved, and full of great things.", 16)
    page.box(0, 80, 460, 400, fill="#333334")
    paste(page, 200, 120, photo(220, 130))
    for k in range(16):
        x, y, side = 20 + 40 * (k % 4), 110 + 80 * (k // 4), 9 + k
        paste(page, x, y, photo(side, side + k % 3, seed=k) + np.uint8(70))
    percepts = perceive(page.pixels, OcrEngine(threads=1))
    (seen,) = percepts.pictures
    assert seen.kind is PictureKind.PHOTO
    assert seen.box.iou(Box(0, 80, 460, 400)) > 0.95
