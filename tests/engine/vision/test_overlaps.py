import cv2
import numpy as np
import pytest

from engine.vision.perception import OcrEngine, perceive
from engine.vision.perception.overhangs import complete
from engine.vision.perception.overlaps import part_avatars
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.test_photo_bands import paste, photo


def pictures(page):
    return [item.box for item in perceive(page.pixels, OcrEngine(threads=1)).pictures]


@pytest.mark.parametrize(("first", "second"), [((60, 60), (370, 140)), ((400, 60), (60, 140))])
def test_photos_set_off_from_each_other_are_two(first, second):
    page = DrawnPage(900, 600)
    paste(page, *first, photo(420, 260, seed=1))
    paste(page, *second, photo(480, 300, seed=2))
    page.text(60, 500, "Two views of the harbour at noon.", 16)
    assert sorted((box.w, box.h) for box in pictures(page)) == [(420, 260), (480, 300)]


def test_a_photo_beside_a_card_is_one():
    page = DrawnPage(900, 600)
    paste(page, 60, 60, photo(420, 360, seed=1))
    page.text(60, 500, "One view of the harbour at noon.", 16)
    assert pictures(page) == [Box(60, 60, 420, 360)]


def test_avatars_that_overlap_are_parted():
    pixels, mask = photo(300, 100), np.zeros((100, 300), np.uint8)
    for place in range(4):
        middle = (80 + 26 * place, 40)
        cv2.circle(mask, middle, 20, 0, -1)
        cv2.circle(mask, middle, 18, 1, -1)
    x, y, width, height = cv2.boundingRect(mask)
    assert part_avatars(pixels, mask, Box(x, y, width, height)) == [
        Box(62 + 26 * place, 22, 37, 37) for place in range(4)
    ]


def test_lettering_is_no_row_of_avatars():
    mask = np.zeros((100, 300), np.uint8)
    for place in range(4):
        cv2.circle(mask, (80 + 26 * place, 40), 18, 1, 3)
    pixels = np.where(mask[:, :, None] > 0, 40, 255).repeat(3, axis=2).astype(np.uint8)
    box = Box(*cv2.boundingRect(mask))
    assert part_avatars(pixels, mask, box) == [box]


def paste_disc(page, x, y, side, seed):
    bright = 255 - photo(side, side, seed) // 2
    under = page.pixels[y : y + side, x : x + side].copy()
    middle = (side // 2, side // 2)
    round_ = cv2.circle(np.zeros((side, side), np.uint8), middle, side // 2, 1, -1) > 0
    under[round_] = bright[round_]
    paste(page, x, y, under)


def test_an_avatar_over_the_edge_of_a_cards_photo_is_parted_from_it():
    page = DrawnPage(900, 700, "#e9ecef")
    page.box(300, 60, 300, 420, fill="#ffffff")
    paste(page, 300, 60, photo(300, 140))
    paste_disc(page, 390, 140, 120, seed=9)
    page.text(400, 290, "Jo Winter", 22)
    page.text(340, 340, "Keeps the harbour since May", 16)
    percepts = perceive(page.pixels, OcrEngine(threads=1))
    cover, avatar = sorted(percepts.pictures, key=lambda item: item.box.y)
    assert cover.box.iou(Box(300, 60, 300, 140)) > 0.95
    assert (avatar.kind, avatar.circular) == (PictureKind.AVATAR, True)
    assert avatar.box.iou(Box(390, 140, 120, 120)) > 0.9


def test_an_avatar_over_the_edge_of_a_cover_is_whole():
    page = DrawnPage(900, 700)
    paste(page, 0, 0, photo(900, 300))
    page.text(60, 60, "Profile of the harbour master", 28, "#ffffff")
    paste_disc(page, 380, 240, 140, seed=9)
    page.text(400, 420, "Jo Winter", 22)
    (avatar,) = [box for box in pictures(page) if box.w < 900]
    assert avatar.iou(Box(380, 240, 140, 140)) > 0.9


def test_a_photo_that_hangs_over_a_cover_is_whole():
    page = DrawnPage(900, 900)
    paste(page, 0, 0, photo(900, 400))
    page.text(60, 60, "Tours around the harbour", 28, "#ffffff")
    paste(page, 200, 220, 255 - photo(380, 420, seed=5) // 3)
    page.text(60, 720, "The boats leave every hour from nine to five.", 16)
    (held,) = [box for box in pictures(page) if box.w < 900]
    assert held.iou(Box(200, 220, 380, 420)) > 0.95


@pytest.mark.parametrize(
    ("x", "behind"),
    [
        pytest.param(340, False, id="over a photo that is no ground"),
        pytest.param(500, True, id="beyond the side of its ground"),
    ],
)
def test_a_photo_below_another_stays_as_it_is(x, behind):
    page = DrawnPage(900, 600)
    paste(page, 300, 60, photo(300, 140))
    paste(page, x, 140, 255 - photo(200, 180, seed=5) // 3)
    above = Picture(Box(300, 60, 300, 140), PictureKind.PHOTO, "#333333")
    below = Picture(Box(x, 200, 200, 120), PictureKind.PHOTO, "#dddddd")
    grounds = [above] if behind else []
    assert complete(page.pixels, [above, below], grounds) == [above, below]
