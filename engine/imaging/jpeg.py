"""The structure of a JPEG file (ITU-T T.81, annex B)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.imaging.errors import ImageError, ImageErrorReason, invalid
from engine.imaging.exif import orientation_of

_SOI, _EOI, _SOS, _APP1, _TEM = 0xD8, 0xD9, 0xDA, 0xE1, 0x01
_RESTARTS = range(0xD0, 0xD8)
# SOF0-2: baseline, extended, progressive. The others are lossless,
# hierarchical or arithmetic coded, which no browser shows.
_FRAMES = {0xC0, 0xC1, 0xC2}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
# A marker within entropy-coded data: not a stuffed zero, a restart or a fill byte.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """The frame header and the EXIF orientation (1 to 8)."""

    width: int
    height: int
    components: int
    orientation: int


def check_jpeg(data: bytes) -> JpegHeader:
    """Walks the markers from SOI to EOI.

    Raises:
        ImageError: `INVALID_IMAGE` when the file is damaged or truncated,
            `UNSUPPORTED_IMAGE_FORMAT` for lossless, arithmetic or 12-bit JPEG.
    """
    offset, orientation, scans = 2, 1, 0
    frame: tuple[int, int, int] | None = None
    while True:
        offset, marker = _next_marker(data, offset)
        if marker == _EOI:
            break
        if marker in _RESTARTS or marker in {_SOI, _TEM}:
            continue
        length = int.from_bytes(data[offset : offset + 2], "big")
        if length < 2 or offset + length > len(data):
            raise invalid(
                f"The JPEG is truncated or damaged at byte {offset}.",
                offset=offset,
                marker=f"0x{marker:02x}",
            )
        body = data[offset + 2 : offset + length]
        offset += length
        if marker in _OTHER_FRAMES:
            raise _unsupported("Lossless, hierarchical or arithmetic-coded JPEG")
        if marker in _FRAMES:
            frame = _read_frame(body)
        elif marker == _APP1 and body.startswith(b"Exif\x00\x00"):
            orientation = orientation_of(body[6:])
        elif marker == _SOS:
            if frame is None:
                raise invalid("The JPEG has a scan before its frame header.")
            scans += 1
            following = _NEXT_MARKER.search(data, offset)
            if following is None:
                raise invalid(
                    "The JPEG is truncated: it ends before its end marker.", offset=len(data)
                )
            offset = following.start()
    if frame is None or not scans:
        raise invalid("The JPEG has no picture in it.")
    width, height, components = frame
    return JpegHeader(width, height, components, orientation)


def _next_marker(data: bytes, offset: int) -> tuple[int, int]:
    """Returns the offset after the marker at `offset`, and the marker's code."""
    if offset >= len(data):
        raise invalid("The JPEG is truncated: it ends before its end marker.", offset=len(data))
    if data[offset] != 0xFF:
        raise invalid(f"The JPEG is damaged at byte {offset}: no marker there.", offset=offset)
    while offset < len(data) and data[offset] == 0xFF:
        offset += 1
    if offset >= len(data):
        raise invalid("The JPEG is truncated: it ends before its end marker.", offset=len(data))
    return offset + 1, data[offset]


def _read_frame(body: bytes) -> tuple[int, int, int]:
    if len(body) < 6:
        raise invalid("The JPEG's frame header is too short.", length=len(body))
    precision, components = body[0], body[5]
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    if precision != 8:
        raise _unsupported(f"JPEG with {precision} bits per sample")
    if not width or not height or components not in {1, 3, 4}:
        raise invalid(
            f"The JPEG says it is {width} x {height} pixels of {components} components.",
            width=width,
            height=height,
            components=components,
        )
    return width, height, components


def _unsupported(name: str) -> ImageError:
    return ImageError(
        ImageErrorReason.UNSUPPORTED_IMAGE_FORMAT,
        f"{name} is not supported. Save it as PNG, WebP, or baseline or progressive JPEG.",
        {"format": name},
    )
