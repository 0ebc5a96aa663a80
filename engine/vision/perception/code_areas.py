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
# Lines needed to tell a pitch, letters in each, and how much the pitch may differ; lines that
# differ by more than the last, as notes in other type, are not set in it.
_LINES, _LETTERS, _ALIKE, _OFF = 4, 4, 0.03, 0.1
# Lines with spaces tell a pitch only if they are more, agree better, and are no whole lines of
# prose, whose letters come out alike on average.
_SPACED_LINES, _SPACED_ALIKE, _LONGEST = 6, 0.02, 48
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
        panel = [result[i] for i in group]
        middle = _even_pitch(panel)
        if middle is None:
            continue
        for i in group:
            line = result[i].line
            if len(line.text) > _LETTERS and abs(_pitch(result[i]) / middle - 1) > _OFF:
                continue
            result[i] = replace(
                result[i],
                line=replace(line, family=Family.MONO, font_size=round(middle / _ADVANCE, 1)),
            )
    return result


def _even_pitch(panel: Sequence[ReadLine]) -> float | None:
    """Returns the pitch, in pixels, that the lines of a panel share, if they are code."""
    lines = [read for read in panel if len(read.line.text) >= _LETTERS]
    words = [read for read in lines if " " not in read.line.text.strip()]
    short = [read for read in lines if len(read.line.text) <= _LONGEST]
    for telling, least, alike in ((words, _LINES, _ALIKE), (short, _SPACED_LINES, _SPACED_ALIKE)):
        if len({read.line.text for read in telling}) < least:
            continue
        pitches = np.array([_pitch(read) for read in telling])
        middle = float(np.median(pitches))
        size = float(np.median([read.line.font_size for read in telling]))
        agree = float((np.abs(pitches / middle - 1) <= alike).mean())
        if agree >= _AGREE and _ADVANCES[0] <= middle / size <= _ADVANCES[1]:
            return middle
    return None


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
