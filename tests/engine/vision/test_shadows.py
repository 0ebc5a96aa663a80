import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from engine.vision.perception.flatmap import flat_map
from engine.vision.perception.perceive import assemble
from engine.vision.perception.shadows import find_shadowed
from engine.vision.percepts import Box

SIZE = (900, 600)


def page_of(*cards, x=0, y=8, blur=20, alpha=0.15, radius=12):
    """A white page with white cards that throw this shadow."""
    page = Image.new("L", SIZE, 255)
    for box in cards:
        cover = Image.new("L", SIZE, 0)
        cast = (box.x + x, box.y + y, box.right + x - 1, box.bottom + y - 1)
        ImageDraw.Draw(cover).rounded_rectangle(cast, radius, fill=round(255 * alpha))
        # A shadow's blur is twice its standard deviation (CSS Backgrounds 3, 6.1.1).
        page.paste(0, mask=cover.filter(ImageFilter.GaussianBlur(blur / 2)))
        ImageDraw.Draw(page).rounded_rectangle(
            (box.x, box.y, box.right - 1, box.bottom - 1), radius, fill=255
        )
    return np.repeat(np.asarray(page)[..., None], 3, axis=2).copy()


def surfaces_of(pixels):
    return assemble(np.ascontiguousarray(pixels), []).surfaces


@pytest.mark.parametrize(
    ("y", "blur", "alpha", "radius"),
    [(20, 27, 0.05, 16), (8, 26, 0.15, 12), (2, 12, 0.12, 6), (7, 23, 0.05, 20)],
)
def test_a_white_card_that_only_its_shadow_tells_from_the_page(y, blur, alpha, radius):
    card = Box(100, 80, 360, 280)
    (seen,) = surfaces_of(page_of(card, y=y, blur=blur, alpha=alpha, radius=radius))
    assert seen.box.iou(card) > 0.95
    assert seen.fill == "#ffffff"
    assert not any(seen.border_sides)
    assert seen.radius == pytest.approx(radius, abs=6)


def test_bars_and_cards_whose_shadows_meet():
    boxes = [Box(40, 20, 820, 56), Box(40, 120, 400, 300), Box(460, 120, 400, 300)]
    seen = [surface.box for surface in surfaces_of(page_of(*boxes))]
    assert len(seen) == len(boxes)
    assert all(any(box.iou(other) > 0.95 for other in seen) for box in boxes)


def test_a_card_whose_right_side_a_photo_covers():
    card = Box(100, 80, 600, 300)
    pixels = page_of(card)
    noise = np.random.default_rng(5).integers(0, 200, (500, 300, 3), dtype=np.uint8)
    pixels[40:370, 600:900] = noise[:330]
    assert any(surface.box.iou(card) > 0.9 for surface in surfaces_of(pixels))


@pytest.mark.parametrize("radius", [6, 24])
def test_a_glass_bar_half_on_a_dark_ground(radius):
    bar = Box(60, 30, 780, 60)
    pixels = page_of(bar, y=4, blur=10, radius=radius)
    ground = np.full_like(pixels, 0)
    ground[:] = np.array([120, 40, 160]) + np.arange(SIZE[0])[:, None] % 40
    x, y, right, bottom = int(bar.x), int(bar.y), int(bar.right), int(bar.bottom)
    cover = Image.new("L", SIZE, 0)
    ImageDraw.Draw(cover).rounded_rectangle((x, y, right - 1, bottom - 1), radius, fill=255)
    inside = np.asarray(cover) > 0
    ground[inside] = 255 - (255 - ground[inside]) // 8
    pixels[:300, 560:] = ground[:300, 560:]

    (found,) = find_shadowed(pixels, flat_map(pixels), [])
    assert found.surface.box.iou(bar) > 0.9
    assert found.surface.fill == "#ffffff"


def test_slanted_and_faded_edges_are_no_boxes():
    card = Box(200, 120, 360, 280)
    shown = Image.fromarray(page_of(card))
    turned = np.asarray(shown.rotate(3, Image.Resampling.BICUBIC, fillcolor=(255,) * 3))
    assert surfaces_of(turned) == ()
    faded = np.full((*SIZE[::-1], 3), 255, np.uint8)
    faded[200:260] = np.linspace(225, 255, 60).astype(np.uint8)[:, None, None]
    assert not any(surface.fill == "#ffffff" for surface in surfaces_of(faded))
