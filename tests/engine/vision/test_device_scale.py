import numpy as np
import pytest

from engine.vision import Analyzer, PageImage, in_css_pixels
from tests.engine.vision.drawn_page import DrawnPage

PARAGRAPH = (
    "Every page begins with a sketch that nobody but you can read,",
    "and ends as code that everybody on the team is glad to change.",
    "What lies between is a week of work that this does in seconds.",
)


def page(scale):
    drawn = DrawnPage(1200 * scale, 500 * scale)
    drawn.box(0, 0, 1200 * scale, 65 * scale, fill="#1f2937")
    drawn.text(40 * scale, 20 * scale, "Acme Studio", 20 * scale, "#ffffff")
    drawn.text(40 * scale, 101 * scale, "Design tools for teams", 36 * scale)
    for row, words in enumerate(PARAGRAPH):
        drawn.text(40 * scale, (171 + 24 * row) * scale, words, 16 * scale)
    drawn.box(40 * scale, 281 * scale, 141 * scale, 45 * scale, fill="#2563eb")
    drawn.text(63 * scale, 293 * scale, "Get started", 17 * scale, "#ffffff")
    return drawn.pixels


def test_a_dense_screenshot_is_brought_to_css_pixels():
    seen = in_css_pixels(PageImage(page(2)))
    assert seen.pixels.shape == (500, 1200, 3)
    assert (seen.viewport_width, seen.told_scale) == (1200, 2)
    assert in_css_pixels(seen) == seen


def test_a_given_viewport_overrules_what_the_pixels_tell():
    seen = in_css_pixels(PageImage(page(2), viewport_width=2400))
    assert seen.pixels.shape[1] == 2400
    seen = in_css_pixels(PageImage(page(2), viewport_width=1600))
    assert (seen.pixels.shape[1], seen.told_scale) == (1600, 1)


def test_a_plain_screenshot_stays_as_it_is():
    pixels = page(1)
    seen = in_css_pixels(PageImage(pixels))
    assert np.shares_memory(seen.pixels, pixels)
    assert (seen.viewport_width, seen.told_scale) == (1200, 1)


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer()


def test_the_schema_of_a_dense_screenshot_has_css_pixels_and_says_why(analyzer):
    schema = analyzer.analyze([PageImage(page(2))])
    assert schema.root.bounds.width == 1200
    assert schema.viewports[0].width == 1200
    [said] = [text for text in schema.assumptions if "pixels for each CSS pixel" in text]
    assert "at 2 pixels" in said
    plain = analyzer.analyze([PageImage(page(1))])
    assert not any("pixels for each CSS pixel" in text for text in plain.assumptions)
