"""Lists of links that commas separate."""

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, prose, read, walk

BLUE = "#2563eb"


def linked(text: str) -> list[str]:
    """Returns the links that are read in a blue line and a blue title among prose."""
    title = line("The manual", 140, 200, color=BLUE)
    root = read(page(title, line(text, 140, 300, color=BLUE), *prose())).root
    whole = [node.text for node in walk(root) if node.kind == node_pb2.NODE_KIND_LINK]
    parts = [run.text for node in walk(root) for run in node.runs if run.link]
    return [text for text in (*whole, *parts) if text != "The manual"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        pytest.param("Gardens, Small trees, Soil", ["Gardens", "Small trees", "Soil"], id="names"),
        pytest.param("gardens, soil", ["gardens", "soil"], id="tags"),
        pytest.param("Cushion, moss", ["Cushion, moss"], id="a name with a remark"),
        pytest.param("Trees, Soil And More Water", ["Trees, Soil And More Water"], id="a title"),
    ],
)
def test_commas_part_links_of_a_list_but_not_a_title(text: str, links: list[str]):
    assert linked(text) == links
