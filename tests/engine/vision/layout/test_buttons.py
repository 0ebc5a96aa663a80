"""Which painted boxes around words are buttons."""

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, read, surface, walk


@pytest.mark.parametrize(
    ("text", "box", "radius", "button"),
    [
        pytest.param("Find out more", (176, 66), 33.0, True, id="a large pill"),
        pytest.param("Find out more", (176, 66), 0.0, True, id="a large box"),
        pytest.param("Find out more", (176, 82), 0.0, False, id="a box that is too tall"),
        pytest.param("$0.40", (48, 48), 24.0, False, id="a price on a disc"),
        pytest.param("12", (40, 40), 4.0, True, id="a number in a square"),
    ],
)
def test_a_box_with_its_words_in_the_middle_is_a_button(
    text: str, box: tuple[float, float], radius: float, button: bool
):
    width, height = box
    percepts = page(
        line("Plain words that fill the page and say nothing of note at all", 140, 100),
        surface(400, 300, width, height, fill="#2563eb", radius=radius),
        line(text, 400 + width / 2, 300 + height / 2 - 8, size=14, color="#ffffff", center=True),
    )
    (node,) = [node for node in walk(read(percepts).root) if node.text == text]
    assert (node.kind == node_pb2.NODE_KIND_BUTTON) is button
