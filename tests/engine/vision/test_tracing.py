"""Outlines traced from icons."""

import cv2
import numpy as np

from engine.vision.perception.tracing import trace
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage


def drawn(path, width, height, scale=8):
    """The outline painted with the non-zero rule."""
    mask = np.zeros((height * scale, width * scale), np.int32)
    for part in path.removesuffix("z").split("z"):
        points = [[float(v) * scale for v in p.split()] for p in part[1:].split("L")]
        outline = np.array(points)
        turn = np.roll(outline, -1, axis=0)
        area = (outline[:, 0] * turn[:, 1] - turn[:, 0] * outline[:, 1]).sum()
        filled = np.zeros(mask.shape, np.uint8)
        cv2.fillPoly(filled, [np.rint(outline).astype(np.int32)], 1)
        mask += filled.astype(np.int32) * int(np.sign(area))
    return cv2.resize((mask != 0).astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)


def test_an_icon_is_traced_with_its_holes():
    page = DrawnPage(200, 100, background="#102030")
    page.draw.ellipse((100, 40, 123, 63), fill="#ffcc00")
    page.draw.ellipse((107, 47, 116, 56), fill="#102030")
    traced = trace(page.pixels, Box(100, 40, 24, 24))
    assert traced.color == "#ffcc00"
    assert traced.path.count("M") == 2
    inked = (page.pixels[40:64, 100:124] == (0, 204, 255)).all(axis=2)
    assert np.abs(drawn(traced.path, 24, 24) - inked).mean() < 0.04


def test_an_icon_of_several_colours_has_no_outline():
    page = DrawnPage(200, 100)
    page.box(100, 40, 12, 24, fill="#dd2222")
    page.box(112, 40, 12, 24, fill="#2255dd")
    assert trace(page.pixels, Box(100, 40, 24, 24)).path == ""


def test_what_stands_on_a_photo_is_not_traced():
    page = DrawnPage(200, 100)
    page.noise(0, 0, 200, 100)
    assert trace(page.pixels, Box(100, 40, 24, 24)) is None
