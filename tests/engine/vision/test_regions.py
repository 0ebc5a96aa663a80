import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.vision.perception.boxes import find_boxes
from engine.vision.perception.cleaning import visible_surfaces
from engine.vision.perception.fills import shadow_of
from engine.vision.perception.flatmap import bgr_of, flat_map, hex_of
from engine.vision.perception.perceive import assemble
from engine.vision.perception.surfaces import find_surfaces
from engine.vision.percepts import Box, Mark, PictureKind
from tests.engine.vision.drawn_page import DrawnPage


def surface_at(percepts, box):
    found = [s for s in percepts.surfaces if s.box.iou(box) > 0.95]
    assert found, [s.box for s in percepts.surfaces]
    return found[0]


def test_colours_are_told_both_ways():
    assert hex_of((1, 2, 255)) == "#ff0201"
    assert bgr_of("#ff0201") == (1, 2, 255)


def test_hairlines_survive_and_split_regions():
    page = DrawnPage(200, 100)
    page.draw.line((0, 50, 199, 50), fill="#dddddd")
    regions = flat_map(page.pixels)
    boxes = sorted((r.box.y, r.box.h) for r in regions.regions.values())
    assert boxes == [(0, 50), (50, 1), (51, 49)]


def test_nested_surfaces_come_from_the_outside_in():
    page = DrawnPage()
    page.box(0, 0, 900, 200, fill="#1f2937")
    page.box(100, 40, 300, 120, fill="#ffffff", radius=8)
    page.box(130, 100, 120, 40, fill="#2563eb", radius=6)
    percepts = assemble(page.pixels, [])
    assert percepts.background == "#ffffff"
    assert [s.fill for s in percepts.surfaces] == ["#1f2937", "#ffffff", "#2563eb"]
    assert percepts.surfaces[0].full_width
    card = surface_at(percepts, Box(100, 40, 300, 120))
    assert card.radius == pytest.approx(8, abs=2)


@pytest.mark.parametrize(("outline", "width"), [("#dee2e6", 1), ("#cccccc", 2), ("#f0f0f0", 1)])
def test_light_borders_on_white(outline, width):
    page = DrawnPage()
    page.box(100, 100, 300, 200, fill="#ffffff", outline=outline, width=width, radius=4)
    surface = surface_at(assemble(page.pixels, []), Box(100, 100, 300, 200))
    assert surface.border_color == outline
    assert surface.border_width == width
    assert surface.border_sides == (True, True, True, True)


def test_a_card_of_header_and_body_is_one_surface_with_a_bar_on_it():
    page = DrawnPage(background="#f3f4f6")
    page.box(100, 100, 300, 50, fill="#e5e7eb")
    page.box(100, 150, 300, 200, fill="#ffffff")
    percepts = assemble(page.pixels, [])
    assert surface_at(percepts, Box(100, 100, 300, 250)).fill == "#ffffff"
    assert surface_at(percepts, Box(100, 100, 300, 50)).fill == "#e5e7eb"


def test_gradient_and_its_direction():
    page = DrawnPage(400, 300)
    ramp = np.linspace(40, 200, 200).astype(np.uint8)
    pixels = page.pixels
    pixels[50:150, 100:300] = np.dstack([ramp, ramp, np.full(200, 90, np.uint8)])
    surface = surface_at(assemble(pixels, []), Box(100, 50, 200, 100))
    assert surface.gradient is not None
    assert surface.gradient.angle == 90
    (_, first), (_, last) = surface.gradient.stops
    assert np.abs(np.array(bgr_of(first)) - (40, 40, 90)).max() <= 4
    assert np.abs(np.array(bgr_of(last)) - (200, 200, 90)).max() <= 4


def test_drop_shadow():
    import cv2

    pixels = np.full((400, 500, 3), 255, np.uint8)
    shade = np.zeros((400, 500), np.float32)
    shade[108:308, 100:400] = 0.25
    shade = cv2.GaussianBlur(shade, (0, 0), 8)
    pixels = (pixels * (1 - shade[:, :, None])).round().astype(np.uint8)
    pixels[100:300, 100:400] = 255
    shadow = shadow_of(pixels, Box(100, 100, 300, 200))
    assert shadow is not None
    assert shadow.y > 0
    assert shadow.blur > 8
    assert shadow_of(np.full((400, 500, 3), 255, np.uint8), Box(100, 100, 300, 200)) is None


