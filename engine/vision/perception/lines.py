"""From OCR lines to text lines: filtered, cut, measured."""

from __future__ import annotations

from collections.abc import Sequence

from engine.imaging import Pixels
from engine.vision.perception.flatmap import hex_of
from engine.vision.perception.glyphs import ASCENT, DESCENT
from engine.vision.perception.ocr import OcrLine
from engine.vision.perception.segments import Segment, segments_of
from engine.vision.perception.typography import measure, weight_of
from engine.vision.percepts import Box, Family, TextLine

_MIN_CONFIDENCE = 0.5


def read_lines(pixels: Pixels, found: Sequence[OcrLine]) -> list[TextLine]:
    """Returns the text lines of a page, top to bottom, then left to right."""
    lines = [
        _line(segment)
        for line in found
        if line.confidence >= _MIN_CONFIDENCE
        for segment in segments_of(pixels, line)
    ]
    return sorted(lines, key=lambda line: (line.box.y, line.box.x))


def _line(segment: Segment) -> TextLine:
    seen = measure(segment)
    ink = segment.box
    top = seen.baseline - ASCENT * seen.size
    bottom = seen.baseline + DESCENT * seen.size
    confidence = sum(char.confidence for char in segment.chars) / len(segment.chars)
    return TextLine(
        text=segment.text,
        box=Box(ink.x, round(top, 1), ink.w, round(bottom - top, 1)),
        baseline=round(seen.baseline, 1),
        font_size=round(seen.size, 1),
        weight=weight_of(seen.stem, seen.size),
        family=Family.SANS,
        color=hex_of(segment.ink.color),
        background=hex_of(segment.ink.background),
        confidence=round(confidence, 3),
        underline=segment.underline,
    )
