"""An analysed page, as it travels between processes."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Analysed:
    """An analysed page: the serialized schema, its overlay and what it cost.

    `seconds` is None when the result came from the cache; `ocr_seconds` when
    bare OCR was not timed.
    """

    schema: bytes
    files: dict[str, dict[str, bytes]]
    overlay: bytes
    predicted: float | None
    seconds: float | None
    ocr_seconds: float | None
    memory_mb: float


def decode_png(data: bytes) -> NDArray[np.uint8]:
    """Returns a screenshot's BGR pixels."""
    pixels = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(pixels, dtype=np.uint8)
