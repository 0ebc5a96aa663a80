"""What the colours and sections of a page are called."""

import pytest

from engine.vision.layout.naming import slug
from tests.engine.vision.layout.seen import line, page, read, walk


def test_shades_that_texts_are_read_in_are_one_colour():
    shades = ("#565757", "#555656", "#545555", "#565655")
    inks = [line("Plain words", 140, 200 + 40 * n, color=c) for n, c in enumerate(shades)]
    nodes = walk(read(page(*inks, line("Quite another", 140, 500, color="#aa2222"))).root)
    assert len({node.style.color.value for node in nodes if node.text == "Plain words"}) == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("850 x 350", "", id="a size"),
        pytest.param("24 Hours Performance", "hours-performance", id="a leading figure"),
        pytest.param("What we grow here", "what-we-grow", id="words"),
    ],
)
def test_sections_are_named_by_words(title: str, name: str):
    assert slug(title) == name
