import numpy as np
import pytest

from engine.fidelity.boxes import F1, match
from engine.fidelity.measured import Control, Page, Picture, Surface
from engine.fidelity.paint import pictures_f1, surfaces_f1
from engine.fidelity.painted import shows
from engine.fidelity.similarity import ssim_without_pictures
from engine.geometry import Box

CARD = Surface(Box(100, 100, 300, 200), "#eeeeee")


def page(**parts):
    return Page(width=1280, height=900, **parts)


def test_a_card_of_like_box_and_colour_is_found():
    near = Surface(Box(104, 103, 300, 198), "#ededed")

    assert surfaces_f1(page(surfaces=(near,)), page(surfaces=(CARD,))) == F1(1, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Surface(Box(100, 100, 300, 200), "#3366cc"), id="colour"),
        pytest.param(Surface(Box(100, 100, 150, 200), "#eeeeee"), id="box"),
        pytest.param(Surface(Box(100, 100, 300, 200), None, border="#000000"), id="no fill"),
    ],
)
def test_a_card_of_other_box_or_colour_is_not(other):
    assert surfaces_f1(page(surfaces=(other,)), page(surfaces=(CARD,))) == F1(0, 1, 1)


def test_wrappers_painted_alike_count_once():
    inner = Surface(Box(101, 101, 298, 198), "#eeeeee")

    assert surfaces_f1(page(surfaces=(CARD, inner)), page(surfaces=(CARD,))) == F1(1, 1, 1)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        pytest.param([(0, 100, "#eeeeee"), (100, 150, "#eeeeee")], F1(1, 1, 1), id="alike"),
        pytest.param(
            [(0, 100, "#eeeeee"), (100, 150, "#dddddd")], F1(0, 2, 2), id="of two colours"
        ),
        pytest.param([(0, 100, "#eeeeee"), (110, 140, "#eeeeee")], F1(0, 2, 2), id="apart"),
    ],
)
@pytest.mark.parametrize("upright", [False, True])
def test_boxes_that_touch_and_are_painted_alike_are_one(cells, found, upright):
    def box(start, length):
        return Box(100, start, 90, length) if upright else Box(start, 100, length, 90)

    row = page(surfaces=tuple(Surface(box(start, size), fill) for start, size, fill in cells))
    whole = page(surfaces=(Surface(box(0, 250), "#eeeeee"),))

    assert surfaces_f1(whole, row) == F1(found.matched, 1, found.wanted)
    assert surfaces_f1(row, whole) == F1(found.matched, found.made, 1)


def test_a_border_parts_boxes_that_touch():
    row = [Surface(Box(x, 100, 100, 60), "#eeeeee", border="#999999") for x in (100, 200)]

    assert surfaces_f1(page(surfaces=tuple(row)), page(surfaces=tuple(row))) == F1(2, 2, 2)


def test_what_coincides_with_a_control_is_excused():
    button = Surface(Box(500, 500, 120, 40), "#0000ff")
    original = page(surfaces=(CARD,), controls=(Control(Box(500, 500, 120, 40), "button"),))

    assert surfaces_f1(page(surfaces=(CARD, button)), original) == F1(1, 1, 1)


def test_the_paint_of_a_control_stands_for_a_box_and_is_none_too_many():
    link = Surface(CARD.box, CARD.fill, control=True)
    button = Surface(Box(500, 500, 120, 40), "#0000ff", control=True)

    assert surfaces_f1(page(surfaces=(link, button)), page(surfaces=(CARD,))) == F1(1, 1, 1)


