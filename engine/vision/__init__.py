"""The offline analyzer: what is on a page, and how it is laid out."""

from engine.vision.analyzer import (
    Analyzer,
    PageImage,
    VisionOptions,
    in_css_pixels,
    schema_from_percepts,
)
from engine.vision.perception import OcrEngine

__all__ = [
    "Analyzer",
    "OcrEngine",
    "PageImage",
    "VisionOptions",
    "in_css_pixels",
    "schema_from_percepts",
]
