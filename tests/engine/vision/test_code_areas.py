"""Panels whose letters stand at an even pitch are code."""

from dataclasses import replace

from engine.vision.perception.code_areas import code_areas, with_even_pitch
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Family, Surface
from tests.engine.vision import read_line


def read(text, x, y, w):
    """Returns a line of 13 pixels, `w` wide."""
    made = read_line.read(text, x, y, 13)
    line = replace(made.line, box=replace(made.line.box, w=w))
    return ReadLine(line, Box(x, y + 2, w, 13))


def test_a_panel_of_even_pitch_is_code():
    panel = Found(Surface(Box(50, 50, 400, 300), "#f7f7f9"), (1,))
    words = ["fonts/", "images/", "scripts/", "mixins/", "_mixins.scss"]
    lines = [read(w, 60, 60 + 22 * i, 7.83 * len(w) - 1.5) for i, w in enumerate(words)]
    marked = with_even_pitch(lines, [panel])
    assert {r.line.family for r in marked} == {Family.MONO}
    assert {round(r.line.font_size) for r in marked} == {13}
    assert len(code_areas(marked, [panel])) == 1
    assert code_areas(lines, [panel]) == []


def test_lines_with_spaces_tell_a_pitch_if_they_are_enough():
    panel = Found(Surface(Box(50, 50, 400, 300), "#f7f7f9"), (1,))
    words = ["key: 50160,", "other: 57503,", "kind: tcp,", "scheme: hmac,", "in: 52597,", "x: 4"]
    lines = [read(w, 60, 60 + 22 * i, 7.83 * len(w) - 1.5) for i, w in enumerate(words)]
    assert {r.line.family for r in with_even_pitch(lines, [panel])} == {Family.MONO}
    assert with_even_pitch(lines[1:], [panel]) == lines[1:]


def test_words_of_a_proportional_font_are_no_code():
    panel = Found(Surface(Box(50, 50, 400, 300), "#f7f7f9"), (1,))
    widths = {"Million": 48, "Wimmer": 61, "illicit": 34, "Mommies": 66, "fill": 22}
    lines = [read(w, 60, 60 + 22 * i, px) for i, (w, px) in enumerate(widths.items())]
    assert with_even_pitch(lines, [panel]) == lines