@pytest.mark.parametrize(("seen", "found"), [(True, F1(2, 2, 2)), (False, F1(1, 2, 1))])
def test_what_both_screenshots_show_is_neither_missed_nor_too_much(seen, found):
    """A band that is the page itself between two others, and a stripe that is a cell's shadow."""
    band, stripe = (
        Surface(Box(0, 500, 1280, 100), "#ffffff"),
        Surface(Box(200, 700, 400, 40), "#dddddd"),
    )
    pixels = np.full((900, 1280, 3), 238, np.uint8)
    if seen:
        pixels[500:600] = 255
        pixels[700:740, 200:600] = 221
    made, original = page(surfaces=(CARD, stripe)), page(surfaces=(CARD, band))

    assert surfaces_f1(made, original, (pixels, pixels)) == found


@pytest.mark.parametrize(
    "painted",
    [
        pytest.param(np.s_[700:760, 200:600], id="longer"),
        pytest.param(np.s_[700:740, 200:1280], id="wider"),
        pytest.param(np.s_[700:740, 300:600], id="narrower"),
        pytest.param(np.s_[:], id="everything"),
        pytest.param(np.s_[0:0], id="nothing"),
    ],
)
def test_a_box_is_shown_where_all_its_sides_are(painted):
    pixels = np.full((900, 1280, 3), 255, np.uint8)
    pixels[painted] = 221

    assert not shows(pixels, Surface(Box(200, 700, 400, 40), "#dddddd"))


def test_the_pages_edge_bounds_a_box_of_its_colour_only():
    pixels = np.full((900, 1280, 3), 255, np.uint8)
    pixels[:60, 40:1280] = 221

    assert shows(pixels, Surface(Box(40, 0, 1240, 60), "#dddddd"))
    assert not shows(pixels, Surface(Box(0, 0, 1280, 60), "#dddddd"))


MENU = Surface(Box(200, 100, 200, 150), "#fbfbfb", border="#999999", shadow=True)


@pytest.mark.parametrize(
    ("color", "wanted"),
    [
        pytest.param(None, 1, id="a closed menu"),
        pytest.param(251, 2, id="its fill"),
        pytest.param(120, 2, id="what covers it, up to its sides"),
    ],
)
def test_only_what_the_originals_screenshot_shows_is_wanted(color, wanted):
    pixels = np.full((900, 1280, 3), 200, np.uint8)
    pixels[100:300, 600:900] = 238
    if color is not None:
        pixels[100:250, 200:400] = color
    card = Surface(Box(600, 100, 300, 200), "#eeeeee")
    original = page(surfaces=(card, MENU))

    assert surfaces_f1(page(surfaces=(card,)), original, (pixels[:1], pixels)).wanted == wanted


def test_a_fill_that_something_covers_may_be_any():
    pixels = np.full((900, 1280, 3), 200, np.uint8)
    pixels[100:250, 200:400] = 120
    covered = Surface(MENU.box, "#787878")

    assert surfaces_f1(page(surfaces=(covered,)), page(surfaces=(MENU,)), (pixels, pixels)) == F1(
        1, 1, 1
    )


def test_the_shadow_of_a_photo_is_judged_with_the_photo():
    photo = Picture(Box(500, 100, 300, 200), icon=False)
    shadow = Surface(photo.box, None, shadow=True)
    original = page(surfaces=(CARD, shadow), pictures=(photo,))

    assert surfaces_f1(page(surfaces=(CARD,)), original) == F1(1, 1, 1)


def test_what_coincides_with_a_gradient_is_excused():
    hero = Surface(Box(0, 0, 1280, 400), "#3366cc")
    original = page(surfaces=(CARD,), gradients=(hero.box,))

    assert surfaces_f1(page(surfaces=(CARD, hero)), original) == F1(1, 1, 1)


def test_pictures_and_icons_are_told_apart_as_the_original_does():
    original = page(
        pictures=(Picture(Box(0, 0, 400, 300), icon=False), Picture(Box(500, 0, 20, 20), icon=True))
    )
    made = page(pictures=(Picture(Box(0, 0, 400, 290), icon=False),))

    assert pictures_f1(made, original) == (F1(1, 1, 2), F1(1, 1, 1), F1(0, 0, 1))


