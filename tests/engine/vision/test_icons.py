"""Icons: which marks are one, and which are none."""

import pytest
from PIL import Image, ImageDraw

from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.perception.trimming import join_overlapping
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage


def pictures_in(percepts, box):
    return [p for p in percepts.pictures if box.contains(p.box, 2)]


def test_a_solid_icon_with_holes_is_one_icon_and_no_box():
    page = DrawnPage(background="#f5f5f5")
    page.box(50, 50, 300, 300, fill="#3060c0")
    page.draw.ellipse((100, 100, 131, 131), fill="#ffffff")
    page.draw.ellipse((107, 108, 113, 114), fill="#3060c0")
    page.draw.ellipse((118, 108, 124, 114), fill="#3060c0")
    percepts = assemble(page.pixels, [])
    (face,) = pictures_in(percepts, Box(95, 95, 45, 45))
    assert face.box.iou(Box(100, 100, 32, 32)) > 0.9
    assert not any(s.box.w < 60 for s in percepts.surfaces)


def test_the_parts_of_a_solid_icon_belong_together():
    page = DrawnPage()
    page.box(100, 107, 28, 24, fill="#c0c4d0")
    page.box(100, 100, 28, 4, fill="#c0c4d0")
    page.box(105, 96, 4, 6, fill="#c0c4d0")
    percepts = assemble(page.pixels, [])
    (sheet,) = pictures_in(percepts, Box(90, 90, 50, 50))
    assert sheet.box.iou(Box(100, 96, 28, 35)) > 0.9


def test_a_plain_swatch_stays_a_box():
    page = DrawnPage()
    page.box(100, 100, 30, 30, fill="#c03060")
    assert [s.box for s in assemble(page.pixels, []).surfaces] == [Box(100, 100, 30, 30)]


def test_a_sign_on_a_round_tile_is_an_icon_on_a_surface():
    page = DrawnPage(background="#e2e8f0")
    page.draw.ellipse((100, 100, 163, 163), fill="#ffffff")
    page.draw.polygon([(120, 140), (132, 120), (144, 140)], fill="#334155")
    percepts = assemble(page.pixels, [])
    assert any(s.box.iou(Box(100, 100, 64, 64)) > 0.9 for s in percepts.surfaces)
    (sign,) = pictures_in(percepts, Box(100, 100, 64, 64))
    assert sign.box.iou(Box(120, 120, 25, 21)) > 0.85
    assert sign.color == "#334155"


def test_a_bright_badge_is_parted_from_the_grey_icon_beneath():
    page = DrawnPage()
    page.draw.polygon([(100, 116), (108, 100), (116, 116)], fill="#6c757d")
    page.box(111, 97, 12, 12, fill="#dc3545", radius=3)
    found = pictures_in(assemble(page.pixels, []), Box(95, 92, 35, 30))
    kinds = {p.kind: p.box for p in found}
    assert kinds[PictureKind.ICON].iou(Box(100, 100, 17, 17)) > 0.8
    assert kinds[PictureKind.SHAPE].iou(Box(111, 97, 12, 12)) > 0.8


def test_a_minus_beside_other_icons_is_one():
    page = DrawnPage()
    page.draw.line((200, 106, 211, 106), fill="#6c757d", width=2)
    page.draw.line((240, 100, 251, 111), fill="#6c757d", width=2)
    page.draw.line((240, 111, 251, 100), fill="#6c757d", width=2)
    page.draw.line((400, 300, 411, 300), fill="#6c757d", width=2)
    found = assemble(page.pixels, []).pictures
    assert sorted(p.box.x for p in found) == [200, pytest.approx(240, abs=1)]


def test_the_bar_of_a_meter_is_a_shape():
    page = DrawnPage()
    page.box(100, 100, 25, 4, fill="#22aa66")
    kinds = [p.kind for p in assemble(page.pixels, []).pictures]
    assert PictureKind.ICON not in kinds


