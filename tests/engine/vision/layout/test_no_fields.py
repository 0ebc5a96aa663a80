"""Painted strips that look like fields and are none."""

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Family, Surface, TextLine
from tests.engine.vision.layout.seen import line, page, read, surface, walk

STRIP = surface(140, 200, 400, 40, border="#cccccc")
CARD = surface(139, 199, 402, 300, border="#cccccc", radius=6)


def inputs(*entries: Surface | TextLine) -> int:
    """Returns how many fields are read among `entries`."""
    nodes = walk(read(page(*entries, line("Plain words of the page", 140, 600))).root)
    return sum(node.kind == node_pb2.NODE_KIND_INPUT for node in nodes)


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param((STRIP, line("Given name", 152, 210)), id="plain words"),
        pytest.param(
            (
                surface(140, 200, 400, 40, border="#cc2222"),
                line("Given name", 152, 210, color="#cc2222"),
            ),
            id="words and border of one colour",
        ),
    ],
)
def test_a_strip_with_words_at_its_start_is_a_field(entries: tuple[Surface | TextLine, ...]):
    assert inputs(*entries) == 1


@pytest.mark.parametrize(
    "entries",
    [
        pytest.param(
            (STRIP, line("npm install", 152, 210, family=Family.MONO)), id="a line of code"
        ),
        pytest.param((STRIP, line("Dinosaurs", 152, 210, color="#0b63ce")), id="coloured words"),
        pytest.param(
            (
                surface(140, 200, 400, 40, fill="#f2f2f2"),
                line("Tutorial Intro", 152, 210, color="#2e8555"),
            ),
            id="the current entry of a menu",
        ),
        pytest.param((CARD, STRIP, line("Featured", 152, 210)), id="a card's head"),
    ],
)
def test_other_strips_are_no_fields(entries: tuple[Surface | TextLine, ...]):
    assert inputs(*entries) == 0
