import io
import zlib

import numpy as np
import pytest
from PIL import Image

from engine.imaging import ImageError, ImageErrorReason, decode
from tests.engine.imaging import pictures

PICTURE = pictures.blocks(40, 30)


def saved(image, extension, **options):
    buffer = io.BytesIO()
    image.save(buffer, extension, **options)
    return buffer.getvalue()


def test_png_round_trips():
    assert (decode(pictures.encode(PICTURE)) == PICTURE).all()


def test_alpha_is_flattened_on_white():
    alpha = np.zeros((30, 40, 1), np.uint8)
    alpha[:, 20:] = 128
    alpha[:, 30:] = 255
    pixels = decode(pictures.encode(np.dstack([PICTURE, alpha])))
    assert (pixels[:, :20] == 255).all()
    expected = (PICTURE[:, 20:30].astype(float) * 128 + 255 * 127) / 255
    assert np.abs(pixels[:, 20:30] - expected).max() <= 1
    assert (pixels[:, 30:] == PICTURE[:, 30:]).all()


def test_16_bit_and_grey():
    deep = PICTURE.astype(np.uint16) * 257
    assert (decode(pictures.encode(deep)) == PICTURE).all()
    grey = PICTURE[:, :, 0]
    assert (decode(pictures.encode(grey)) == grey[:, :, None]).all()


@pytest.mark.parametrize("mode", ["P", "LA", "1", "L"])
def test_png_modes_agree_with_pillow(mode):
    image = Image.fromarray(PICTURE[:, :, ::-1]).convert(mode)
    expected = np.asarray(image.convert("RGB"))[:, :, ::-1]
    assert (decode(saved(image, "PNG")) == expected).all()


def test_palette_with_transparency():
    image = Image.fromarray(PICTURE[:, :, ::-1]).convert("P")
    data = saved(image, "PNG", transparency=image.getpixel((0, 0)))
    pixels = decode(data)
    assert (pixels[0, 0] == 255).all()


def test_cmyk_jpeg_is_near_pillows():
    smooth = pictures.waves(64, 48)
    image = Image.fromarray(smooth[:, :, ::-1]).convert("CMYK")
    pixels = decode(saved(image, "JPEG", quality=95))
    assert np.abs(pixels.astype(int) - smooth).mean() < 12


@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_agrees_with_pillow(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = Image.fromarray(pictures.waves(48, 32)[:, :, ::-1])
    for extension in ("PNG", "JPEG", "WEBP"):
        data = saved(image, extension, exif=exif, quality=95)
        from PIL import ImageOps

        shown = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        expected = np.asarray(shown)[:, :, ::-1].astype(int)
        pixels = decode(data)
        assert pixels.shape == expected.shape
        assert np.abs(pixels - expected).mean() < 3


def test_damaged_pixel_data_is_refused():
    with pytest.raises(ImageError) as caught:
        decode(pictures.png(20, 20, idat=b"not a zlib stream"))
    assert caught.value.reason is ImageErrorReason.INVALID_IMAGE


def test_png_with_too_little_pixel_data_is_refused():
    with pytest.raises(ImageError):
        decode(pictures.png(200, 200, idat=zlib.compress(b"\0" * 601 * 10)))
