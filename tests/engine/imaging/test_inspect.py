import pytest

from engine.imaging import ImageError, ImageErrorReason, ImageFormat, ImageLimits, inspect
from tests.engine.imaging import pictures

WEBP_LOSSLESS = pictures.encode(pictures.waves(30, 20), ".webp", 64, 101)
JPEG = pictures.encode(pictures.waves(30, 20), ".jpg")
PNG = pictures.encode(pictures.waves(30, 20))


@pytest.mark.parametrize(
    ("data", "expected", "lossy"),
    [
        (PNG, ImageFormat.PNG, False),
        (JPEG, ImageFormat.JPEG, True),
        (WEBP_LOSSLESS, ImageFormat.WEBP, False),
        (pictures.encode(pictures.waves(30, 20), ".webp", 64, 80), ImageFormat.WEBP, True),
    ],
)
def test_names_format_and_size(data, expected, lossy):
    header = inspect(data)
    assert (header.format, header.width, header.height) == (expected, 30, 20)
    assert header.lossy is lossy
    assert header.size_bytes == len(data)


def failure(data, limits=None):
    with pytest.raises(ImageError) as caught:
        inspect(data, limits or ImageLimits())
    for value in caught.value.metadata.values():
        assert isinstance(value, str)
    return caught.value


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP_LOSSLESS], ids=["png", "jpeg", "webp"])
def test_refuses_every_truncation(data):
    for length in range(1, len(data) - 1, 7):
        error = failure(data[:length])
        assert error.reason is ImageErrorReason.INVALID_IMAGE
        assert "Send" in error.message


@pytest.mark.parametrize("offset", [30, 60, -20, -6])
def test_refuses_a_flipped_bit_in_a_png(offset):
    damaged = bytearray(PNG)
    damaged[offset] ^= 4
    assert failure(bytes(damaged)).reason is ImageErrorReason.INVALID_IMAGE


def test_refuses_a_bomb_without_decoding_it():
    bomb = pictures.png(30_000, 30_000, idat=b"\x00" * 100_000)
    error = failure(bomb)
    assert error.reason is ImageErrorReason.IMAGE_TOO_LARGE
    assert error.metadata["width"] == "30000"
    assert "30000" in error.message


def test_refuses_too_many_pixels_within_the_side_limit():
    error = failure(pictures.png(16_000, 16_000, idat=b"x"))
    assert error.reason is ImageErrorReason.IMAGE_TOO_LARGE
    assert error.metadata["max_pixels"] == "40000000"


def test_refuses_too_many_bytes_and_says_how_many_are_allowed():
    error = failure(b"\x89PNG" + b"\x00" * (10 * 1024 * 1024))
    assert error.reason is ImageErrorReason.IMAGE_TOO_LARGE
    assert error.metadata == {"size_bytes": "10485764", "max_bytes": "10485760"}
    assert "10485760" in error.message


def test_accepts_exactly_the_byte_limit():
    assert inspect(PNG, ImageLimits(max_bytes=len(PNG))).size_bytes == len(PNG)
    assert failure(PNG, ImageLimits(max_bytes=len(PNG) - 1)).metadata["max_bytes"]


@pytest.mark.parametrize(
    ("data", "name", "advice"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG", "Render it to PNG"),
        (b'<?xml version="1.0"?>\n<!-- drawn --><svg/>', "SVG", "Render it to PNG"),
        (b"<!DOCTYPE html><p>hi", "HTML", "screenshot"),
        (b"\xef\xbb\xbf\n<html>", "HTML", "screenshot"),
        (b"GIF89a" + b"\0" * 20, "GIF", "Export it as PNG"),
        (b"BM" + b"\0" * 60, "BMP", "Export it as PNG"),
        (b"%PDF-1.7", "PDF", "Export the page"),
        (b"\x00\x00\x00\x1cftypavif", "AVIF or HEIC", "Export it as PNG"),
        (b"data:image/png;base64,iVBOR", "data URL", "base64"),
    ],
)
def test_names_what_was_sent_instead(data, name, advice):
    error = failure(data)
    assert error.reason is ImageErrorReason.UNSUPPORTED_IMAGE_FORMAT
    assert error.metadata["format"] == name
    assert name in error.message
    assert advice in error.message


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no chunk"),
        (b"\x89PNG\n\x1a\n" + b"\0" * 20, "text mode"),
        (b"hello there", "not an image that we know"),
        (pictures.png(0, 10, idat=b"x"), "0 x 10"),
        (pictures.png(10, 10, depth=3, idat=b"x"), "does not allow"),
        (pictures.png(10, 10, color_type=3, idat=b"x"), "PLTE"),
        (pictures.png(10, 10), "no pixel data"),
    ],
)
def test_explains_damage(data, words):
    error = failure(data)
    assert error.reason is ImageErrorReason.INVALID_IMAGE
    assert words in error.message


def test_refuses_animated_webp():
    body = b"VP8X" + (10).to_bytes(4, "little") + bytes([2]) + b"\0" * 9
    data = b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body
    assert failure(data).reason is ImageErrorReason.UNSUPPORTED_IMAGE_FORMAT


def test_reads_orientation():
    app1 = b"Exif\0\0" + pictures.exif(6)
    data = JPEG[:2] + b"\xff\xe1" + (len(app1) + 2).to_bytes(2, "big") + app1 + JPEG[2:]
    header = inspect(data)
    assert (header.orientation, header.display_width, header.display_height) == (6, 20, 30)
