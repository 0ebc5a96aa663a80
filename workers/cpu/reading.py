"""CPU work: images in, what the offline analyzer makes of them out."""

from __future__ import annotations

from dataclasses import dataclass

from structra.v1.canonical_schema_pb2 import CanonicalSchema

from engine.imaging import ImageError, pdq, prepare_for_ai
from engine.vision import Analyzer, OcrEngine, PageImage, VisionOptions, in_css_pixels
from workers.ai.provider import ModelImage
from workers.cpu.errors import WorkRefusedError
from workers.cpu.process import Report


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded image and its viewport's width in CSS pixels; None means that its pixels tell."""

    data: bytes
    viewport_width: int | None


@dataclass(frozen=True, slots=True)
class ReadingJob:
    """What to read. `for_models` asks for the pictures in the size that models get."""

    pictures: tuple[Picture, ...]
    targets: tuple[str, ...]
    for_models: bool


@dataclass(frozen=True, slots=True)
class ReadingOutcome:
    """What was read.

    `widest` is the index of the picture in whose viewport the schema's bounds
    are. `pdq` is its hash: 32 bytes, and its quality, 0 to 100.
    """

    schema: CanonicalSchema
    widest: int
    pdq: bytes
    pdq_quality: int
    model_images: tuple[ModelImage, ...]


def make_analyzer(threads: int) -> Analyzer:
    """Returns an analyzer whose models are loaded; `threads` are used for one inference."""
    return Analyzer(OcrEngine(threads))


def read_design(analyzer: Analyzer, report: Report, job: ReadingJob) -> ReadingOutcome:
    """Reads a design.

    Raises:
        WorkRefusedError: An image cannot be decoded.
    """
    try:
        pages = [in_css_pixels(PageImage.from_file(p.data, p.viewport_width)) for p in job.pictures]
    except ImageError as error:
        raise WorkRefusedError("INVALID_IMAGE", str(error)) from error
    schema = analyzer.analyze(pages, VisionOptions(targets=job.targets), report)
    widest = max(range(len(pages)), key=lambda index: pages[index].pixels.shape[1])
    hashed = pdq(pages[widest].pixels)
    return ReadingOutcome(
        schema,
        widest,
        hashed.bits,
        hashed.quality,
        tuple(_for_model(page) for page in pages) if job.for_models else (),
    )


def _for_model(page: PageImage) -> ModelImage:
    image = prepare_for_ai(page.pixels)
    return ModelImage(image.data, image.format.value, image.scale, image.width, image.height)
