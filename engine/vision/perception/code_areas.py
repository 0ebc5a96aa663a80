"""Finds panels of code: boxes whose lines are set in a fixed pitch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Family

# Side bearings together and the advance of fixed-pitch fonts, over the font size
# (0.6 in Courier New, Menlo, DejaVu Sans Mono, Roboto Mono; 0.55 in Consolas).
_BEARING, _ADVANCE = 0.13, 0.602
_ADVANCES = (0.52, 0.66)
# Lines needed to tell a pitch, letters in each, and how much the pitch may differ.
_LINES, _LETTERS, _ALIKE = 4, 4, 0.03
# Share of a panel's lines that must have the pitch; of a code area's that must be mono.
_AGREE, _MOSTLY = 0.75, 0.6
_LEAST_LINES = 3


def with_even_pitch(lines: Sequence[ReadLine], surfaces: Sequence[Found]) -> list[ReadLine]:
    """Marks lines as mono where those of their panel all advance alike.

    A short line alone fits a proportional font as well; several of different
    letters do not.
    """
    result = list(lines)
    for group in _by_surface(lines, surfaces).values():
        telling = [
            i
            for i in group
            if len(result[i].line.text) >= _LETTERS and " " not in result[i].line.text.strip()
        ]
        if len({result[i].line.text for i in telling}) < _LINES:
            continue
        pitches = np.array([_pitch(result[i]) for i in telling])
        middle = float(np.median(pitches))
        size = float(np.median([result[i].line.font_size for i in telling]))
        agree = float((np.abs(pitches / middle - 1) <= _ALIKE).mean())
        if agree < _AGREE or not _ADVANCES[0] <= middle / size <= _ADVANCES[1]:
            continue
        for i in group:
            line = result[i].line
            result[i] = replace(
                result[i],
                line=replace(line, family=Family.MONO, font_size=round(middle / _ADVANCE, 1)),
            )
    return result


def code_areas(lines: Sequence[ReadLine], surfaces: Sequence[Found]) -> list[Box]:
    """Returns the bounds of the text in panels that hold hardly anything but code."""
    areas = []
    for group in _by_surface(lines, surfaces).values():
        mono = [i for i in group if lines[i].line.family is Family.MONO]
        if len(mono) < _LEAST_LINES or len(mono) < _MOSTLY * len(group):
            continue
        area = lines[group[0]].line.box
        for i in group[1:]:
            area = area.union(lines[i].line.box)
        areas.append(area)
    return areas


def _by_surface(lines: Sequence[ReadLine], surfaces: Sequence[Found]) -> dict[int, list[int]]:
    """Groups lines by the innermost surface that holds them; the page's own are left out."""
    groups: dict[int, list[int]] = {}
    for number, read in enumerate(lines):
        # Surfaces go from the outside in.
        holder = next(
            (
                i
                for i in range(len(surfaces) - 1, -1, -1)
                if surfaces[i].surface.box.contains(read.ink, 1)
            ),
            None,
        )
        if holder is not None:
            groups.setdefault(holder, []).append(number)
    return groups


def _pitch(read: ReadLine) -> float:
    line = read.line
    return (read.ink.w + _BEARING * line.font_size) / max(len(line.text.strip()), 1)
