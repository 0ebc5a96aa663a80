"""From OCR lines to text lines: parted by surfaces, cut by gaps, sifted, measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.imaging import Pixels
from engine.vision.perception.flatmap import hex_of
from engine.vision.perception.fonts import FontChoice, choose_fonts
from engine.vision.perception.ocr import OcrLine
from engine.vision.perception.segments import Segment, segments_of
from engine.vision.perception.sift import sift
from engine.vision.perception.spans import spans_of
from engine.vision.perception.typography import Measure, is_italic, measure, weight_of
from engine.vision.perception.underlines import is_underlined
from engine.vision.percepts import Box, TextLine

# Boxes lower than this share of a line are inside its letters, not around it.
_AROUND = 0.62
# Letters that are rings or discs, with the characters that those may be read as.
_ROUND = frozenset("OoQ0DCGe©®@")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A text line, with the tight bounds of its ink."""

    line: TextLine
    ink: Box


def read_lines(pixels: Pixels, found: Sequence[OcrLine], surfaces: Sequence[Box]) -> list[ReadLine]:
    """Returns the text lines of a page, top to bottom, then left to right.

    `surfaces` are the boxes known so far, the outer before the inner; no line
    crosses the edge of one.
    """
    segments = [
        segment
        for line in found
        for part in part_by_surfaces(line, surfaces)
        for segment in sift(segments_of(pixels, part))
    ]
    measures = [measure(segment) for segment in segments]
    choices = choose_fonts(segments, measures)
    lines = [
        _line(pixels, segment, seen, choice)
        for segment, seen, choice in zip(segments, measures, choices, strict=True)
    ]
    return sorted(lines, key=lambda item: (item.line.box.y, item.line.box.x))


def part_by_surfaces(line: OcrLine, surfaces: Sequence[Box]) -> list[OcrLine]:
    """Parts a line where it enters or leaves a surface, and clips the parts to theirs."""
    box = line.box
    middle = box.center_y
    near = [
        surface
        for surface in surfaces
        if surface.y <= middle < surface.bottom
        and surface.x < box.right
        and surface.right > box.x
        and surface.h >= _AROUND * box.h
        and surface.w >= _AROUND * box.h
        and not _is_letter(surface, line)
    ]
    if not near:
        return [line]
    groups: list[tuple[int, list[int]]] = []
    for index, char in enumerate(line.chars):
        if char.text.isspace() and groups:
            groups[-1][1].append(index)
            continue
        owner = _innermost(near, char.x, middle)
        if groups and groups[-1][0] == owner:
            groups[-1][1].append(index)
        else:
            groups.append((owner, [index]))
    parts: list[OcrLine] = []
    left = box.x
    for position, (owner, indices) in enumerate(groups):
        right = box.right
        if position + 1 < len(groups):
            right = _edge_between(near, owner, groups[position + 1][0], line, indices[-1])
        part = Box(left, box.y, max(right - left, 1), box.h)
        left = right
        if owner >= 0:
            part = _clip(part, near[owner])
        chars = tuple(line.chars[i] for i in indices)
        if part.w >= 2 and part.h >= 4:
            parts.append(replace(line, box=part, chars=chars))
    return parts


def _is_letter(surface: Box, line: OcrLine) -> bool:
    """Whether what looks like a round box is one of the line's own large letters, as "O"."""
    held = [char for char in line.chars if surface.x <= char.x < surface.right]
    return (
        len(held) == 1
        and len(line.chars) > 1
        and held[0].text in _ROUND
        and line.box.y <= surface.y
        and surface.bottom <= line.box.bottom
    )


def _innermost(surfaces: Sequence[Box], x: float, y: float) -> int:
    for index in range(len(surfaces) - 1, -1, -1):
        surface = surfaces[index]
        if surface.x <= x < surface.right and surface.y <= y < surface.bottom:
            return index
    return -1


def _edge_between(
    surfaces: Sequence[Box], owner: int, following: int, line: OcrLine, last: int
) -> float:
    """The x where one surface ends and the next begins, between two characters."""
    low = line.chars[last].x
    high = line.chars[last + 1].x if last + 1 < len(line.chars) else line.box.right
    edges = [surfaces[i].right for i in (owner,) if i >= 0]
    edges += [surfaces[i].x for i in (following,) if i >= 0]
    inside = [edge for edge in edges if low <= edge <= high]
    return inside[-1] if inside else (low + high) / 2


def _clip(part: Box, surface: Box) -> Box:
    left, top = max(part.x, surface.x + 1), max(part.y, surface.y + 1)
    right, bottom = min(part.right, surface.right - 1), min(part.bottom, surface.bottom - 1)
    return Box(left, top, max(right - left, 0), max(bottom - top, 0))


def _line(pixels: Pixels, segment: Segment, seen: Measure, font: FontChoice) -> ReadLine:
    ink = segment.box
    top = seen.baseline - font.ascent * font.size
    bottom = seen.baseline + font.descent * font.size
    confidence = sum(char.confidence for char in segment.chars) / len(segment.chars)
    weight = weight_of(seen, font.size)
    line = TextLine(
        text=segment.text,
        box=Box(ink.x, round(top, 1), ink.w, round(bottom - top, 1)),
        baseline=round(seen.baseline, 1),
        font_size=font.size,
        weight=weight,
        family=font.family,
        color=hex_of(segment.ink.color),
        background=hex_of(segment.ink.background),
        confidence=round(confidence, 3),
        italic=is_italic(segment.ink.coverage),
        underline=all(
            is_underlined(left, right, segment.underlines) for _, left, right in segment.words
        ),
        font_name=font.name,
    )
    return ReadLine(replace(line, spans=spans_of(pixels, segment, line)), ink)
