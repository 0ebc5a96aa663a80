"""Images as bytes and as pixels: checks, decoding, digests, hashes."""

from engine.imaging.compression_noise import without_compression_noise
from engine.imaging.decode import Pixels, decode
from engine.imaging.device_scale import device_scale
from engine.imaging.digest import pixel_digest, sha256
from engine.imaging.errors import ImageError, ImageErrorReason
from engine.imaging.header import ImageFormat, ImageHeader, ImageLimits, inspect
from engine.imaging.pdq import PdqHash, pdq
from engine.imaging.prepare import AiImage, prepare_for_ai

__all__ = [
    "AiImage",
    "ImageError",
    "ImageErrorReason",
    "ImageFormat",
    "ImageHeader",
    "ImageLimits",
    "PdqHash",
    "Pixels",
    "decode",
    "device_scale",
    "inspect",
    "pdq",
    "pixel_digest",
    "prepare_for_ai",
    "sha256",
    "without_compression_noise",
]
