import cv2
import numpy as np
import pytest

from engine.vision.perception.ink import read_ink
from engine.vision.percepts import Box

WHITE, BLUE, PURPLE = (255, 255, 255), (246, 55, 41), (229, 25, 159)


def gradient(width, height, *, steep=1.0):
    """A ground that runs from blue to purple, left to right."""
    share = np.linspace(0, steep, width)[None, :, None]
    row = np.array(BLUE) * (1 - share) + np.array(PURPLE) * share
    return np.repeat(row, height, axis=0).astype(np.uint8)


def lettered(ground, color, *, thickness):
    cv2.putText(ground, "WHAMMING", (2, 26), cv2.FONT_HERSHEY_DUPLEX, 1.0, color, thickness)
    return ground


@pytest.mark.parametrize("steep", [0.05, 0.3, 1.0])
@pytest.mark.parametrize("thickness", [1, 3, 5])
def test_letters_on_a_gradient_have_their_own_colour(steep, thickness):
    page = lettered(gradient(190, 30, steep=steep), WHITE, thickness=thickness)
    ink = read_ink(page, Box(0, 0, 190, 30))
    assert ink.color == WHITE
    assert min(ink.background) < 80


@pytest.mark.parametrize("thickness", [1, 3, 5])
def test_letters_on_a_flat_ground_have_the_painted_colour(thickness):
    page = lettered(np.full((30, 190, 3), BLUE, np.uint8), WHITE, thickness=thickness)
    ink = read_ink(page, Box(0, 0, 190, 30))
    assert (ink.color, ink.background, ink.flat) == (WHITE, BLUE, True)
