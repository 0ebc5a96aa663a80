"""Which coloured texts are links, and which only tell a state, label a field or count."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Box, FormMark, Mark, TextLine
from tests.engine.vision.layout.seen import kinds, line, page, prose, read

BLUE, GREEN = "#2563eb", "#16a34a"


def linked(*lines: TextLine, marks: tuple[FormMark, ...] = ()) -> set[str]:
    """Returns the texts that are read as links among `lines` and some prose."""
    found = kinds(read(replace(page(*lines, *prose()), marks=marks)))
    return {text for text, kind in found.items() if kind == node_pb2.NODE_KIND_LINK}


def test_green_beside_blue_links_tells_that_something_went_well():
    links = [line(f"Report {name}", 140, 300 + 60 * at, color=BLUE) for at, name in enumerate("AB")]
    state = line("In stock", 140, 460, color=GREEN)
    assert linked(*links, state) == {"Report A", "Report B"}


def test_green_alone_is_the_colour_of_links():
    assert linked(line("See the report", 140, 300, color=GREEN)) == {"See the report"}


def test_the_label_of_a_check_box_is_no_link_though_it_is_coloured():
    mark = FormMark(Box(140, 300, 16, 16), Mark.CHECKBOX, "#767676")
    assert linked(line("Remember me", 164, 299, color=BLUE), marks=(mark,)) == set()


@pytest.mark.parametrize(
    ("texts", "count"),
    [
        pytest.param(("#11", "#12", "#13"), 3, id="keys"),
        pytest.param(("17:49", "17:51", "18:02"), 3, id="times"),
        pytest.param(("$12", "$13", "$14"), 0, id="prices"),
        pytest.param(("#11", "#12"), 0, id="too few"),
    ],
)
def test_coloured_keys_below_each_other_lead_to_records(texts: tuple[str, ...], count: int):
    keys = [line(text, 140, 300 + 60 * at, color=BLUE) for at, text in enumerate(texts)]
    assert len(linked(*keys)) == count


def test_a_name_in_angle_brackets_is_no_code():
    assert linked(line("<Primary link>", 140, 300, color=BLUE)) == {"<Primary link>"}
