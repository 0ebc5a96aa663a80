"""A smooth fill that is no linear gradient is a photo out of focus, up to a section's height."""

import numpy as np
import pytest

from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.test_photo_bands import paste


@pytest.mark.parametrize(("height", "photos"), [(500, 1), (1200, 0)])
def test_a_smooth_fill_is_a_photo_up_to_the_height_of_a_section(height, photos):
    page = DrawnPage(900, 1500)
    page.text(40, 30, "Tours around the harbour", 24)
    down, across = np.linspace(0, 1, height)[:, None], np.linspace(0, 1, 700)
    bright = 60 + 120 * np.sin(np.pi * down) * np.sin(np.pi * across)
    paste(page, 100, 120, np.repeat(bright[:, :, None], 3, axis=2).astype(np.uint8))
    seen = perceive(page.pixels, OcrEngine(threads=1)).pictures

    assert sum(item.kind is PictureKind.PHOTO for item in seen) == photos
