"""Cold offline analyses through the whole service against bare OCR of the same pictures."""

from __future__ import annotations

import asyncio
import time
from importlib import resources
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.hot import serving
from benchmarks.pictures import encode_png
from benchmarks.rows import Row
from engine.imaging import decode
from structra_client import StructraClient

_BASELINE = "bare OCR of the same pages"


async def measure_cold(folder: Path, pages: int) -> list[Row]:
    """Measures analyses a minute, all submitted at once, each page another one.

    The baseline reads the same pages one after the other with the same OCR
    engine on all cores, and does nothing else.

    Args:
        folder: Holds the stack's state.
        pages: How many pages are analysed.
    """
    sample = decode((resources.files("structra_client") / "samples" / "landing.png").read_bytes())
    drawn = [_variant(sample, number) for number in range(pages)]
    bare = await asyncio.to_thread(_read_all, drawn)
    async with (
        serving(folder) as (stack, key),
        StructraClient(stack.urls["api"], key, timeout_seconds=900) as client,
    ):
        # The workers' models are loaded before the clock starts, as the baseline's are.
        await asyncio.gather(
            *(client.analyze([encode_png(_variant(sample, -n))]) for n in range(1, 5))
        )
        images = [encode_png(page) for page in drawn]
        started = time.perf_counter()
        await asyncio.gather(*(client.analyze([i], targets=["html-css"]) for i in images))
        elapsed = time.perf_counter() - started
    return [
        Row(_BASELINE, 60 * pages / bare, "pages/minute"),
        Row("cold offline analyses", 60 * pages / elapsed, "pages/minute", _BASELINE),
    ]


def _variant(page: NDArray[np.uint8], number: int) -> NDArray[np.uint8]:
    """Returns the page with another number written on it."""
    variant = page.copy()
    place = (40, page.shape[0] - 20)
    cv2.putText(variant, f"Page {number}", place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, (90,) * 3, 1)
    return variant


def _read_all(pages: list[NDArray[np.uint8]]) -> float:
    """Returns the seconds that RapidOCR, as its package ships it, takes to read all pages."""
    from rapidocr import RapidOCR  # noqa: PLC0415 - loads the models

    read = RapidOCR(params={"Global.log_level": "critical"})
    read(pages[0])
    started = time.perf_counter()
    for page in pages:
        read(page)
    return time.perf_counter() - started
