import numpy as np
import pytest

from engine.imaging import device_scale
from tests.engine.vision.drawn_page import DrawnPage

SENTENCE = "Plan, build and ship pages that people like to use every day"


def shot(width, height, scale, size=16, first=101):
    """A page of boxes and text, drawn at `scale` pixels for each CSS pixel."""
    page = DrawnPage(width * scale, height * scale)
    x, w = 21 * scale, (width - 40) * scale
    for y in range(first, height - 60, 75):
        page.box(x, y * scale, w, 61 * scale, fill="#eef2ff", outline="#94a3b8", width=scale)
        words = SENTENCE[: max(width // size * 3 // 2, 20)]
        page.text(x + 11 * scale, (y + 17) * scale, words, size * scale)
    return page.pixels


@pytest.mark.parametrize(
    ("width", "height", "scale"),
    [(1280, 900, 1), (1280, 900, 2), (1440, 800, 2), (800, 700, 2), (390, 844, 2), (390, 844, 3)],
)
def test_screens_of_every_density_are_told_apart(width, height, scale):
    assert device_scale(shot(width, height, scale)) == scale


@pytest.mark.parametrize(
    ("width", "height"), [(1280, 2400), (1920, 1080), (2560, 1440), (700, 900)]
)
def test_a_plain_screenshot_is_taken_as_it_is(width, height):
    assert device_scale(shot(width, height, 1)) == 1


def test_large_type_alone_is_no_sign_of_a_dense_screen():
    assert device_scale(shot(1920, 1080, 1, size=27)) == 1
    assert device_scale(shot(1000, 700, 1, size=40)) == 1


def test_a_picture_without_text_is_taken_as_it_is():
    noise = np.random.default_rng(1).integers(0, 255, (1600, 2560, 3)).astype(np.uint8)
    assert device_scale(noise) == 1
    assert device_scale(np.full((1600, 2560, 3), 255, np.uint8)) == 1
    assert device_scale(np.zeros((1, 1, 3), np.uint8)) == 1
    assert device_scale(np.zeros((2, 4000, 3), np.uint8)) == 1