def test_an_icon_may_be_as_large_as_its_box_or_as_its_ink():
    sign = Picture(Box(100, 100, 14, 21), icon=True, ink=Box(101, 104, 12, 12))

    for box in (Box(100, 100, 14, 21), Box(101, 104, 12, 12)):
        made = page(pictures=(Picture(box, icon=True),))
        assert pictures_f1(made, page(pictures=(sign,)))[2] == F1(1, 1, 1)


def test_a_painted_box_in_place_of_an_image_is_its_placeholder():
    original = page(pictures=(Picture(Box(0, 0, 400, 300), icon=False),))
    made = page(surfaces=(Surface(Box(0, 0, 400, 300), "#cccccc"), CARD))

    assert pictures_f1(made, original)[1] == F1(1, 1, 1)


def test_what_is_drawn_on_a_placeholder_is_part_of_it():
    tile = Picture(Box(100, 100, 40, 40), icon=False)
    sign = Picture(Box(110, 110, 20, 20), icon=True)
    beside = Picture(Box(200, 110, 20, 20), icon=True)
    drawn = page(surfaces=(Surface(tile.box, "#ffeeee"),), pictures=(sign, beside))

    assert pictures_f1(drawn, page(pictures=(tile,)))[0] == F1(1, 2, 1)


def test_an_icon_that_is_a_painted_tile_may_be_a_box_with_a_sign() -> None:
    tile = Picture(Box(100, 100, 56, 56), icon=True)
    sign = Picture(Box(115, 118, 26, 20), icon=True)
    drawn = page(surfaces=(Surface(tile.box, "#63c2de"),), pictures=(sign,))

    assert pictures_f1(drawn, page(pictures=(tile,)))[2] == F1(1, 1, 1)
    assert pictures_f1(page(pictures=(sign,)), page(pictures=(tile,)))[2] == F1(0, 1, 1)


def test_matching_is_one_to_one_and_best_in_sum():
    values = {(0, 0): 0.9, (0, 1): 0.8, (1, 0): 0.85}

    matching = match([0, 1], [0, 1], lambda a, b: values.get((a, b), 0.0))

    assert set(matching.pairs) == {(0, 1), (1, 0)}
    assert matching.f1().value == 1


def test_f1_of_nothing_is_perfect_and_of_noise_zero():
    assert F1(0, 0, 0).value == 1
    assert F1(0, 3, 0).value == 0
    assert F1(0, 3, 0).recall == 0


def _noise(seed, height=400, width=640):
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_ssim_of_equal_pictures_is_one():
    pixels = _noise(1)

    assert ssim_without_pictures(pixels, pixels, []) == pytest.approx(1)


def test_masked_pictures_do_not_count():
    original = np.full((400, 640, 3), 255, dtype=np.uint8)
    made = original.copy()
    made[100:300, 100:500] = _noise(2, 200, 400)

    assert ssim_without_pictures(made, original, []) < 0.9
    # Blurring carries a little of the picture beyond its box.
    assert ssim_without_pictures(made, original, [Box(60, 60, 480, 280)]) > 0.99


def test_a_page_of_wrong_length_loses():
    original = np.full((400, 640, 3), 255, dtype=np.uint8)
    longer = np.full((800, 640, 3), 255, dtype=np.uint8)

    assert ssim_without_pictures(longer, original, []) < 0.6


def test_a_page_that_is_one_picture_says_nothing_about_ssim():
    original = np.zeros((400, 600, 3), dtype=np.uint8)
    longer = np.full((500, 600, 3), 255, dtype=np.uint8)
    assert ssim_without_pictures(longer, original, [Box(0, 0, 600, 400)]) == 1


def test_a_field_stands_for_the_checkbox_that_the_original_draws():
    made = page(controls=(Control(Box(20, 20, 16, 16), "input"),))
    original = page(pictures=(Picture(Box(20, 20, 16, 16), icon=True),))

    assert pictures_f1(made, original)[2] == F1(1, 1, 1)
