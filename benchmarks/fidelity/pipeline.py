"""Analyses pages and generates code, in worker processes."""

from __future__ import annotations

import hashlib
import pickle
import resource
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from structra.v1 import canonical_schema_pb2

from benchmarks.fidelity.analysed import Analysed
from benchmarks.fidelity.oracle import schema_of
from benchmarks.fidelity.truth import CorpusPage
from engine.assess import assess
from engine.codegen import CodegenOptions, generate
from engine.imaging import Pixels, decode
from engine.vision import Analyzer, OcrEngine, PageImage, VisionOptions, schema_from_percepts
from engine.vision.overlay import draw
from engine.vision.perception.ocr import OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Percepts

if TYPE_CHECKING:
    from rapidocr import RapidOCR

_ROOT = Path(__file__).parents[2]
# What the OCR's output depends on; the cache is void when any of it changes.
_OCR_SOURCES = ("engine/vision/perception/ocr.py", "engine/vision/perception/detection.py")


def analyse(
    page: CorpusPage, targets: tuple[str, ...], cache_folder: Path | None, *, time_ocr: bool
) -> Analysed:
    """Analyses a page's screenshot offline and generates every target from it.

    With a `cache_folder` OCR output is kept there and reused while the OCR's
    own source is unchanged; then nothing is timed.
    """
    data = page.screenshot.read_bytes()
    pixels = decode(data)
    seconds = None
    if cache_folder:
        lines = _cached_lines(cache_folder, data, pixels)
        schema = schema_from_percepts([assemble(pixels, lines)], VisionOptions(targets))
    else:
        analyzer = _analyzer()
        started = time.perf_counter()
        image = PageImage(pixels=pixels, viewport_width=pixels.shape[1])
        schema = analyzer.analyze([image], VisionOptions(targets))
        seconds = time.perf_counter() - started
    # Measured before bare OCR loads its own models.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ocr_seconds = _timed(lambda: _bare_ocr()(pixels)) if time_ocr else None
    return _generated(schema, pixels, targets, seconds, ocr_seconds, memory)


def percepts_of(data: bytes, cache_folder: Path | None) -> Percepts:
    """Returns what perception makes of a picture, its OCR output kept in `cache_folder`."""
    pixels = decode(data)
    lines = _cached_lines(cache_folder, data, pixels) if cache_folder else list(_ocr().read(pixels))
    return assemble(pixels, lines)


def analyse_oracle(page: CorpusPage, targets: tuple[str, ...]) -> Analysed:
    """Lays out and generates a page from what perfect perception would see."""
    pixels = decode(page.screenshot.read_bytes())
    schema = schema_of(page.truth, pixels)
    return _generated(schema, pixels, targets, None, None, 0.0)


def _generated(
    schema: canonical_schema_pb2.CanonicalSchema,
    pixels: Pixels,
    targets: tuple[str, ...],
    seconds: float | None,
    ocr_seconds: float | None,
    memory_mb: float,
) -> Analysed:
    files = {
        target: {
            file.path: file.content.encode() if isinstance(file.content, str) else file.content
            for file in generate(schema, target, CodegenOptions())
        }
        for target in targets
    }
    return Analysed(
        schema=schema.SerializeToString(deterministic=True),
        files=files,
        overlay=draw(pixels, schema),
        predicted=assess(schema).predicted_fidelity,
        seconds=seconds,
        ocr_seconds=ocr_seconds,
        memory_mb=memory_mb,
    )


def _cached_lines(folder: Path, data: bytes, pixels: Pixels) -> list[OcrLine]:
    key = hashlib.sha256(data)
    for source in _OCR_SOURCES:
        key.update((_ROOT / source).read_bytes())
    kept = folder / f"{key.hexdigest()[:32]}.pickle"
    if kept.exists():
        lines: list[OcrLine] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
        return lines
    lines = list(_ocr().read(pixels))
    folder.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(lines))
    return lines


@cache
def _ocr() -> OcrEngine:
    return OcrEngine()


@cache
def _analyzer() -> Analyzer:
    return Analyzer(_ocr())


@cache
def _bare_ocr() -> RapidOCR:
    from rapidocr import RapidOCR  # noqa: PLC0415 - loads models

    engine = RapidOCR(params={"Global.log_level": "error"})
    # The first call pays for set-up that later ones do not.
    engine(np.full((64, 256, 3), 255, dtype=np.uint8))
    return engine


def _timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
