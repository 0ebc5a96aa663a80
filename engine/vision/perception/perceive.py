"""Pixels in, percepts out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.imaging import Pixels
from engine.vision.perception.flatmap import flat_map, hex_of
from engine.vision.perception.lines import read_lines
from engine.vision.perception.ocr import OcrEngine, OcrLine
from engine.vision.perception.pictures import find_pictures
from engine.vision.perception.surfaces import find_surfaces, page_background
from engine.vision.percepts import Percepts, Rule


def perceive(
    pixels: Pixels,
    ocr: OcrEngine,
    progress: Callable[[str, float], None] | None = None,
) -> Percepts:
    """Sees everything on a page; the same pixels always give the same percepts.

    Args:
        pixels: Height x width x 3, BGR, 8 bits.
        ocr: The loaded models.
        progress: Called with a stage name and the share of perception done, 0 to 1.
    """
    report = progress or _silent
    report("ocr", 0.0)
    lines = ocr.read(pixels, lambda share: report("ocr", 0.75 * share))
    report("regions", 0.75)
    percepts = assemble(pixels, lines)
    report("regions", 1.0)
    return percepts


def assemble(pixels: Pixels, found: Sequence[OcrLine]) -> Percepts:
    """Everything after the OCR."""
    height, width = pixels.shape[:2]
    regions = flat_map(pixels)
    page = page_background(regions)
    lines = read_lines(pixels, found)
    surfaces = find_surfaces(pixels, regions, page)
    rules: list[Rule] = []
    pictures = find_pictures(pixels, regions, surfaces, [line.box for line in lines], rules, page)
    return Percepts(
        width=width,
        height=height,
        background=hex_of(page),
        lines=tuple(lines),
        surfaces=tuple(found.surface for found in surfaces),
        pictures=tuple(pictures),
        rules=tuple(rules),
    )


def _silent(_stage: str, _share: float) -> None:
    return
