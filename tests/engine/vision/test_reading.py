from itertools import pairwise

import numpy as np
import pytest
from PIL import ImageFont

from engine.vision.perception import OcrEngine, perceive
from engine.vision.perception.detection import Detection, merge_across_tiles, tiles
from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.segments import segments_of
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage


@pytest.fixture(scope="module")
def ocr():
    return OcrEngine(threads=1)


@pytest.fixture(scope="module")
def page():
    page = DrawnPage(900, 700)
    page.box(0, 0, 900, 64, fill="#1f2937")
    page.text(40, 22, "Acme Studio", 18, "#ffffff")
    for x, word in ((560, "Home"), (640, "Pricing"), (740, "About us")):
        page.text(x, 24, word, 15, "#d1d5db")
    page.text(40, 120, "Design tools for small teams", 40, "#111827")
    page.text(40, 190, "Everything you need to plan and ship a good page.", 16, "#6b7280")
    page.text(40, 214, "Start free, no card required.", 16, "#6b7280")
    page.box(40, 270, 140, 44, fill="#2563eb", radius=6)
    page.text(66, 282, "Get started", 16, "#ffffff")
    page.box(200, 270, 140, 44, fill="#ffffff", outline="#9ca3af", radius=6)
    page.text(228, 282, "See a demo", 16, "#2563eb")
    page.text(40, 360, "Tiny notes are read too", 11, "#374151")
    return page.pixels


@pytest.fixture(scope="module")
def percepts(page, ocr):
    return perceive(page, ocr)


def line(percepts, text):
    found = [item for item in percepts.lines if item.text == text]
    assert found, [item.text for item in percepts.lines]
    return found[0]


def test_every_line_is_read_with_its_spaces(percepts):
    texts = [item.text for item in percepts.lines]
    assert sorted(texts) == sorted(
        [
            "Acme Studio",
            "Home",
            "Pricing",
            "About us",
            "Design tools for small teams",
            "Everything you need to plan and ship a good page.",
            "Start free, no card required.",
            "Get started",
            "See a demo",
            "Tiny notes are read too",
        ]
    )


def test_neighbouring_buttons_are_not_joined_and_lie_on_their_surfaces(percepts):
    assert line(percepts, "Get started").background == "#2563eb"
    assert line(percepts, "See a demo").background == "#ffffff"
    buttons = [s for s in percepts.surfaces if s.box.h == 44]
    assert [(s.box.x, s.fill) for s in buttons] == [(40, "#2563eb"), (200, "#ffffff")]


@pytest.mark.parametrize(
    ("text", "color", "background"),
    [
        ("Acme Studio", "#ffffff", "#1f2937"),
        ("Design tools for small teams", "#111827", "#ffffff"),
        ("Get started", "#ffffff", "#2563eb"),
    ],
)
def test_colours_are_those_that_were_painted(percepts, text, color, background):
    found = line(percepts, text)
    assert (found.color, found.background) == (color, background)


@pytest.mark.parametrize(
    ("text", "size"),
    [("Design tools for small teams", 40), ("Start free, no card required.", 16)],
)
def test_font_sizes(percepts, text, size):
    assert line(percepts, text).font_size == pytest.approx(size, rel=0.12)


def test_nothing_read_is_also_a_picture(percepts):
    assert percepts.pictures == ()


def test_the_same_pixels_give_the_same_percepts(page, ocr, percepts):
    assert perceive(page, ocr) == percepts


def test_progress_runs_to_the_end(page, ocr):
    seen = []
    perceive(page, ocr, lambda stage, share: seen.append((stage, share)))
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert seen[0] == ("ocr", 0.0)
    assert seen[-1] == ("regions", 1.0)


def test_spans_mark_words_of_another_colour(ocr):
    page = DrawnPage(700, 120)
    page.text(20, 40, "Read the", 18, "#222222")
    page.text(103, 40, "manual", 18, "#d6006e")
    page.text(178, 40, "before you begin", 18, "#222222")
    (found,) = perceive(page.pixels, ocr).lines
    assert found.text == "Read the manual before you begin"
    assert [span.text for span in found.spans] == ["Read the", "manual", "before you begin"]
    colors = [bgr_of(span.color) for span in found.spans]
    wanted = [bgr_of("#222222"), bgr_of("#d6006e"), bgr_of("#222222")]
    assert all(distance(a, b) <= 6 for a, b in zip(colors, wanted, strict=True))


def test_icons_beside_text_are_not_letters(ocr):
    page = DrawnPage(600, 200)
    page.draw.ellipse((40, 40, 52, 52), outline="#333333", width=2)
    page.draw.line((50, 50, 56, 56), fill="#333333", width=3)
    page.text(72, 38, "Search the catalogue", 16)
    percepts = perceive(page.pixels, ocr)
    assert [item.text for item in percepts.lines] == ["Search the catalogue"]
    (icon,) = percepts.pictures
    assert icon.box.iou(Box(40, 40, 18, 18)) > 0.7


