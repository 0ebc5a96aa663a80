"""Lists of links that their title tells."""

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import kinds, line, page, prose, read

ENTRIES = ("Gardens", "Tools for May", "Seeds")


def linked(title: str, *, size: float = 18.0, tail: str = "") -> set[str]:
    """Returns which texts below a title in a side column are links."""
    below = [
        line(text, 900, 240 + 30 * n, size=14) for n, text in enumerate((*ENTRIES, tail)) if text
    ]
    schema = read(
        page(
            line("The garden blog", 140, 60, size=40, weight=700),
            *prose(200),
            *prose(300),
            line(title, 900, 200, size=size),
            *below,
        )
    )
    return {text for text, kind in kinds(schema).items() if kind == node_pb2.NODE_KIND_LINK}


@pytest.mark.parametrize(
    ("title", "found"),
    [
        pytest.param("Categories", True, id="categories"),
        pytest.param("Recent Posts", True, id="recent posts"),
        pytest.param("Blogroll", True, id="a blogroll"),
        pytest.param("Ingredients", False, id="a list of something else"),
    ],
)
def test_short_texts_below_a_title_of_links_are_links(title: str, *, found: bool):
    assert linked(title) == (set(ENTRIES) if found else set())


def test_a_word_in_the_type_of_its_list_is_no_title():
    assert not linked("Categories", size=14.0)


def test_prose_below_such_a_title_ends_the_list():
    text = "What stands here says how the garden came to be."
    assert linked("Categories", tail=text) == set(ENTRIES)
