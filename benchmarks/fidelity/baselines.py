"""Rows that say what the measures themselves are worth.

`lines` is the crude baseline of the specification: every OCR line as an
absolutely positioned box. `self` compares the original with itself.
"""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from engine.geometry import Box

if TYPE_CHECKING:
    from rapidocr import RapidOCR
    from rapidocr.utils.output import RapidOCROutput

# Detected boxes are a little taller than the type's size.
_SIZE_OF_BOX = 0.8


def lines_page(pixels: NDArray[np.uint8]) -> dict[str, bytes]:
    """Returns a page that puts every OCR line where it was seen."""
    found = cast("RapidOCROutput", _ocr()(pixels))
    boxes = () if found.boxes is None else found.boxes
    parts = []
    for corners, text in zip(boxes, found.txts or (), strict=True):
        points = np.asarray(corners, dtype=np.float64)
        x, y = points.min(axis=0)
        right, bottom = points.max(axis=0)
        box = Box(float(x), float(y), float(right - x), float(bottom - y))
        parts.append(_line(str(text), box, _ink(pixels, box)))
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8><title>Lines</title>"
        f"<body style='margin:0;position:relative;height:{pixels.shape[0]}px'>"
        + "".join(parts)
        + "</body></html>"
    )
    return {"index.html": page.encode()}


@cache
def _ocr() -> RapidOCR:
    from rapidocr import RapidOCR  # noqa: PLC0415 - loads models

    return RapidOCR(params={"Global.log_level": "error"})


def _line(text: str, box: Box, color: str) -> str:
    size = box.h * _SIZE_OF_BOX
    return (
        f"<div style='position:absolute;left:{box.x:.0f}px;top:{box.y:.0f}px;"
        f"font:{size:.0f}px/{box.h:.0f}px sans-serif;white-space:nowrap;color:{color}'>"
        f"{html.escape(text)}</div>"
    )


def _ink(pixels: NDArray[np.uint8], box: Box) -> str:
    """Returns the colour that is farthest from the box's most frequent one."""
    part = pixels[int(box.y) : int(box.bottom) + 1, int(box.x) : int(box.right) + 1].reshape(-1, 3)
    if not len(part):
        return "#000000"
    colors, counts = np.unique(part, axis=0, return_counts=True)
    under = colors[counts.argmax()].astype(np.int64)
    blue, green, red = colors[np.abs(colors.astype(np.int64) - under).sum(axis=1).argmax()]
    return f"#{red:02x}{green:02x}{blue:02x}"
