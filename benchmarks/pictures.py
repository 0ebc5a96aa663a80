"""Pictures made for measuring."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def page_picture(seed: int, *, width: int = 640, height: int = 480) -> NDArray[np.uint8]:
    """Returns a small page with a bar, a card and lines of text, another one for each seed.

    Shape (height, width, 3), BGR, 8 bit.
    """
    drawn = np.full((height, width, 3), 255, np.uint8)
    random = np.random.default_rng(seed)
    color = tuple(int(c) for c in random.integers(30, 160, 3))
    cv2.rectangle(drawn, (0, 0), (width, 56), color, -1)
    cv2.putText(drawn, f"Page {seed}", (24, 38), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (255,) * 3, 2)
    cv2.rectangle(drawn, (24, 88), (width - 24, height - 32), (229, 231, 235), 1)
    for line in range(4):
        text = f"Line {line} says {int(random.integers(1000, 9999))}"
        place = (48, 136 + 56 * line)
        cv2.putText(drawn, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.8, (40, 40, 40), 1, cv2.LINE_AA)
    return drawn


def encode_png(pixels: NDArray[np.uint8]) -> bytes:
    """Returns the pixels as PNG bytes."""
    done, data = cv2.imencode(".png", pixels)
    if not done:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()


def noisy_picture(size: int) -> bytes:
    """Returns a PNG of about `size` bytes: a page with a photograph's worth of noise."""
    page = page_picture(7, width=960, height=720)
    side = int((size / 3.05) ** 0.5)
    noise = np.random.default_rng(7).integers(0, 256, (side, side, 3), np.uint8)
    page[200 : 200 + side, 300 : 300 + side] = noise
    return encode_png(page)
