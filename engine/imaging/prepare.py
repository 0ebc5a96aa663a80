"""Shrinks a picture to what a vision model should be sent."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from engine.imaging.decode import Pixels
from engine.imaging.header import ImageFormat

_QUALITIES = (90, 80, 70, 60, 50, 40)
# Each attempt that misses the byte budget shrinks both sides by this.
_STEP = 0.8
_MIN_SIDE = 64


@dataclass(frozen=True, slots=True)
class AiImage:
    """An encoded picture; `scale` is its width over the source's (at most 1)."""

    data: bytes
    format: ImageFormat
    width: int
    height: int
    scale: float


def prepare_for_ai(
    pixels: Pixels, max_bytes: int = 1_500_000, max_pixels: int = 3_000_000
) -> AiImage:
    """Returns the picture within both budgets, as PNG or JPEG, whichever is smaller.

    PNG keeps text sharp, so it wins ties; JPEG quality falls from 90 to 40
    before the picture is made smaller still.

    Args:
        pixels: BGR, as `decode` returns them.
        max_bytes: Encoded size, at least 4096.
        max_pixels: Width x height, at least 4096.

    Raises:
        ValueError: a budget below its minimum.
    """
    if max_bytes < 4096 or max_pixels < 4096:
        raise ValueError("max_bytes and max_pixels must be at least 4096.")
    height, width = pixels.shape[:2]
    scale = min(1.0, math.sqrt(max_pixels / (width * height)))
    while True:
        resized = _resize(pixels, scale)
        data, image_format = _encode(resized, max_bytes)
        small = max(resized.shape[:2]) <= _MIN_SIDE
        if len(data) <= max_bytes or small:
            return AiImage(
                data, image_format, resized.shape[1], resized.shape[0], resized.shape[1] / width
            )
        scale *= _STEP


def _resize(pixels: Pixels, scale: float) -> Pixels:
    if scale >= 1:
        return pixels
    height, width = pixels.shape[:2]
    size = (max(1, int(width * scale)), max(1, int(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _encode(pixels: Pixels, max_bytes: int) -> tuple[bytes, ImageFormat]:
    png = cv2.imencode(".png", pixels)[1].tobytes()
    jpeg = png
    for quality in _QUALITIES:
        jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
        if len(jpeg) <= max_bytes:
            break
    if len(png) <= len(jpeg):
        return png, ImageFormat.PNG
    return jpeg, ImageFormat.JPEG
