"""Small screenshots with real text, made here."""

from __future__ import annotations

import cv2
import numpy as np


def picture(word: str, *, width: int = 320, height: int = 160, rows: int = 1) -> bytes:
    """A PNG with a bar, a title and rows of text."""
    pixels = np.full((height, width, 3), 255, np.uint8)
    cv2.rectangle(pixels, (0, 0), (width, 36), (180, 80, 30), -1)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(pixels, word, (12, 26), font, 0.7, (255, 255, 255), 2, cv2.LINE_AA)
    for row in range(rows):
        at = (12, 70 + 26 * row)
        cv2.putText(pixels, f"Row {row} of {word}", at, font, 0.6, (40, 40, 40), 1, cv2.LINE_AA)
    return cv2.imencode(".png", pixels)[1].tobytes()


def page(word: str) -> bytes:
    """A page that takes a second or more to read."""
    return picture(word, width=1280, height=900, rows=30)
