"""Analyses pages and generates code, in worker processes."""

from __future__ import annotations

import hashlib
import resource
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from benchmarks.fidelity.analysed import Analysed
from engine.assess import assess
from engine.codegen import CodegenOptions, generate
from engine.imaging import decode
from engine.vision import Analyzer, PageImage, VisionOptions
from engine.vision.overlay import draw

if TYPE_CHECKING:
    from rapidocr import RapidOCR

from structra.v1 import canonical_schema_pb2

_ROOT = Path(__file__).parents[2]
# What an analysis depends on; the cache is void when any of it changes.
_ENGINE_SOURCES = ("engine/vision", "engine/imaging", "proto/structra")


def analyse(
    screenshot: Path, targets: tuple[str, ...], cache_folder: Path | None, *, time_ocr: bool
) -> Analysed:
    """Analyses a screenshot offline and generates every target from it."""
    data = screenshot.read_bytes()
    pixels = decode(data)
    cached = _cache_file(cache_folder, data) if cache_folder else None
    schema = canonical_schema_pb2.CanonicalSchema()
    seconds = None
    if cached and cached.exists():
        schema.ParseFromString(cached.read_bytes())
    else:
        analyzer = _analyzer()
        started = time.perf_counter()
        page = PageImage(pixels=pixels, viewport_width=pixels.shape[1])
        schema = analyzer.analyze([page], VisionOptions())
        seconds = time.perf_counter() - started
        if cached:
            cached.parent.mkdir(parents=True, exist_ok=True)
            cached.write_bytes(schema.SerializeToString(deterministic=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return finish(
        schema,
        pixels,
        targets,
        seconds=seconds,
        ocr_seconds=_timed(lambda: _bare_ocr()(pixels)) if time_ocr else None,
        memory_mb=memory,
    )


def finish(
    schema: canonical_schema_pb2.CanonicalSchema,
    pixels: NDArray[np.uint8],
    targets: tuple[str, ...],
    *,
    seconds: float | None,
    ocr_seconds: float | None,
    memory_mb: float,
) -> Analysed:
    """Generates every target from a schema."""
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


def source_digest(folders: tuple[str, ...] = _ENGINE_SOURCES) -> str:
    """Returns a digest of the sources that an analysis depends on."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((_ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".proto"}:
                digest.update(path.relative_to(_ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _cache_file(folder: Path, data: bytes) -> Path:
    return folder / source_digest() / f"{hashlib.sha256(data).hexdigest()[:24]}.binpb"


@cache
def _analyzer() -> Analyzer:
    return Analyzer()


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
