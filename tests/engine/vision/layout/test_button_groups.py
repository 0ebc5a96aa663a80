"""Painted boxes that lines cut into buttons."""

from dataclasses import replace

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import generate
from engine.vision.percepts import Box, Percepts, Picture, PictureKind, Rule
from tests.engine.vision.layout.seen import line, page, picture, prose, read, surface, walk


def icon(x: float, y: float) -> Picture:
    return picture(x, y, 16, 16, PictureKind.ICON)


def cut(percepts: Percepts, *rules: Box) -> canonical_schema_pb2.CanonicalSchema:
    return read(replace(percepts, rules=tuple(Rule(box, "#96a0ad") for box in rules)))


def buttons(schema: canonical_schema_pb2.CanonicalSchema) -> list[tuple[float, float]]:
    """Returns where the buttons of a schema begin."""
    return [
        (node.bounds.x, node.bounds.y)
        for node in walk(schema.root)
        if node.kind == node_pb2.NODE_KIND_BUTTON
    ]


def test_a_row_of_icons_between_lines_is_a_group_of_buttons():
    icons = [icon(412 + 40 * n, 309) for n in range(3)]
    schema = cut(
        page(*prose(200), surface(400, 300, 120, 34, fill="#aab2bd"), *icons),
        Box(440, 301, 1, 32),
        Box(480, 301, 1, 32),
    )

    assert buttons(schema) == [(400, 300), (440, 300), (480, 300)]
    files = {file.path: str(file.content) for file in generate(schema, "html-css")}
    assert files["index.html"].count('role="group"') == 1
    assert "border-left: 1px solid" in files["styles.css"]


def test_a_column_of_icons_between_lines_is_a_group_of_buttons():
    icons = [icon(412, 309 + 34 * n) for n in range(3)]
    schema = cut(
        page(*prose(200), surface(400, 300, 40, 102, fill="#aab2bd"), *icons),
        Box(401, 334, 38, 1),
        Box(401, 368, 38, 1),
    )

    assert buttons(schema) == [(400, 300), (400, 334), (400, 368)]


@pytest.mark.parametrize(
    ("at", "height", "split"),
    [
        pytest.param(474, 32, True, id="a word and an arrow"),
        pytest.param(474, 12, False, id="a short line"),
        pytest.param(500, 32, False, id="no icon in its middle"),
    ],
)
def test_a_button_with_a_menu_is_two_where_a_line_parts_its_arrow(
    at: float, height: float, split: bool
):
    percepts = page(
        *prose(200),
        surface(400, 300, 108, 34, fill="#3bafda"),
        line("Save", 438, 309, size=14, color="#ffffff", center=True),
        picture(486, 314, 9, 5, PictureKind.ICON),
    )
    schema = cut(percepts, Box(at, 301, 1, height))

    assert ((at, 300) in buttons(schema)) is split
    assert {node.text for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_BUTTON} <= {
        "Save", "",
    }  # fmt: skip
