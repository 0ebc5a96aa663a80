"""Checks an image's structure without decoding its pixels.

Cost is linear in the bytes (a CRC over a PNG) and memory does not grow with
the declared dimensions, so decompression bombs are refused for free.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.imaging.errors import ImageError, ImageErrorReason, invalid
from engine.imaging.jpeg import check_jpeg
from engine.imaging.png import SIGNATURE as PNG_SIGNATURE
from engine.imaging.png import check_png
from engine.imaging.webp import check_webp


class ImageFormat(Enum):
    """Formats that are accepted; the value is the MIME type."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What is accepted: encoded bytes, width x height, and the longer side in pixels."""

    max_bytes: int = 10 * 1024 * 1024
    max_pixels: int = 40_000_000
    max_side: int = 16_384


@dataclass(frozen=True, slots=True)
class ImageHeader:
    """What an image says of itself; sizes are pixels as stored.

    `orientation` is the EXIF value, 1 to 8 (1: as stored); `display_width` and
    `display_height` are the size after it is applied. `lossy` says that its
    compression changed colours.
    """

    format: ImageFormat
    width: int
    height: int
    size_bytes: int
    bit_depth: int = 8
    has_alpha: bool = False
    orientation: int = 1
    lossy: bool = False

    @property
    def mime_type(self) -> str:
        return self.format.value

    @property
    def display_width(self) -> int:
        return self.height if self.orientation >= 5 else self.width

    @property
    def display_height(self) -> int:
        return self.width if self.orientation >= 5 else self.height


DEFAULT_LIMITS = ImageLimits()

# What people send by mistake, by leading bytes, with the advice that fits.
_EXPORT = "Export it as PNG, JPEG or WebP and send that."
_SCREENSHOT = "Take a screenshot of the page and send that as PNG."
_OTHER_FORMATS: tuple[tuple[bytes, str, str], ...] = (
    (b"GIF8", "GIF", _EXPORT),
    (b"BM", "BMP", _EXPORT),
    (b"%PDF", "PDF", "Export the page you mean as PNG and send that."),
    (b"II*\x00", "TIFF", _EXPORT),
    (b"MM\x00*", "TIFF", _EXPORT),
    (b"\x00\x00\x01\x00", "ICO", _EXPORT),
    (b"8BPS", "Photoshop", _EXPORT),
    (b"PK\x03\x04", "ZIP", "Send the image itself, as PNG, JPEG or WebP."),
    (b"\x1f\x8b", "gzip", "Send the image itself, as PNG, JPEG or WebP."),
    (b"data:", "data URL", "Decode the base64 part and send the bytes."),
)
_MARKUP: tuple[tuple[bytes, str, str], ...] = (
    (b"<svg", "SVG", "Render it to PNG and send that."),
    (b"<!doctype html", "HTML", _SCREENSHOT),
    (b"<html", "HTML", _SCREENSHOT),
)


def inspect(data: bytes, limits: ImageLimits = DEFAULT_LIMITS) -> ImageHeader:
    """Checks `data` from its first byte to its end marker and returns what it is.

    Raises:
        ImageError: `IMAGE_TOO_LARGE` over any limit, `UNSUPPORTED_IMAGE_FORMAT`
            for another known format, `INVALID_IMAGE` for anything damaged.
    """
    if not data:
        raise ImageError(
            ImageErrorReason.INVALID_IMAGE,
            "The image is empty (0 bytes). Send a PNG, JPEG or WebP file.",
            {"size_bytes": "0"},
        )
    if len(data) > limits.max_bytes:
        raise ImageError(
            ImageErrorReason.IMAGE_TOO_LARGE,
            f"The image has {len(data)} bytes; at most {limits.max_bytes} are accepted. "
            "Send it as JPEG or WebP, or scale it down.",
            {"size_bytes": str(len(data)), "max_bytes": str(limits.max_bytes)},
        )
    header = _read(data)
    _check_size(header, limits)
    return header


def _read(data: bytes) -> ImageHeader:
    if data.startswith(PNG_SIGNATURE):
        png = check_png(data)
        return ImageHeader(
            ImageFormat.PNG,
            png.width,
            png.height,
            len(data),
            bit_depth=png.bit_depth,
            has_alpha=png.has_alpha,
            orientation=png.orientation,
        )
    if data.startswith(b"\xff\xd8"):
        jpeg = check_jpeg(data)
        return ImageHeader(
            ImageFormat.JPEG,
            jpeg.width,
            jpeg.height,
            len(data),
            orientation=jpeg.orientation,
            lossy=True,
        )
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        webp = check_webp(data)
        return ImageHeader(
            ImageFormat.WEBP,
            webp.width,
            webp.height,
            len(data),
            has_alpha=webp.has_alpha,
            orientation=webp.orientation,
            lossy=webp.lossy,
        )
    raise _not_an_image(data)


def _not_an_image(data: bytes) -> ImageError:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, name, advice in _OTHER_FORMATS:
        if data.startswith(signature):
            return _unsupported(name, advice)
    if data[4:12] in {b"ftypavif", b"ftypheic", b"ftypmif1", b"ftypheix"}:
        return _unsupported("AVIF or HEIC", _EXPORT)
    if start.startswith((b"<?xml", b"<svg", b"<!", b"<html")):
        for tag, name, advice in _MARKUP:
            if tag in start:
                return _unsupported(name, advice)
    if data.startswith(PNG_SIGNATURE[:4]):
        return invalid("The PNG signature is damaged, as by a transfer in text mode.")
    return ImageError(
        ImageErrorReason.INVALID_IMAGE,
        "The bytes are not an image that we know. Send a PNG, JPEG or WebP file.",
        {"leading_bytes": data[:8].hex()},
    )


def _unsupported(name: str, advice: str) -> ImageError:
    return ImageError(
        ImageErrorReason.UNSUPPORTED_IMAGE_FORMAT,
        f"{name} is not supported. {advice}",
        {"format": name, "supported": "image/png, image/jpeg, image/webp"},
    )


def _check_size(header: ImageHeader, limits: ImageLimits) -> None:
    width, height = header.width, header.height
    metadata = {"width": str(width), "height": str(height)}
    if max(width, height) > limits.max_side:
        raise ImageError(
            ImageErrorReason.IMAGE_TOO_LARGE,
            f"The image is {width} x {height} pixels; a side may have at most {limits.max_side}. "
            "Scale it down, or send the page in parts.",
            {**metadata, "max_side": str(limits.max_side)},
        )
    if width * height > limits.max_pixels:
        raise ImageError(
            ImageErrorReason.IMAGE_TOO_LARGE,
            f"The image has {width * height} pixels ({width} x {height}); at most "
            f"{limits.max_pixels} are accepted. Scale it down, or send the page in parts.",
            {**metadata, "max_pixels": str(limits.max_pixels)},
        )
