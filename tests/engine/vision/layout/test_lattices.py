"""Tables whose cells are ruled off all over are read cell by cell."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.codegen import generate
from engine.vision.layout.lattices import join_lattices
from engine.vision.percepts import Percepts
from tests.engine.vision.layout.seen import line, page, read, surface, walk

COLUMNS, ROWS = (100, 300, 460, 1000), (200, 240, 280, 340)
WORDS = (("Name", "Type", "What it does"), ("width", "String", "How wide it is"), ("lang", "", ""))


def seen(*, header: str = "#ffffff", weight: int = 700, column: str = "#ffffff") -> Percepts:
    """A table of three rows and columns, as perception sees it: boxes across and boxes down."""
    high, wide = ROWS[-1] - ROWS[0], COLUMNS[-1] - COLUMNS[0]
    fills = (header, "#ffffff", "#ffffff")
    across = [
        surface(COLUMNS[0], top, wide, bottom - top + 1, fill=fill, border="#dddddd")
        for top, bottom, fill in zip(ROWS, ROWS[1:], fills, strict=False)
    ]
    down = [
        surface(left, ROWS[0], right - left + 1, high, fill=fill, border="#dddddd")
        for left, right, fill in zip(
            COLUMNS, COLUMNS[1:], ("#ffffff", column, "#ffffff"), strict=False
        )
    ]
    texts = [
        line(word, left + 12, top + 10, weight=weight if top == ROWS[0] else 400)
        for words, top in zip(WORDS, ROWS, strict=False)
        for word, left in zip(words, COLUMNS, strict=False)
        if word
    ]
    texts += [line("Which language it speaks, and what", 472, 290), line("it says", 472, 312)]
    return page(*across, *down, *texts)


def table(percepts: Percepts) -> node_pb2.Node:
    found = [n for n in walk(read(percepts).root) if n.kind == node_pb2.NODE_KIND_TABLE]
    assert len(found) == 1
    return found[0]


def test_crossing_rows_and_columns_are_one_surface():
    (whole,) = join_lattices(seen()).surfaces
    assert whole.lattice is not None
    assert (whole.lattice.rows, whole.lattice.columns) == (
        (200, 240, 280, 341),
        (100, 300, 460, 1000),
    )


def test_every_cell_has_its_place_and_empty_ones_too():
    rows = table(seen()).children
    texts = [[" ".join(n.text for n in walk(c) if n.text) for c in row.children] for row in rows]
    assert texts == [
        *map(list, WORDS[:2]),
        ["lang", "", "Which language it speaks, and what it says"],
    ]
    assert rows[0].children[0].role == node_pb2.SEMANTIC_ROLE_TABLE_HEADER_CELL


def test_cells_are_filled_as_their_row_or_column():
    first, second, _ = table(seen(header="#eeeeee", column="#f5f5f5")).children
    assert first.style.background.color.value == "#eeeeee"
    assert [c.style.background.color.value for c in first.children] == ["", "", ""]
    assert [c.style.background.color.value for c in second.children] == ["", "#f5f5f5", ""]


def test_lines_part_rows_and_columns():
    rows = table(seen()).children
    assert [row.style.border.sides.bottom for row in rows] == [True, True, False]
    assert [cell.style.border.sides.right for cell in rows[0].children] == [True, True, False]


def test_columns_are_as_wide_as_they_are_ruled():
    shares = [float(track.removesuffix("%")) for track in table(seen()).layout.column_tracks]
    assert shares == pytest.approx([100 * width / 900 for width in (200, 160, 540)], abs=0.2)


def test_cells_that_begin_level_stay_level():
    rows = table(seen()).children
    assert [row.layout.padding.top.px for row in rows] == [0, 0, 8]
    assert [row.layout.align_items for row in rows] == [
        node_pb2.ALIGNMENT_CENTER,
        node_pb2.ALIGNMENT_CENTER,
        node_pb2.ALIGNMENT_START,
    ]


def test_a_first_row_that_is_set_as_the_others_heads_nothing():
    cell = table(seen(weight=400)).children[0].children[0]
    assert cell.role == node_pb2.SEMANTIC_ROLE_TABLE_CELL


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param((), id="no columns"),
        pytest.param(((100, 400), (300, 400), (500, 400)), id="columns below"),
        pytest.param(((100, 160), (300, 160), (500, 160)), id="columns that begin above"),
    ],
)
def test_rows_that_no_columns_cross_stay_boxes(columns):
    rows = [surface(100, 200 + 40 * n, 600, 41, border="#dddddd") for n in range(4)]
    boxes = [*rows, *(surface(x, y, 201, 161, border="#dddddd") for x, y in columns)]
    assert set(join_lattices(page(*boxes)).surfaces) == set(boxes)


def test_lines_between_cells_are_borders_of_cells_whatever_these_hold():
    files = {file.path: file.content for file in generate(read(seen()), "html-css")}
    html, css = str(files["index.html"]), str(files["styles.css"])
    assert html.count("<td") + html.count("<th ") == 9
    assert "border-right: 1px solid" in css
    assert "vertical-align: top" in css


def test_a_bar_in_a_cell_stays_as_low_as_it_was_seen():
    bar = surface(312, 256, 120, 8, fill="#16a34a")
    percepts = seen()
    files = generate(read(replace(percepts, surfaces=(*percepts.surfaces, bar))), "html-css")
    html = next(str(file.content) for file in files if file.path == "index.html")
    css = next(str(file.content) for file in files if file.path == "styles.css")
    cells = dict(re.findall(r"\.([\w-]+) \{([^}]*border-right[^}]*)\}", css))
    assert cells
    assert not any("background-color" in rule for rule in cells.values())
    assert re.search(r"<td[^>]*>\s*<(div|span)", html)


def test_a_table_whose_head_is_its_largest_row_has_the_fill_of_its_cells():
    columns = [
        surface(left, 200, 200, 42, border="#cccccc", fill="#ffffff") for left in (100, 300, 500)
    ]
    head = surface(100, 200, 600, 22, border="#cccccc", fill="#dddddd")
    body = surface(100, 222, 600, 20, border="#cccccc", fill="#ffffff")
    (whole,) = join_lattices(page(head, body, *columns)).surfaces
    assert whole.fill == "#ffffff"
    assert whole.lattice is not None
    assert whole.lattice.row_fills == ("#dddddd", None)
    assert whole.lattice.column_fills == (None, None, None)


@pytest.mark.parametrize(
    "kept", [("Name", "Type", "What it does"), ("Name", "width", "lang"), ("String",)]
)
def test_rows_and_columns_may_be_empty(kept):
    percepts = seen()
    words = tuple(item for item in percepts.lines if item.text in kept)
    rows = table(replace(percepts, lines=words)).children
    assert [len(row.children) for row in rows] == [3, 3, 3]
    assert sorted(n.text for row in rows for n in walk(row) if n.text) == sorted(kept)
