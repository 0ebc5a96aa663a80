"""Headings that are set as links are."""

from dataclasses import replace

import pytest

from engine.vision.percepts import TextLine, TextSpan
from tests.engine.vision.layout.seen import line, page, read, walk

ACCENT = "#2e8555"


def prose(n: int) -> TextLine:
    """Returns a line of prose with an accented link in it."""
    whole = line("Read all of it in our guide to gardens", 140, 260 + 110 * n)
    parts = (("Read all of it in", "#222222"), ("our guide", ACCENT), ("to gardens", "#222222"))
    return replace(whole, spans=tuple(TextSpan(t, whole.box, c, 400) for t, c in parts))


@pytest.mark.parametrize(
    ("links", "color", "underline", "linked"),
    [
        pytest.param(5, ACCENT, False, True, id="as the links are"),
        pytest.param(5, "#c01818", False, False, id="in another colour"),
        pytest.param(5, ACCENT, True, False, id="underlined as they are not"),
        pytest.param(2, ACCENT, False, False, id="as few links are"),
    ],
)
def test_a_heading_set_as_the_links_are_is_one(
    links: int, color: str, *, underline: bool, linked: bool
):
    title = line("The garden in May", 140, 200, size=32, weight=700, color=color)
    entries = [prose(n) for n in range(links)]
    name = line("Field notes", 140, 80, size=40, weight=700)
    schema = read(page(name, replace(title, underline=underline), *entries))
    found = [run.text for node in walk(schema.root) for run in node.runs if run.link]
    assert (title.text in found) == linked
