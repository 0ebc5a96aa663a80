import pytest

from engine.vision.perception.faint import without_faint
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.drawn_page import DrawnPage


def seen(page, box, kind=PictureKind.ICON):
    return without_faint(page.pixels, [Picture(box, kind, "#000000")])


@pytest.mark.parametrize(("color", "stays"), [("#f0f0f0", False), ("#d0d0d0", True)])
def test_an_icon_stands_out_from_its_ground(color, stays):
    page = DrawnPage(100, 100)
    page.box(40, 40, 16, 16, fill=color)
    assert bool(seen(page, Box(40, 40, 16, 16))) is stays


def test_a_thin_arc_stands_out_farther():
    page = DrawnPage(100, 100)
    page.draw.arc((40, 40, 63, 63), 180, 270, fill="#dcdcdc")
    assert not seen(page, Box(40, 40, 12, 12))
    page.box(40, 40, 12, 12, fill="#dcdcdc")
    assert seen(page, Box(40, 40, 12, 12))


def test_a_photo_may_be_faint():
    page = DrawnPage(100, 100)
    page.box(10, 10, 80, 80, fill="#f0f0f0")
    assert seen(page, Box(10, 10, 80, 80), PictureKind.PHOTO)