def test_hollow_dots_before_entries_are_shapes():
    page = DrawnPage()
    for y in (100, 130):
        page.draw.ellipse((100, y, 105, y + 5), outline="#333333")
        page.draw.line((200, y, 208, y + 8), fill="#333333", width=2)
    found = assemble(page.pixels, []).pictures
    assert [p.kind for p in found if p.box.x < 150] == [PictureKind.SHAPE] * 2
    assert [p.kind for p in found if p.box.x > 150] == [PictureKind.ICON] * 2


def test_an_icon_on_a_card_is_no_part_of_the_photo_beneath():
    photo, on_card, fragment = Box(0, 0, 900, 400), Box(300, 350, 20, 20), Box(40, 380, 90, 60)
    card = Box(200, 300, 300, 200)
    assert join_overlapping([photo, on_card, fragment], [card]) == [
        Box(0, 0, 900, 440),
        on_card,
    ]


def test_a_badge_is_parted_from_the_chevron_beside_it():
    page = DrawnPage(background="#343a40")
    page.draw.ellipse((100, 100, 121, 119), fill="#6c757d")
    page.text(107, 103, "7", 13, "#ffffff")
    page.draw.line((125, 104, 131, 110), fill="#c2c7d0", width=2)
    page.draw.line((131, 110, 125, 116), fill="#c2c7d0", width=2)
    found = OcrLine(Box(104, 101, 16, 18), (OcrChar("7", 111, 0.99),), 0.9, 0.99)
    (chevron,) = pictures_in(assemble(page.pixels, [found]), Box(90, 90, 60, 40))
    assert chevron.box.iou(Box(124, 103, 9, 15)) > 0.7


def ring(letter, confidence):
    page = DrawnPage(300, 80)
    page.draw.ellipse((100, 30, 115, 45), outline="#222222", width=2)
    found = OcrLine(Box(94, 24, 28, 28), (OcrChar(letter, 108, confidence),), 0.9, confidence)
    return assemble(page.pixels, [found])


def test_a_sign_as_wide_as_high_is_no_figure():
    assert ring("0", 0.85).lines == ()
    assert [p.kind for p in ring("0", 0.85).pictures] == [PictureKind.ICON]


def test_an_unread_icon_of_several_strokes_before_a_line():
    page = DrawnPage(400, 80)
    page.box(20, 22, 6, 16, outline="#222222")
    page.box(29, 22, 7, 7, outline="#222222")
    page.box(29, 32, 7, 6, outline="#222222")
    page.text(48, 20, "Preview", 18)
    chars = tuple(OcrChar(c, 53 + 9.3 * i, 0.99) for i, c in enumerate("Preview"))
    percepts = assemble(page.pixels, [OcrLine(Box(16, 16, 110, 30), chars, 0.9, 0.99)])
    (read_line,) = percepts.lines
    assert read_line.box.x >= 46
    assert any(p.box.iou(Box(20, 22, 16, 16)) > 0.8 for p in percepts.pictures)


def test_stars_in_a_card_that_a_placeholder_nearly_fills():
    page = DrawnPage()
    page.box(100, 100, 260, 400, fill="#ffffff", outline="#dddddd")
    page.box(101, 101, 258, 180, fill="#dee2e6")
    page.text(190, 180, "450 x 300", 20, "#6c757d")
    chars = tuple(OcrChar(c, 195 + 9.5 * i, 0.99) for i, c in enumerate("450 x 300"))
    page.text(180, 345, "Special item", 18)
    name = tuple(OcrChar(c, 185 + 8.8 * i, 0.99) for i, c in enumerate("Special item"))
    for index in range(5):
        x = 180 + 20 * index
        page.draw.polygon([(x, 330), (x + 8, 314), (x + 16, 330)], fill="#ffc107")
    size = OcrLine(Box(184, 174, 110, 32), chars, 0.9, 0.99)
    percepts = assemble(page.pixels, [size, OcrLine(Box(176, 341, 120, 28), name, 0.9, 0.99)])
    assert len(pictures_in(percepts, Box(170, 305, 120, 30))) == 5