def test_photo_icon_and_rule():
    page = DrawnPage()
    page.noise(100, 100, 300, 180)
    page.draw.ellipse((500, 100, 523, 123), fill="#d63384")
    page.draw.line((100, 400, 800, 400), fill="#dddddd")
    percepts = assemble(page.pixels, [])
    photo, icon = sorted(percepts.pictures, key=lambda p: -p.box.area)
    assert photo.kind is PictureKind.PHOTO
    assert photo.box.iou(Box(100, 100, 300, 180)) > 0.97
    assert icon.kind is PictureKind.ICON
    assert icon.box.iou(Box(500, 100, 24, 24)) > 0.9
    (rule,) = percepts.rules
    assert rule.horizontal
    assert (rule.box.x, rule.box.y, rule.box.w, rule.box.h) == (100, 400, 701, 1)
    assert rule.color == "#dddddd"


def test_switches_and_no_false_boxes():
    page = DrawnPage()
    page.box(100, 100, 44, 24, fill="#22aa66", radius=12)
    page.draw.ellipse((122, 102, 141, 121), fill="#ffffff")
    percepts = assemble(page.pixels, [])
    (mark,) = percepts.marks
    assert mark.mark is Mark.SWITCH
    assert mark.checked


def test_bars_on_one_base_line_are_a_chart():
    page = DrawnPage()
    for index, height in enumerate((40, 80, 60, 110, 30, 90)):
        page.box(100 + 20 * index, 300 - height, 10, height, fill="#0d6efd")
    charts = [p for p in assemble(page.pixels, []).pictures if p.kind is PictureKind.CHART]
    assert len(charts) == 1
    assert charts[0].box.iou(Box(100, 190, 110, 110)) > 0.95


def test_find_boxes_leaves_rings_out():
    page = DrawnPage()
    page.draw.ellipse((100, 100, 300, 300), fill="#0d6efd")
    boxes = find_boxes(page.pixels, flat_map(page.pixels))
    assert all(box.region.hex != "#0d6efd" for box in boxes if box.inner.w < 900)


def test_the_page_has_the_colour_of_its_sides():
    page = DrawnPage(background="#ddddee")
    page.box(60, 40, 780, 540, fill="#ffffff")
    percepts = assemble(page.pixels, [])
    assert percepts.background == "#ddddee"
    assert surface_at(percepts, Box(60, 40, 780, 540)).fill == "#ffffff"


def test_a_card_cut_by_the_end_of_the_page():
    page = DrawnPage(background="#ddddee")
    page.box(60, 40, 780, 560, fill="#ffffff")
    page.box(90, 580, 720, 20, fill="#ddeeff")
    assert surface_at(assemble(page.pixels, []), Box(60, 40, 780, 560)).fill == "#ffffff"


def test_a_pale_border_that_runs_into_the_fill_at_its_corners():
    page = DrawnPage()
    page.box(100, 100, 240, 60, fill="#e9ecef", outline="#dee2e6")
    pixels = page.pixels.copy()
    # Soft corners take the fill to the border in steps too small to see.
    for step, level in enumerate((0xED, 0xEB, 0xE9, 0xE7, 0xE6)):
        pixels[101 if step < 2 else 100, 101 + step] = (level, level - 3, level - 6)
    assert surface_at(assemble(pixels, []), Box(100, 100, 240, 60)).fill == "#e9ecef"


