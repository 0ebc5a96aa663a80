"""The structure of a WebP file (RFC 9649)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from engine.imaging.errors import ImageError, ImageErrorReason, invalid
from engine.imaging.exif import orientation_of

_VP8_START_CODE = b"\x9d\x01\x2a"
_VP8L_SIGNATURE = 0x2F
_ALPHA_FLAG, _ANIMATION_FLAG = 0x10, 0x02


@dataclass(frozen=True, slots=True)
class WebpHeader:
    """Canvas size, alpha, EXIF orientation (1 to 8), and whether packing changed colours."""

    width: int
    height: int
    has_alpha: bool
    orientation: int
    lossy: bool


def check_webp(data: bytes) -> WebpHeader:
    """Walks the chunks within the size that the RIFF header gives.

    Raises:
        ImageError: `INVALID_IMAGE` when the file is damaged or truncated,
            `UNSUPPORTED_IMAGE_FORMAT` for an animation.
    """
    if len(data) < 20:
        raise invalid("The WebP is truncated inside its header.", offset=len(data))
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise invalid(
            f"The WebP is truncated: its header gives {end} bytes, there are {len(data)}.",
            expected_bytes=end,
            size_bytes=len(data),
        )
    size: tuple[int, int] | None = None
    has_alpha = has_pixels = lossy = False
    orientation, offset = 1, 12
    while offset + 8 <= end:
        kind, length = struct.unpack_from("<4sI", data, offset)
        body = data[offset + 8 : offset + 8 + length]
        if offset + 8 + length > end:
            name = kind.decode("ascii", "backslashreplace")
            raise invalid(
                f"The WebP is truncated inside its {name} chunk.", chunk=name, offset=offset
            )
        if kind == b"VP8X":
            size, has_alpha = _read_extended(body)
        elif kind == b"VP8 ":
            size, has_pixels, lossy = size or _read_lossy(body), True, True
        elif kind == b"VP8L":
            lossless, alpha = _read_lossless(body)
            size, has_alpha, has_pixels = size or lossless, has_alpha or alpha, True
        elif kind == b"EXIF":
            orientation = orientation_of(body.removeprefix(b"Exif\x00\x00"))
        offset += 8 + length + (length & 1)
    if size is None or not has_pixels:
        raise invalid("The WebP has no picture in it.")
    return WebpHeader(*size, has_alpha, orientation, lossy)


def _read_extended(body: bytes) -> tuple[tuple[int, int], bool]:
    if len(body) < 10:
        raise invalid("The WebP's VP8X chunk is too short.", length=len(body))
    if body[0] & _ANIMATION_FLAG:
        raise ImageError(
            ImageErrorReason.UNSUPPORTED_IMAGE_FORMAT,
            "Animated WebP is not supported. Send one frame, as PNG, JPEG or WebP.",
            {"format": "animated WebP"},
        )
    width = int.from_bytes(body[4:7], "little") + 1
    height = int.from_bytes(body[7:10], "little") + 1
    return (width, height), bool(body[0] & _ALPHA_FLAG)


def _read_lossy(body: bytes) -> tuple[int, int]:
    if len(body) < 10 or body[3:6] != _VP8_START_CODE:
        raise invalid("The WebP's VP8 chunk is damaged.")
    width, height = struct.unpack_from("<HH", body, 6)
    return _positive(width & 0x3FFF, height & 0x3FFF)


def _read_lossless(body: bytes) -> tuple[tuple[int, int], bool]:
    if len(body) < 5 or body[0] != _VP8L_SIGNATURE:
        raise invalid("The WebP's VP8L chunk is damaged.")
    bits = int.from_bytes(body[1:5], "little")
    return ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1), bool(bits >> 28 & 1)


def _positive(width: int, height: int) -> tuple[int, int]:
    if not width or not height:
        raise invalid(f"The WebP says it is {width} x {height} pixels.", width=width, height=height)
    return width, height