def test_the_last_star_of_a_rating_may_be_half():
    page = DrawnPage()
    for x in (100, 118, 136, 154):
        page.box(x, 100, 15, 14, fill="#ffa426")
    page.box(172, 100, 7, 14, fill="#ffa426")
    stars = assemble(page.pixels, []).pictures
    assert [star.box.w for star in stars] == [15, 15, 15, 15, 7]


def small(page, x, y, side, corners, color="#333333"):
    """Draws a polygon with soft edges; corners count from (x, y)."""
    fine = Image.new("L", (side * 8, side * 8))
    # Pillow paints the edge as well.
    ImageDraw.Draw(fine).polygon([(8 * a - 0.5, 8 * b - 0.5) for a, b in corners], fill=255)
    page.image.paste(color, (x, y), fine.resize((side, side), Image.Resampling.BOX))


def test_a_triangle_of_borders_is_a_shape_and_an_arrow_of_strokes_an_icon():
    page = DrawnPage()
    small(page, 100, 100, 16, [(0, 0), (10, 0), (5, 5)])
    small(page, 200, 100, 16, [(0, 0), (8, 8), (16, 0), (13, 0), (8, 5), (3, 0)])
    small(page, 300, 100, 16, [(1, 0), (5, 4), (1, 8), (0, 7), (3, 4), (0, 1)])
    caret, *arrows = sorted(assemble(page.pixels, []).pictures, key=lambda p: p.box.x)
    assert (caret.shape, caret.path) == ("triangle", "M0 0L10 0L5 5z")
    assert [arrow.shape for arrow in arrows] == ["chevron-down", "chevron-right"]
    assert all(arrow.kind is PictureKind.ICON for arrow in arrows)


def test_an_icon_on_a_card_that_lies_half_on_a_band_is_whole():
    page = DrawnPage()
    page.box(0, 200, 900, 300, fill="#e9edf2")
    page.box(100, 160, 90, 80, fill="#2563eb")
    page.box(130, 198, 31, 3, fill="#ffffff")
    page.box(130, 204, 31, 18, outline="#ffffff", width=3)
    percepts = assemble(page.pixels, [])
    assert any(s.box == Box(0, 200, 900, 300) for s in percepts.surfaces)
    (stack,) = pictures_in(percepts, Box(101, 161, 88, 78))
    assert stack.box.iou(Box(130, 198, 31, 24)) > 0.9


def test_the_faint_tile_before_a_field_is_no_part_of_the_sign_on_it():
    page = DrawnPage()
    page.box(101, 101, 40, 37, fill="#f9fbfd")
    # Soft corners let the fill through the outline.
    for side in ((103, 100, 140, 100), (100, 103, 100, 134), (103, 137, 140, 137)):
        page.draw.line(side, fill="#f1f4f8")
    page.draw.ellipse((112, 111, 127, 126), outline="#506690", width=2)
    page.box(141, 100, 300, 38, fill="#ffffff", outline="#d2dbe5")
    (sign,) = assemble(page.pixels, []).pictures
    assert sign.box.iou(Box(112, 111, 16, 16)) > 0.9


def test_a_hollow_bullet_is_a_shape_and_a_tick_an_icon():
    page = DrawnPage()
    page.draw.ellipse((100, 100, 105, 105), outline="#222222")
    page.draw.line((200, 104, 203, 107, 209, 101), fill="#22aa66", width=2)
    bullet, tick = assemble(page.pixels, []).pictures
    assert (bullet.kind, bullet.circular) == (PictureKind.SHAPE, True)
    assert tick.kind is PictureKind.ICON


def test_an_upright_bar_is_no_icon():
    page = DrawnPage(200, 100)
    page.box(100, 40, 3, 16, fill="#666666")
    (bar,) = assemble(page.pixels, []).pictures
    assert bar.kind is PictureKind.SHAPE
