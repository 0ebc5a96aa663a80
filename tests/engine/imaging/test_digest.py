import hashlib

import cv2
import numpy as np
import pytest

from engine.imaging import decode, pdq, pixel_digest, prepare_for_ai, sha256
from engine.imaging.pdq import PdqHash
from tests.engine.imaging import pictures

# From the reference implementation (pdqhash 0.2.8) on the same pixels.
GOLDEN = [
    (
        "db52722aa9d6b4cdc8995649afe659f2126ba21774aca8b456cb0bd81d317436",
        "blocks",
        640,
        480,
        0,
        100,
    ),
    (
        "3311c6dd71b9c78ee839cbb6329d91f6f1f89105ce47ce068603ccf289e230e9",
        "blocks",
        1280,
        2000,
        3,
        100,
    ),
    ("69d8717e2f459ab69895d5a82b364d40956ea0bbf2fa425e4fd20b415769a4a5", "blocks", 50, 70, 1, 100),
    ("8fc9de188dce3f3043bbb1661f5fc28924365f1a9c064db26322e0cdc9d833c7", "blocks", 129, 64, 2, 100),
    ("52bf06ff52aa06ff52aa06ff52aa06ffad80f900ad55f900ad55f900ad55f900", "waves", 640, 480, 0, 100),
    ("f544fefd32ecbeea9540f355d400effe10503ffe1140ffee1000befa10004555", "waves", 50, 70, 1, 90),
]


def test_sha256_is_of_the_bytes():
    assert sha256(b"abc") == hashlib.sha256(b"abc").digest()


def test_pixel_digest_is_equal_across_lossless_encodings():
    picture = pictures.blocks(60, 40)
    encodings = [
        pictures.encode(picture, ".png", cv2.IMWRITE_PNG_COMPRESSION, 0),
        pictures.encode(picture, ".png", cv2.IMWRITE_PNG_COMPRESSION, 9),
        pictures.encode(picture, ".webp", cv2.IMWRITE_WEBP_QUALITY, 101),
        pictures.encode(picture.astype(np.uint16) * 257),
    ]
    assert len({sha256(data) for data in encodings}) == 4
    assert len({pixel_digest(decode(data)) for data in encodings}) == 1


def test_pixel_digest_sees_size_and_one_pixel():
    picture = np.zeros((4, 6, 3), np.uint8)
    changed = picture.copy()
    changed[3, 5, 2] = 1
    digests = {pixel_digest(p) for p in (picture, picture.reshape(6, 4, 3), changed)}
    assert len(digests) == 3


@pytest.mark.parametrize(("bits", "make", "width", "height", "seed", "quality"), GOLDEN)
def test_pdq_matches_the_reference(bits, make, width, height, seed, quality):
    result = pdq(getattr(pictures, make)(width, height, seed))
    # Coefficients near the median may fall either way by rounding of 32-bit floats.
    assert result.distance(PdqHash(bytes.fromhex(bits), quality)) <= 2
    assert abs(result.quality - quality) <= 1


def test_pdq_survives_scaling_and_recompression_but_tells_pages_apart():
    page = pictures.blocks(1280, 900, 5)
    half = cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lossy = decode(pictures.encode(page, ".jpg", cv2.IMWRITE_JPEG_QUALITY, 40))
    original = pdq(page)
    assert original.distance(pdq(half)) <= 31
    assert original.distance(pdq(lossy)) <= 31
    assert original.distance(pdq(pictures.blocks(1280, 900, 6))) > 60


def test_pdq_of_a_blank_page_has_no_quality():
    assert pdq(np.full((100, 80, 3), 255, np.uint8)).quality == 0
    assert len(pdq(np.zeros((1, 1, 3), np.uint8)).bits) == 32


def test_prepare_keeps_both_budgets_and_the_aspect():
    noisy = np.random.default_rng(7).integers(0, 255, (1500, 1000, 3)).astype(np.uint8)
    prepared = prepare_for_ai(noisy, max_bytes=100_000, max_pixels=400_000)
    assert len(prepared.data) <= 100_000
    assert prepared.width * prepared.height <= 400_000
    assert abs(prepared.width / prepared.height - 1000 / 1500) < 0.01
    assert decode(prepared.data).shape == (prepared.height, prepared.width, 3)


def test_prepare_chooses_the_smaller_encoding():
    flat = np.full((600, 800, 3), 250, np.uint8)
    assert prepare_for_ai(flat).format.value == "image/png"
    assert prepare_for_ai(pictures.waves(800, 600)).format.value == "image/jpeg"
    with pytest.raises(ValueError, match="4096"):
        prepare_for_ai(flat, max_bytes=10)
