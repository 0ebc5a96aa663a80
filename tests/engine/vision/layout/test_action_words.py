"""Words that ask to be pressed however they look."""

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, read, walk


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("View more", True),
        ("Edit", True),
        ("ann@example.com", True),
        ("View of the garden", False),
        ("Editors", False),
    ],
)
def test_words_of_action_and_addresses_are_links(text: str, link: bool):
    words = "Plain words that fill the page and say nothing of note at all"
    prose = [line(words, 140, 100 + 24 * row) for row in range(3)]
    schema = read(page(*prose, line(text, 900, 300)))
    (node,) = [node for node in walk(schema.root) if node.text == text]
    assert (node.kind == node_pb2.NODE_KIND_LINK) is link
