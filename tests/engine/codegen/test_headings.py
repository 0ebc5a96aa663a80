"""The outline that generated headings make."""

import pytest
from structra.v1 import node_pb2

from engine.codegen.headings import heading_levels


def outline(*given: int) -> list[int]:
    """Returns the generated levels of headings with these levels in the schema."""
    root = node_pb2.Node(id="page", kind=node_pb2.NODE_KIND_CONTAINER)
    for number, level in enumerate(given):
        root.children.add(id=f"h-{number}", kind=node_pb2.NODE_KIND_HEADING, heading_level=level)
    levels = heading_levels(root)
    return [levels[node.id] for node in root.children]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((1, 2, 3, 2), [1, 2, 3, 2]),
        ((1, 2, 5, 5, 4, 2), [1, 2, 3, 3, 3, 2]),
        ((3, 4, 6), [1, 2, 3]),
        ((2, 1, 2), [2, 1, 2]),
        ((1, 1, 3), [1, 2, 3]),
        ((1, 2, 3, 4, 5, 6, 6), [1, 2, 3, 4, 5, 6, 6]),
    ],
)
def test_levels_have_no_gaps_and_siblings_agree(given, expected):
    assert outline(*given) == expected
