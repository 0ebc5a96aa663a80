"""Decodes a checked image to the pixels that a viewer would show."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging.errors import invalid
from engine.imaging.header import ImageFormat, ImageHeader, inspect

Pixels = NDArray[np.uint8]
"""Height x width x 3, BGR, 8 bits."""

_TRANSPOSE_FIRST = {5, 6, 7, 8}
_FLIP_AFTER: dict[int, int] = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}


def decode(data: bytes, header: ImageHeader | None = None) -> Pixels:
    """Returns BGR pixels: alpha flattened on white, 16 bits reduced, EXIF orientation applied.

    `header` is what `inspect` said of the data, where that is known.

    Raises:
        ImageError: as `inspect`, and `INVALID_IMAGE` when the pixel data is damaged.
    """
    header = header or inspect(data)
    flags = cv2.IMREAD_UNCHANGED
    if header.format is ImageFormat.JPEG:
        # Lets OpenCV convert grey, YCCK and CMYK; orientation is applied below for all formats.
        flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        raw = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise invalid("The image's pixel data is damaged.", format=header.mime_type) from error
    if raw is None or raw.shape[:2] != (header.height, header.width):
        raise invalid("The image's pixel data is damaged.", format=header.mime_type)
    return _orient(_to_bgr(_to_8_bits(raw)), header.orientation)


def _to_8_bits(raw: NDArray[np.generic]) -> Pixels:
    if raw.dtype == np.uint16:
        # 65535 / 255 = 257 exactly: rounds as the PNG specification's sample depth scaling does.
        return ((raw.astype(np.uint32) + 128) // 257).astype(np.uint8)
    return raw.astype(np.uint8, copy=False)


def _to_bgr(raw: Pixels) -> Pixels:
    if raw.ndim == 2:
        return np.asarray(cv2.cvtColor(raw, cv2.COLOR_GRAY2BGR), np.uint8)
    if raw.shape[2] == 3:
        return np.ascontiguousarray(raw)
    if raw.shape[2] == 2:
        color = np.repeat(raw[:, :, :1], 3, axis=2)
        return _flatten(color, raw[:, :, 1])
    return _flatten(raw[:, :, :3], raw[:, :, 3])


def _flatten(color: Pixels, alpha: Pixels) -> Pixels:
    if (alpha == 255).all():
        return np.ascontiguousarray(color)
    weight = alpha.astype(np.uint16)[:, :, None]
    mixed = color.astype(np.uint16) * weight + 255 * (255 - weight)
    return ((mixed + 127) // 255).astype(np.uint8)


def _orient(pixels: Pixels, orientation: int) -> Pixels:
    if orientation in _TRANSPOSE_FIRST:
        pixels = np.asarray(cv2.transpose(pixels), np.uint8)
    if orientation in _FLIP_AFTER:
        pixels = np.asarray(cv2.flip(pixels, _FLIP_AFTER[orientation]), np.uint8)
    return pixels
