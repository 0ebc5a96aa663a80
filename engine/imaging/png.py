"""The structure of a PNG file (ISO/IEC 15948, W3C PNG third edition)."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

from engine.imaging.errors import invalid
from engine.imaging.exif import orientation_of

SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Allowed bit depths per colour type (W3C PNG, table 12).
_DEPTHS: dict[int, tuple[int, ...]] = {
    0: (1, 2, 4, 8, 16),
    2: (8, 16),
    3: (1, 2, 4, 8),
    4: (8, 16),
    6: (8, 16),
}
_PALETTE = 3
_MAX_SIDE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class PngHeader:
    """The image header chunk, with what other chunks say of alpha and orientation."""

    width: int
    height: int
    bit_depth: int
    has_alpha: bool
    orientation: int


def check_png(data: bytes) -> PngHeader:
    """Walks every chunk up to IEND, with its CRC; bytes after IEND are ignored as decoders do.

    Raises:
        ImageError: `INVALID_IMAGE` naming the damaged chunk and its offset.
    """
    offset = len(SIGNATURE)
    header: tuple[int, int, int, int] | None = None
    palette = transparency = pixels = False
    orientation = 1
    view = memoryview(data)
    while True:
        if offset + 12 > len(data):
            raise invalid("The PNG is truncated: it ends before its IEND chunk.", offset=len(data))
        length, kind = struct.unpack_from(">I4s", data, offset)
        name = kind.decode("ascii", "backslashreplace")
        if not kind.isalpha():
            raise invalid(f"The PNG is damaged at byte {offset}: no chunk there.", offset=offset)
        end = offset + 12 + length
        if end > len(data):
            raise invalid(
                f"The PNG is truncated inside its {name} chunk.", chunk=name, offset=offset
            )
        body = view[offset + 8 : end - 4]
        crc = zlib.crc32(view[offset + 4 : end - 4])
        if crc != int.from_bytes(view[end - 4 : end], "big"):
            raise invalid(
                f"The PNG is damaged: the checksum of its {name} chunk at byte {offset} is wrong.",
                chunk=name,
                offset=offset,
            )
        if header is None and kind != b"IHDR":
            raise invalid("The PNG does not begin with an IHDR chunk.", chunk=name)
        if kind == b"IHDR":
            header = _read_ihdr(bytes(body))
        elif kind == b"PLTE":
            palette = True
        elif kind == b"tRNS":
            transparency = True
        elif kind == b"IDAT":
            pixels = pixels or length > 0
        elif kind == b"eXIf":
            orientation = orientation_of(bytes(body))
        elif kind == b"IEND":
            break
        offset = end
    if header is None or not pixels:
        raise invalid("The PNG has no pixel data (no IDAT chunk).")
    width, height, depth, color_type = header
    if color_type == _PALETTE and not palette:
        raise invalid("The PNG needs a palette but has no PLTE chunk.")
    return PngHeader(width, height, depth, transparency or color_type in {4, 6}, orientation)


def _read_ihdr(body: bytes) -> tuple[int, int, int, int]:
    if len(body) != 13:
        raise invalid("The PNG's IHDR chunk has a wrong length.", length=len(body))
    width, height, depth, color_type, compression, filtering, interlace = struct.unpack(
        ">IIBBBBB", body
    )
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE):
        raise invalid(f"The PNG says it is {width} x {height} pixels.", width=width, height=height)
    if depth not in _DEPTHS.get(color_type, ()) or compression or filtering or interlace > 1:
        raise invalid(
            "The PNG's IHDR chunk has values that PNG does not allow.",
            bit_depth=depth,
            color_type=color_type,
        )
    return width, height, depth, color_type
