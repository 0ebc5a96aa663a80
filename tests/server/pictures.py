"""Pictures to send."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np


def png(seed: int = 0, width: int = 64, height: int = 48, *, level: int = 3) -> bytes:
    """A sound picture; another for every seed, the same pixels in other bytes for every level."""
    pixels = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return bytes(cv2.imencode(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, level])[1])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int = 30_000, size: int = 100_000) -> bytes:
    """A PNG of about `size` bytes that says it has side x side pixels."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packed = zlib.compress(b"\0" * (side * (side // 8 + 1)), 9)[:size]
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )
