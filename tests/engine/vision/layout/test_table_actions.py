"""Links in and above the rows of a table."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.codegen import generate
from engine.vision.percepts import Percepts, PictureKind, TextLine
from tests.engine.vision.layout.seen import kinds, line, page, picture, read, surface, walk

ROWS = [200 + 48 * number for number in range(5)]
HEADS = ("Name", "City", "Since")
PLACES = (240, 600, 900)


def cells(*, shift: float = 0.0) -> list[TextLine]:
    """Returns the words of five records; `shift` is how far they stand off their heads."""
    return [
        line(f"{head} {row}", x + shift, y)
        for row, y in enumerate(ROWS)
        for head, x in zip(HEADS, PLACES, strict=True)
    ]


def records(height: float) -> Percepts:
    """Returns a table of records with two icons each; `height` is how tall the second is."""
    signs = [
        picture(x, y + 2, 16, h, PictureKind.ICON)
        for y in ROWS
        for x, h in ((140, 16), (168, height))
    ]
    heads = [line(head, x, 152, weight=700) for head, x in zip(HEADS, PLACES, strict=True)]
    return page(*heads, *cells(), *signs)


@pytest.mark.parametrize(("height", "count"), [(14, 10), (8, 0)])
def test_icons_beside_each_other_in_the_rows_of_a_table_do_something_with_records(
    height: float, count: int
):
    table = next(
        node for node in walk(read(records(height)).root) if node.kind == node_pb2.NODE_KIND_TABLE
    )
    assert sum(node.kind == node_pb2.NODE_KIND_LINK for node in walk(table)) == count


@pytest.mark.parametrize(("shift", "linked"), [(0.0, False), (40.0, True)])
def test_a_bar_whose_labels_head_the_columns_below_is_no_navigation(*, shift: float, linked: bool):
    bar = surface(100, 140, 1080, 44, fill="#111111")
    labels = [line(head, x, 152, color="#eeeeee") for head, x in zip(HEADS, PLACES, strict=True)]
    found = kinds(read(page(bar, *labels, *cells(shift=shift))))
    assert {found[head] == node_pb2.NODE_KIND_LINK for head in HEADS} == {linked}


def test_an_icon_that_links_stands_on_no_line_of_text_in_its_cell():
    signs = [picture(x, y + 2, 16, 14, PictureKind.ICON) for y in ROWS for x in (90, 140)]
    styles = "".join(
        str(file.content)
        for file in generate(read(page(*cells(), *signs)), "html-css")
        if file.path.endswith(".css")
    )
    assert "display: flex" in styles
    assert "inline-flex" not in styles
