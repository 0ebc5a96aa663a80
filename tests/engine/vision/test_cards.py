"""What belongs to a card, a caption and a header that others lie over."""

import pytest
from PIL import Image, ImageDraw, ImageFilter

from engine.vision.perception.fills import shadow_of
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage


def boxes_of(page):
    return [surface.box for surface in assemble(page.pixels, []).surfaces]


def seen(page, box):
    return any(found.iou(box) > 0.95 for found in boxes_of(page))


def with_shadows(page, *boxes, blur=16, alpha=0.15):
    cover = Image.new("L", page.image.size, 0)
    for box in boxes:
        cast = (box.x, box.y + 4, box.right - 1, box.bottom + 3)
        ImageDraw.Draw(cover).rectangle(cast, fill=round(255 * alpha))
    # A shadow's blur is twice its standard deviation (CSS Backgrounds 3, 6.1.1).
    page.image.paste("#303742", mask=cover.filter(ImageFilter.GaussianBlur(blur / 2)))


def test_a_caption_below_its_picture_is_a_box_of_its_own():
    page = DrawnPage(background="#f3f4f6")
    page.noise(100, 100, 300, 180)
    page.box(100, 280, 300, 90, fill="#ffffff")

    assert seen(page, Box(100, 280, 300, 90))
    assert not seen(page, Box(100, 100, 300, 270))


@pytest.mark.parametrize(
    ("picture", "caption"), [((100, 148), (100, 100, 300, 48)), ((100, 100), (100, 280, 300, 90))]
)
def test_a_head_or_an_outline_makes_a_card_with_its_picture(picture, caption):
    page = DrawnPage(background="#f3f4f6")
    page.noise(*picture, 300, 180)
    outlined = "#c0c4c8" if caption[1] > picture[1] else None
    page.box(*caption, fill="#ffffff", outline=outlined)

    box = Box(*caption)
    assert seen(page, box.union(Box(*picture, 300, 180)))


def test_cards_whose_shadows_meet_hold_their_pictures_and_what_is_beyond():
    page = DrawnPage()
    cards = [Box(100, 100, 300, 360), Box(416, 100, 300, 360)]
    with_shadows(page, *cards)
    for card in cards:
        page.box(card.x, card.y, card.w, card.h, fill="#ffffff")
        page.noise(int(card.x), 160, 300, 180)

    assert all(shadow_of(page.pixels, card) for card in cards)
    assert [box for box in boxes_of(page) if box.h > 100] == cards


@pytest.mark.parametrize(("fill", "radius"), [("#f8f9fa", 16), ("#fafafa", 24), ("#f4f5f7", 8)])
def test_a_pale_card_does_not_leak_through_its_round_corners(fill, radius):
    page = DrawnPage()
    fourfold = Image.new("RGB", (1200, 800), "#ffffff")
    ImageDraw.Draw(fourfold).rounded_rectangle((0, 0, 1199, 799), 4 * radius, fill=fill)
    page.image.paste(fourfold.resize((300, 200), Image.Resampling.BOX), (100, 100))

    assert seen(page, Box(100, 100, 300, 200))


def test_a_shadow_does_not_come_apart_into_lines():
    page = DrawnPage()
    card = Box(100, 100, 400, 300)
    with_shadows(page, card, blur=48, alpha=0.1)
    page.box(100, 100, 400, 300, fill="#ffffff", radius=4)

    (surface,) = assemble(page.pixels, []).surfaces
    assert surface.box.iou(card) > 0.95
    assert surface.shadow
    assert not any(surface.border_sides)


@pytest.mark.parametrize(("height", "top"), [(300, 240), (110, 70)])
def test_a_header_whose_lower_edge_cards_hide(height, top):
    page = DrawnPage(width=1000, background="#f8f9fa")
    page.box(200, 0, 800, height, fill="#5e72e4")
    for x in (230, 490, 750):
        page.box(x, top, 230, 200, fill="#ffffff")

    assert seen(page, Box(200, 0, 800, height))


@pytest.mark.parametrize(
    "arrow",
    [
        pytest.param([(220, 250), (242, 250), (231, 261)], id="below"),
        pytest.param([(220, 100), (242, 100), (231, 89)], id="above"),
        pytest.param([(100, 160), (100, 184), (88, 172)], id="left"),
        pytest.param([(379, 160), (379, 184), (391, 172)], id="right"),
    ],
)
def test_a_bubble_is_a_box_without_its_arrow(arrow):
    page = DrawnPage()
    page.box(100, 100, 280, 150, fill="#434a54", radius=4)
    page.draw.polygon(arrow, fill="#434a54")

    assert seen(page, Box(100, 100, 280, 150))


def test_a_disc_is_no_bubble():
    page = DrawnPage()
    page.draw.ellipse((100, 100, 339, 339), fill="#434a54")

    assert not seen(page, Box(100, 100, 240, 240))


def test_a_card_below_a_tall_grey_picture_is_as_light_as_the_page():
    page = DrawnPage(background="#f0f0f0")
    page.box(100, 100, 250, 280, fill="#cccccc")
    page.box(100, 380, 250, 200, fill="#fefefe")

    fills = {surface.box.h: surface.fill for surface in assemble(page.pixels, []).surfaces}
    assert fills[480] == "#fefefe"


def test_a_slanted_edge_is_no_hidden_one():
    page = DrawnPage(width=1000, background="#f8f9fa")
    page.draw.polygon([(200, 0), (999, 0), (999, 200), (200, 300)], fill="#5e72e4")

    assert not seen(page, Box(200, 0, 800, 300))


def test_a_border_before_a_shadow_is_seen_on_all_sides():
    page = DrawnPage()
    field = Box(100, 100, 384, 38)
    with_shadows(page, Box(100, 97, 384, 38), blur=2, alpha=0.05)
    page.box(100, 100, 384, 38, fill="#ffffff", outline="#e5e7eb")
    found = [item for item in assemble(page.pixels, []).surfaces if item.box == field]

    assert [item.border_sides for item in found] == [(True, True, True, True)]
