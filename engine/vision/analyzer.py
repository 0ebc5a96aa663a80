"""The offline analyzer: pictures of a page in, its canonical schema out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from structra.v1 import canonical_schema_pb2

from engine.imaging import Pixels, decode, device_scale, inspect, without_compression_noise
from engine.vision.assembly import assemble_schema
from engine.vision.layout.page import lay_out
from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import Percepts

Progress = Callable[[str, float], None]
_PERCEPTION_SHARE = 0.85
# Below this device scale a picture is taken as it is.
_LEAST_SCALE = 1.2


@dataclass(frozen=True, slots=True)
class PageImage:
    """One picture of the page.

    `pixels` is height x width x 3, BGR, 8 bits. `viewport_width` is the width
    in CSS pixels of the viewport it was taken at; None means that the pixels
    tell. All lengths in the schema, bounds too, are CSS pixels of the widest
    viewport. `lossy` says that compression has left its noise. `told_scale` is
    the device scale that the pixels told, 1 to 3.
    """

    pixels: Pixels
    viewport_width: int | None = None
    lossy: bool = False
    told_scale: int = 1

    @classmethod
    def from_file(cls, data: bytes, viewport_width: int | None = None) -> PageImage:
        """Returns the picture in an encoded image.

        Raises:
            ImageError: It cannot be decoded.
        """
        header = inspect(data)
        return cls(decode(data, header), viewport_width, header.lossy)


def in_css_pixels(page: PageImage) -> PageImage:
    """Returns the picture at one pixel per CSS pixel, with the width of its viewport."""
    height, width = page.pixels.shape[:2]
    told = device_scale(page.pixels) if page.viewport_width is None else 1
    wanted = page.viewport_width or round(width / told)
    if width < _LEAST_SCALE * wanted:
        return replace(page, viewport_width=width)
    size = (wanted, max(round(height * wanted / width), 1))
    resized = np.asarray(cv2.resize(page.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return replace(
        page, pixels=resized, viewport_width=wanted, told_scale=max(told, page.told_scale)
    )


@dataclass(frozen=True, slots=True)
class VisionOptions:
    """What the schema is for. `targets` are names of code targets, such as "html-css"."""

    targets: tuple[str, ...] = field(default=())


class Analyzer:
    """Analyses pages; holds the OCR models, which load when first needed."""

    def __init__(self, ocr: OcrEngine | None = None) -> None:
        self._ocr = ocr

    def analyze(
        self,
        pages: Sequence[PageImage],
        options: VisionOptions | None = None,
        progress: Progress | None = None,
    ) -> canonical_schema_pb2.CanonicalSchema:
        """Returns the schema of the page that `pages` show, one picture per viewport.

        The same pictures and options always give the same schema. The widest
        picture decides the structure; the others give its responsive rules.

        Args:
            pages: At least one picture.
            options: What the schema is for.
            progress: Called with a stage name and the share done, 0 to 1.

        Raises:
            ValueError: There is no picture.
        """
        if not pages:
            raise ValueError("There is no picture to analyse; give at least one page.")
        report = progress or _silent
        pages = [in_css_pixels(page) for page in pages]
        ordered = sorted(pages, key=lambda page: -page.pixels.shape[1])
        seen: list[Percepts] = []
        for number, page in enumerate(ordered):
            start = _PERCEPTION_SHARE * number / len(ordered)
            share = _PERCEPTION_SHARE / len(ordered)
            seen.append(self._perceive(page, _scaled(report, start, share)))
        report("layout", _PERCEPTION_SHARE)
        schema = schema_from_percepts(seen, options)
        schema.assumptions.extend(_scale_assumptions(pages))
        report("layout", 1.0)
        return schema

    def _perceive(self, page: PageImage, report: Progress) -> Percepts:
        if self._ocr is None:
            self._ocr = OcrEngine()
        pixels = without_compression_noise(page.pixels) if page.lossy else page.pixels
        return perceive(pixels, self._ocr, report)


def schema_from_percepts(
    seen: Sequence[Percepts], options: VisionOptions | None = None
) -> canonical_schema_pb2.CanonicalSchema:
    """Returns the schema for percepts of one page at one or more viewports, widest first."""
    chosen = options or VisionOptions()
    return assemble_schema([lay_out(percepts) for percepts in seen], chosen.targets)


def _scale_assumptions(pages: Sequence[PageImage]) -> list[str]:
    scales = sorted({page.told_scale for page in pages if page.told_scale > 1})
    return [
        f"A screenshot was taken at {scale} pixels for each CSS pixel, as its type and edges "
        "show; give the width of its viewport if that is wrong."
        for scale in scales
    ]


def _scaled(report: Progress, start: float, share: float) -> Progress:
    return lambda stage, done: report(stage, start + share * done)


def _silent(_stage: str, _share: float) -> None:
    return
