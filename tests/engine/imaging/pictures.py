"""Pictures made by formula, so that golden values need no files."""

import struct
import zlib

import cv2
import numpy as np


def waves(width, height, seed=0):
    """Smooth colour waves: the same on every platform up to rounding."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    channels = [
        127.5 + 127.5 * np.sin(x / (11 + seed + 7 * c) + y / (17 + 3 * seed + c) + c)
        for c in range(3)
    ]
    return np.dstack(channels).round().astype(np.uint8)


def blocks(width, height, seed=0):
    """A page-like picture: white with flat boxes placed by a linear congruence."""
    image = np.full((height, width, 3), 255, np.uint8)
    state = 12345 + seed
    for _ in range(24):
        values = []
        for _ in range(7):
            state = (1103515245 * state + 12345) % 2**31
            values.append(state >> 8)
        x, y = values[0] % width, values[1] % height
        w, h = 8 + values[2] % (width // 3), 4 + values[3] % (height // 6)
        image[y : y + h, x : x + w] = [v % 256 for v in values[4:7]]
    return image


def encode(pixels, extension=".png", *parameters):
    ok, data = cv2.imencode(extension, pixels, list(parameters))
    assert ok
    return data.tobytes()


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height, depth=8, color_type=2, idat=b"", extra=b""):
    """A PNG assembled by hand, so that it can be wrong on purpose."""
    header = struct.pack(">IIBBBBB", width, height, depth, color_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + extra
        + chunk(b"IDAT", idat)
        + chunk(b"IEND", b"")
    )


def exif(orientation):
    """A little-endian TIFF block with one entry."""
    return b"II*\x00" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