def test_avatars_in_a_card_are_not_a_dim_photo():
    page = DrawnPage(background="#f0f2f5", height=700)
    page.box(60, 40, 780, 600, fill="#ffffff")
    for index in range(8):
        x, y = 100 + 180 * (index % 4), 80 + 200 * (index // 4)
        page.noise(x, y, 80, 80, seed=index + 1)
        page.box(x, y + 120, 80, 5, fill="#e8e8e8")
    percepts = assemble(page.pixels, [])
    assert surface_at(percepts, Box(60, 40, 780, 600)).fill == "#ffffff"
    assert sum(p.box.area > 5000 for p in percepts.pictures) == 8


def test_cards_in_a_row_that_share_their_borders_are_cards():
    page = DrawnPage(background="#e4e5e6")
    for index in range(4):
        page.box(60 + 180 * index, 100, 181, 160, fill="#ffffff", outline="#c8ced3")
    percepts = assemble(page.pixels, [])
    for index in range(4):
        surface_at(percepts, Box(60 + 180 * index, 100, 181, 160))
    assert len(percepts.surfaces) == 4


def test_a_fieldset_whose_legend_interrupts_its_border():
    page = DrawnPage()
    page.box(100, 100, 500, 160, outline="#212529", width=4)
    page.box(130, 96, 90, 12, fill="#ffffff")
    surface = surface_at(assemble(page.pixels, []), Box(100, 100, 500, 160))
    assert surface.border_color == "#212529"
    assert surface.border_width == 4


def test_an_outline_in_two_pieces():
    page = DrawnPage()
    page.box(100, 100, 500, 160, outline="#212529", width=4)
    page.box(130, 96, 90, 12, fill="#ffffff")
    page.box(560, 220, 60, 60, fill="#ffffff")
    surface_at(assemble(page.pixels, []), Box(100, 100, 500, 160))


def test_strokes_that_close_no_box_are_no_surface():
    page = DrawnPage()
    page.draw.line((100, 100, 100, 300), fill="#212529", width=4)
    page.draw.line((100, 300, 500, 300), fill="#212529", width=4)
    assert assemble(page.pixels, []).surfaces == ()


def test_the_page_beside_photos_or_above_a_rule_is_no_surface():
    page = DrawnPage()
    page.box(0, 0, 200, 600, fill="#bd5d38")
    page.draw.line((200, 400, 899, 400), fill="#dddddd")
    assert [s.fill for s in assemble(page.pixels, []).surfaces] == ["#bd5d38"]

    page = DrawnPage()
    page.box(0, 0, 900, 80, fill="#f8f9fa")
    page.noise(450, 80, 450, 260)
    page.noise(0, 340, 450, 260)
    assert [s.fill for s in assemble(page.pixels, []).surfaces] == ["#f8f9fa"]


def test_the_page_beside_a_side_bar_is_no_surface():
    page = DrawnPage(background="#f9f9f9")
    page.box(0, 0, 220, 600, fill="#d84d4d")
    percepts = assemble(page.pixels, [])
    assert percepts.background == "#f9f9f9"
    assert [s.fill for s in percepts.surfaces] == ["#d84d4d"]


@pytest.mark.parametrize(("width", "height"), [(1, 1), (40, 1), (1, 40), (2, 2)])
def test_the_smallest_pictures_hold_nothing(width, height):
    percepts = assemble(np.full((height, width, 3), 200, np.uint8), [])
    assert (percepts.width, percepts.height) == (width, height)
    assert percepts.surfaces == percepts.pictures == ()


def test_a_band_whose_cards_are_cut_by_the_pages_end_is_seen():
    page = DrawnPage()
    page.box(0, 300, 900, 300, fill="#f8f9fa")
    for x in (40, 320, 600):
        page.box(x, 380, 260, 220, fill="#ffffff")
    percepts = assemble(page.pixels, [])
    assert surface_at(percepts, Box(0, 300, 900, 300)).fill == "#f8f9fa"
    assert len(percepts.surfaces) == 4


def test_a_large_flat_disc_is_a_surface_and_the_sign_on_it_an_icon():
    page = DrawnPage()
    large = Image.new("RGB", (512, 512), "#ffffff")
    ImageDraw.Draw(large).ellipse((0, 0, 511, 511), fill="#ffc800")
    page.image.paste(large.resize((128, 128), Image.Resampling.BOX), (300, 200))
    page.draw.polygon([(340, 250), (390, 250), (380, 290), (350, 290)], fill="#ffffff")
    percepts = assemble(page.pixels, [])
    disc = surface_at(percepts, Box(300, 200, 128, 128))
    assert disc.fill == "#ffc800"
    assert disc.radius == pytest.approx(64, abs=2)
    assert [p.kind for p in percepts.pictures] == [PictureKind.ICON]
    assert percepts.pictures[0].box.iou(Box(340, 250, 51, 41)) > 0.8


def test_a_round_letter_as_high_as_its_line_is_no_surface():
    page = DrawnPage()
    page.box(140, 100, 31, 31, fill="#212529", radius=15)
    page.box(147, 107, 17, 17, fill="#ffffff", radius=8)
    ink = Box(100, 100, 240, 31)
    found = find_surfaces(
        page.pixels,
        flat_map(page.pixels),
        find_boxes(page.pixels, flat_map(page.pixels)),
        (255, 255, 255),
    )
    assert visible_surfaces(found, [])
    assert not visible_surfaces(found, [ink])


def test_a_light_page_shows_between_strong_bands_and_a_white_one_between_tinted_bands():
    strong = DrawnPage()
    strong.box(0, 0, 900, 300, fill="#1abc9c")
    strong.box(0, 420, 900, 180, fill="#1abc9c")
    tinted = DrawnPage()
    tinted.box(0, 0, 900, 240, fill="#f3f4f6")
    tinted.box(0, 400, 900, 200, fill="#f3f4f6")
    dark = DrawnPage(background="#1e1e24")
    dark.box(200, 100, 500, 400, fill="#ffffff")
    pages = [assemble(page.pixels, []) for page in (strong, tinted, dark)]
    assert [page.background for page in pages] == ["#ffffff", "#ffffff", "#1e1e24"]
    assert [s.fill for s in pages[0].surfaces] == ["#1abc9c", "#1abc9c"]


def test_a_white_side_bar_leaves_the_page_its_tint():
    page = DrawnPage(background="#f3f4f6")
    page.box(0, 0, 220, 600, fill="#ffffff")
    page.box(0, 0, 900, 50, fill="#ffffff")
    assert assemble(page.pixels, []).background == "#f3f4f6"
