"""CPU work: images in, what the offline analyzer makes of them out."""

from __future__ import annotations

from dataclasses import dataclass

from structra.v1.canonical_schema_pb2 import CanonicalSchema

from engine.imaging import ImageError, decode, pdq, prepare_for_ai
from engine.vision import Analyzer, OcrEngine, PageImage, VisionOptions
from workers.ai.provider import ModelImage
from workers.cpu.errors import WorkRefusedError
from workers.cpu.process import Report


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded image and its viewport's width in CSS pixels; None means its own width."""

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
    """What was read. `pdq` is the widest picture's hash: 32 bytes, and its quality, 0 to 100."""

    schema: CanonicalSchema
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
        pages = [PageImage(decode(p.data), p.viewport_width) for p in job.pictures]
    except ImageError as error:
        raise WorkRefusedError("INVALID_IMAGE", str(error)) from error
    schema = analyzer.analyze(pages, VisionOptions(targets=job.targets), report)
    widest = max(pages, key=lambda page: page.pixels.shape[1])
    hashed = pdq(widest.pixels)
    return ReadingOutcome(
        schema,
        hashed.bits,
        hashed.quality,
        tuple(_for_model(page) for page in pages) if job.for_models else (),
    )


def _for_model(page: PageImage) -> ModelImage:
    image = prepare_for_ai(page.pixels)
    return ModelImage(image.data, image.format.value, image.scale, image.width, image.height)
