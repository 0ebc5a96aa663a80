import cv2
import numpy as np
import pytest

from engine.imaging import without_compression_noise
from tests.engine.vision.drawn_page import DrawnPage


@pytest.fixture(scope="module")
def drawn():
    page = DrawnPage(640, 400, "#ffffff")
    page.box(40, 40, 560, 150, fill="#f8fafc", outline="#e2e8f0")
    for row in range(4):
        page.text(60, 60 + 30 * row, "Every page begins with a sketch that nobody can read", 16)
    page.box(40, 230, 180, 48, fill="#2563eb", radius=6)
    page.text(80, 244, "Get started", 18, "#ffffff")
    return page.pixels


def packed(pixels, quality):
    return cv2.imdecode(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], 1)


def share_off(pixels, drawn, least=3):
    """The share of the flat ground near type that is not as it was drawn."""
    ground = (drawn == (255, 255, 255)).all(axis=2) | (drawn == (252, 250, 248)).all(axis=2)
    type_ = (drawn.max(axis=2) < 120).astype(np.uint8)
    near = cv2.dilate(type_, np.ones((11, 11), np.uint8)) > 0
    off = cv2.absdiff(pixels, drawn).max(axis=2) >= least
    return float(off[ground & near].mean())


@pytest.mark.parametrize("quality", [70, 85, 95])
def test_the_ground_around_type_becomes_flat_again(drawn, quality):
    before = packed(drawn, quality)
    after = without_compression_noise(before)
    assert share_off(before, drawn) > 0.2
    assert share_off(after, drawn) < share_off(before, drawn) / 2


def test_faint_borders_panels_and_type_stay(drawn):
    after = without_compression_noise(packed(drawn, 85)).astype(int)
    assert (after[35, 45:595] - after[40, 45:595]).mean(axis=1).min() > 12
    assert np.abs(after[250, 200] - drawn[250, 200].astype(int)).max() < 8
    ink = drawn.max(axis=2) < 60
    assert np.abs(after - drawn.astype(int)).max(axis=2)[ink].mean() < 40


def test_the_given_pixels_are_not_changed(drawn):
    before = packed(drawn, 85)
    kept = before.copy()
    without_compression_noise(before)
    assert (before == kept).all()
