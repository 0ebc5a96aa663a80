"""Form fields that only a line below their words shows."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Box, Percepts, Rule, TextLine
from tests.engine.vision.layout.seen import line, page, read, walk

LABELS = ("Given name", "Nearest town", "Shoe size")


def form(pitch: float, drop: float, *cells: TextLine, labels=LABELS, color="#888888") -> Percepts:
    """Returns labels `pitch` apart, each with a line that starts `drop` below its top."""
    tops = [200 + pitch * number for number in range(len(labels))]
    lines = [line(label, 320, top, color=color) for label, top in zip(labels, tops, strict=True)]
    percepts = page(line("Plain words that fill the page", 140, 100), *cells, *lines)
    rules = tuple(Rule(Box(316, top + drop, 400, 1), "#cccccc") for top in tops)
    return replace(percepts, rules=rules)


def nodes(percepts: Percepts, kind: int = node_pb2.NODE_KIND_INPUT) -> list[node_pb2.Node]:
    return [node for node in walk(read(percepts).root) if node.kind == kind]


def test_faint_words_low_on_lines_of_their_own_are_fields():
    percepts = form(60, 26)
    fields = nodes(percepts)

    assert [field.control.placeholder for field in fields] == list(LABELS)
    assert all((field.bounds.x, field.bounds.width) == (316, 400) for field in fields)
    sides = fields[0].style.border.sides
    assert (sides.top, sides.right, sides.bottom, sides.left) == (False, False, True, False)
    assert not nodes(percepts, node_pb2.NODE_KIND_DIVIDER)


def test_words_between_lines_are_fields_where_one_asks_for_an_address():
    (_, email, _) = nodes(form(60, 39, labels=("Given name", "Email address", "Shoe size")))
    assert email.control.type == node_pb2.CONTROL_TYPE_EMAIL


@pytest.mark.parametrize(
    "percepts",
    [
        pytest.param(form(60, 39), id="a list with lines between its entries"),
        pytest.param(form(60, 26, color="#111111"), id="titles with a line below"),
        pytest.param(form(60, 26, labels=("Given name",)), id="a lone line"),
    ],
)
def test_other_words_on_lines_are_no_fields(percepts: Percepts):
    assert not nodes(percepts)


def test_large_words_over_lines_are_titles():
    large = form(60, 30)
    words = tuple(
        replace(text, font_size=22.0) if text.text in LABELS else text for text in large.lines
    )
    prose = [line("Plain words that fill the page", 320, 500 + 24 * n) for n in range(6)]
    assert nodes(large)
    assert not nodes(replace(large, lines=(*words, *prose)))


def test_rows_of_a_table_are_no_fields():
    cells = [line("Nearby", 600, 200 + 60 * n, color="#888888") for n in range(len(LABELS))]
    assert not nodes(form(60, 26, *cells))
