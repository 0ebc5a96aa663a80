"""A page's lines agree on a family where few pixels tell it."""

from types import SimpleNamespace

import pytest

from engine.vision.perception.fonts import choose_fonts, font_table
from engine.vision.perception.typography import Measure
from engine.vision.percepts import Family

PROSE = "Every page begins with a sketch that nobody but you can read"
TITLE = "Words that head it"


def set_in(family, text, size):
    """A line as it runs in the first known font of a family: its words' edges, and its heights."""
    table = font_table()
    font = table.families.index(family)
    widths = table.regular[font]
    pen, placed = 0.0, []
    for word in text.split():
        end = pen + size * sum(widths[ord(char) - 32] for char in word)
        placed.append((word, pen, end))
        pen = end + size * widths[0]
    heights = (size * table.cap[font] + 0.3, size * table.x_height[font] + 0.3)
    segment = SimpleNamespace(words=tuple(placed), text=text)
    return segment, Measure(100.0, *heights, float(size), size / 12)


def families(*lines):
    segments, measures = zip(*lines, strict=True)
    return [choice.family for choice in choose_fonts(segments, measures)]


@pytest.fixture(scope="module")
def prose():
    return [set_in(Family.SANS, PROSE, 16) for _ in range(5)]


def test_a_line_that_seems_to_have_serifs_among_many_without_has_none(prose):
    stray = set_in(Family.SERIF, "Many words with serifs may run otherwise than these do", 16)
    assert families(stray) == [Family.SERIF]
    assert families(*prose, stray)[-1] is Family.SANS


def test_titles_may_have_serifs_where_prose_has_none(prose):
    title = set_in(Family.SERIF, TITLE, 48)
    assert families(title, title, title, *prose)[0] is Family.SERIF


def test_most_letters_decide():
    serif = [set_in(Family.SERIF, PROSE, 16) for _ in range(5)]
    assert set(families(*serif, set_in(Family.SANS, TITLE, 16))[:5]) == {Family.SERIF}


@pytest.mark.parametrize("space", [6.0, 12.0, 20.0])
def test_how_far_a_bullet_stands_from_its_item_tells_nothing_of_the_font(prose, space):
    segment, seen = set_in(Family.SANS, "Customizing", 16)
    bullet = ("•", -space - 5.0, -space)
    item = SimpleNamespace(words=(bullet, *segment.words), text="• Customizing")
    lines = [*prose, (item, seen)]
    segments, measures = zip(*lines, strict=True)
    choice = choose_fonts(segments, measures)[-1]
    assert (choice.family, choice.size) == (Family.SANS, 16.0)
