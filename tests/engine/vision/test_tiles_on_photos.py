import numpy as np
import pytest

from engine.vision.perception.flatmap import flat_map
from engine.vision.perception.tiles_on_photos import find_tiles
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage

PHOTO = Picture(Box(0, 0, 400, 300), PictureKind.PHOTO, "#808080", background=True)
TILE = Box(100, 100, 49, 49)


def photo(*, disc=True, icon=(118, 116, 130, 132), rim="#112233"):
    page = DrawnPage(400, 300)
    page.noise(0, 0, 400, 300)
    corners = (TILE.x, TILE.y, TILE.right - 1, TILE.bottom - 1)
    (page.draw.ellipse if disc else page.draw.rectangle)(corners, fill="#112233")
    page.draw.rectangle((104, 122, 106, 126), fill=rim)
    page.draw.rectangle(icon, fill="#ffffff")
    return page.pixels


def found(pixels, photos=(PHOTO,), text=()):
    return find_tiles(pixels, flat_map(pixels), photos, text)


@pytest.mark.parametrize(("disc", "radius"), [(True, 24.5), (False, 0.0)])
def test_a_tile_with_an_icon_on_a_photo(disc, radius):
    (tile,), (icon,) = found(photo(disc=disc))
    assert tile.surface.box.iou(TILE) > 0.9
    assert tile.surface.fill == "#112233"
    assert tile.surface.radius == pytest.approx(radius, abs=0.5)
    assert icon.box == Box(118, 116, 13, 17)
    assert icon.color == "#ffffff"


def test_what_lies_on_no_photo_or_holds_text_is_no_tile():
    assert found(photo(), photos=()) == ([], [])
    assert found(photo(), text=[Box(116, 114, 16, 20)]) == ([], [])


def test_the_icon_lies_in_the_middle_of_its_tile():
    assert found(photo(icon=(126, 122, 138, 138))) == ([], [])
    assert found(photo(rim="#ffffff")) == ([], [])


def test_a_flat_patch_of_a_photo_is_no_tile():
    pixels = photo(icon=(118, 116, 130, 132)).copy()
    shades = np.random.default_rng(3).integers(0, 255, (17, 13, 3))
    pixels[116:133, 118:131] = shades
    assert found(pixels) == ([], [])
