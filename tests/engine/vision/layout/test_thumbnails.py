"""Links around the pictures of entries."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from tests.engine.vision.layout.seen import line, page, picture, read, walk


def linked_pictures(*, title: str, side: float, circular: bool) -> int:
    """Returns how many of three pictures beside dated names are links."""
    entries = [
        part
        for n in range(3)
        for part in (
            replace(picture(240, 200 + 120 * n, side, side), circular=circular),
            line(f"{title} {n}" if title else str(n), 260 + side, 210 + 120 * n, size=15),
            line("2026-10-18", 260 + side, 230 + 120 * n, size=12, color="#777777"),
        )
    ]
    schema = read(page(line("The blog", 240, 80, size=40, weight=700), *entries))
    return sum(
        child.kind in {node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_ICON}
        for node in walk(schema.root)
        if node.kind == node_pb2.NODE_KIND_LINK
        for child in node.children
    )


@pytest.mark.parametrize(
    ("title", "side", "circular", "links"),
    [
        pytest.param("Story number", 64, False, 3, id="a thumbnail"),
        pytest.param("Story number", 64, True, 0, id="a portrait beside a name"),
        pytest.param("Story number", 110, False, 0, id="a large picture"),
        pytest.param("Story number", 20, False, 0, id="an icon"),
    ],
)
def test_the_thumbnail_of_a_linked_title_is_a_link(
    title: str, side: float, links: int, *, circular: bool
):
    assert linked_pictures(title=title, side=side, circular=circular) == links
