"""Digests that name an image: of its bytes, and of its pixels."""

from __future__ import annotations

import hashlib
import struct

import numpy as np

from engine.imaging.decode import Pixels


def sha256(data: bytes) -> bytes:
    """Returns the 32-byte SHA-256 digest of the encoded image."""
    return hashlib.sha256(data).digest()


def pixel_digest(pixels: Pixels) -> bytes:
    """Returns a 32-byte digest that is equal for every lossless encoding of one picture.

    It covers the size (two big-endian 32-bit integers, width first) and the BGR
    bytes in rows, as `decode` returns them.
    """
    height, width = pixels.shape[:2]
    digest = hashlib.sha256(struct.pack(">II", width, height))
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.digest()
