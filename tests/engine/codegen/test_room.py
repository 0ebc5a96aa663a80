"""How much room containers have, and what must be kept on one line for want of it."""

from __future__ import annotations

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import CodegenOptions, generate
from engine.codegen.context import Context
from engine.codegen.flow import arrange
from engine.codegen.room import is_tight, rooms
from engine.vision.percepts import PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read


def _group(name: str, width: float, *children: node_pb2.Node) -> node_pb2.Node:
    node = node_pb2.Node(id=name, bounds=node_pb2.Bounds(width=width), children=children)
    node.layout.display = node_pb2.DISPLAY_FLEX
    node.layout.direction = node_pb2.DIRECTION_COLUMN
    return node


def _row(name: str, width: float, *children: node_pb2.Node) -> node_pb2.Node:
    row = _group(name, width, *children)
    row.layout.direction = node_pb2.DIRECTION_ROW
    return row


def _leaf(width: float) -> node_pb2.Node:
    return node_pb2.Node(id=f"leaf-{width}", bounds=node_pb2.Bounds(width=width))


def test_a_group_has_the_room_of_the_column_that_it_fills() -> None:
    inner = _group("inner", 100, _leaf(100))
    inner.layout.padding.left.px = 20
    assert rooms(_group("page", 600, inner)) == {"page": 600, "inner": 580}
    inner.style.background.color.value = "#eeeeee"
    assert rooms(_group("page", 600, inner)) == {"page": 600, "inner": 80}


@pytest.mark.parametrize(("width", "room"), [(600, 400), (390, 180)])
def test_what_stands_in_a_row_has_what_the_row_leaves_over(width: float, room: float) -> None:
    inner = _group("inner", 180, _leaf(180))
    row = _row("row", 380, _leaf(180), inner)
    row.layout.column_gap.px = 20
    assert rooms(_group("page", width, row))["inner"] == room


def test_cells_have_the_room_of_their_tracks() -> None:
    grid = _group("grid", 500, _group("first", 50, _leaf(50)), _group("second", 50, _leaf(50)))
    grid.layout.display, grid.layout.columns = node_pb2.DISPLAY_GRID, 2
    grid.layout.column_gap.px = 20
    assert rooms(grid) == {"grid": 500, "first": 240, "second": 240}
    grid.layout.column_tracks.extend(["100px", "1fr"])
    assert rooms(grid) == {"grid": 500, "first": 100, "second": 380}


def test_a_row_that_its_margins_fill_is_tight() -> None:
    row = _row("row", 800, _leaf(180), _leaf(180))
    row.children[1].layout.margin.left.px = 400
    assert is_tight(row, 800)
    row.children[1].layout.margin.left.px = 0
    assert not is_tight(row, 800)


def test_only_lines_that_have_no_room_are_kept_from_wrapping() -> None:
    title = line("A title that is much wider than the entry below it", 140, 60)
    icon = picture(140, 100, 20, 20, PictureKind.ICON)
    schema = read(page(title, icon, line("A setting", 170, 100)))
    css = next(str(f.content) for f in generate(schema, "html-css") if f.path == "styles.css")
    assert "nowrap" not in css


@pytest.mark.parametrize(
    ("role", "wrap"),
    [(node_pb2.SEMANTIC_ROLE_TABLE_CELL, "wrap"), (node_pb2.SEMANTIC_ROLE_UNSPECIFIED, None)],
)
def test_a_narrow_row_may_wrap_in_the_cell_of_a_table_alone(
    role: node_pb2.SemanticRole.ValueType, wrap: str | None
) -> None:
    row = _row("row", 47, _leaf(30), _leaf(14))
    row.role = role
    schema = canonical_schema_pb2.CanonicalSchema(root=_group("page", 1000, row))
    assert arrange(row, Context(schema, CodegenOptions())).get("flex-wrap") == wrap