def test_placeholder_pictures_are_not_text(ocr):
    page = DrawnPage(1200, 800)
    page.text(100, 30, "Our office", 28)
    page.box(100, 80, 400, 220, fill="#6c757d")
    page.text(250, 176, "600 x 400", 20, "#dee2e6")
    percepts = perceive(page.pixels, ocr)
    assert [item.text for item in percepts.lines] == ["Our office"]
    assert [p.box for p in percepts.pictures] == [Box(100, 80, 400, 220)]


def test_blank_page(ocr):
    percepts = perceive(np.full((80, 120, 3), 250, np.uint8), ocr)
    assert percepts.background == "#fafafa"
    assert (percepts.lines, percepts.surfaces, percepts.pictures) == ((), (), ())


def test_tiles_cut_between_lines():
    pixels = np.full((3000, 200, 3), 255, np.uint8)
    for top in range(10, 2990, 30):
        pixels[top : top + 20, 20:180:2] = 0
    parts = tiles(pixels)
    assert parts[0][0] == 0
    assert parts[-1][1] == 3000
    for (_, bottom), (top, _) in pairwise(parts):
        assert bottom == top
        assert (pixels[bottom - 1 : bottom + 1] == 255).all()


def test_only_lines_that_a_cut_went_through_are_joined():
    upper = Detection(Box(10, 90, 100, 20), 0.9, cut_below=True)
    lower = Detection(Box(12, 105, 100, 12), 0.8, cut_above=True)
    apart = Detection(Box(10, 101, 100, 20), 0.7)
    joined = merge_across_tiles([[upper], [lower]])
    assert [item.box for item in joined] == [Box(10, 90, 102, 27)]
    assert len(merge_across_tiles([[upper], [apart]])) == 2


def underlined(text, *, with_line):
    page = DrawnPage(400, 80)
    page.text(20, 20, text, 22)
    box = Box(16, 16, 14 * len(text), 36)
    if with_line:
        page.draw.line((20, 44, 15 + 11 * len(text), 44), fill="#222222")
    chars = tuple(OcrChar(c, 26 + 12.5 * i, 0.99) for i, c in enumerate(text))
    (segment, *_) = segments_of(page.pixels, OcrLine(box, chars, 0.9, 0.99))
    return bool(segment.underlines)


@pytest.mark.parametrize("text", ["2,222", "$35,210", "LEEZE"])
def test_feet_of_figures_are_no_underline(text):
    assert not underlined(text, with_line=False)


def test_an_underline_runs_from_letter_to_letter():
    assert underlined("Pricing", with_line=True)
    assert not underlined("Pricing", with_line=False)


def test_a_narrow_letter_at_the_start_is_kept_though_its_place_is_off():
    page = DrawnPage(400, 80)
    page.text(20, 20, "I agree", 30)
    ink = np.flatnonzero((page.pixels < 200).all(axis=2).any(axis=0))
    stem_ends = int(ink[np.flatnonzero(np.diff(ink) > 1)[0]])
    places = [stem_ends + 2, *(float(x) for x in np.linspace(stem_ends + 18, ink[-1] - 8, 5))]
    chars = tuple(
        OcrChar(c, x, 0.99, space=0.3 if c == "a" else 0.0)
        for c, x in zip("Iagree", places, strict=True)
    )
    (segment,) = segments_of(page.pixels, OcrLine(Box(16, 16, 140, 44), chars, 0.9, 0.99))
    assert segment.text == "I agree"
    assert segment.box.x <= 24


def parts(gap, words=("Home", "About", "Contact", "Pricing", "Blog", "Shop")):
    """The stretches of one OCR line of words set `gap` pixels apart."""
    page = DrawnPage(700, 60)
    font, x, chars = 16, 20.0, []
    for word in words:
        page.text(x, 20, word, font)
        width = page.draw.textlength(word, ImageFont.load_default(font))
        step = width / len(word)
        chars += [OcrChar(c, x + step * (i + 0.5), 0.99) for i, c in enumerate(word)]
        chars.append(OcrChar(" ", x + width + gap / 2, 0.99))
        x += width + gap
    found = segments_of(page.pixels, OcrLine(Box(14, 14, x - 14, 30), tuple(chars[:-1]), 0.9, 0.9))
    return [segment.text for segment in found]


def test_links_that_stand_apart_alike_are_no_sentence():
    assert parts(gap=18) == ["Home", "About", "Contact", "Pricing", "Blog", "Shop"]


def test_a_few_links_in_a_row_are_no_sentence():
    assert parts(gap=17, words=("Home", "About", "FAQ")) == ["Home", "About", "FAQ"]


def test_words_of_a_justified_line_stay_together():
    assert parts(gap=9) == ["Home About Contact Pricing Blog Shop"]
