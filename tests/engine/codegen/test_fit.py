"""From which width on things fit beside each other."""

from __future__ import annotations

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen.context import Context
from engine.codegen.fit import largest_type, row_width
from engine.codegen.flow import row_breakpoint
from engine.codegen.options import CodegenOptions
from engine.codegen.paint import type_style


def test_a_row_needs_the_widest_cell_of_every_column():
    assert row_width([100, 50, 80, 90], 2, 20) == 100 + 90 + 20


def test_columns_that_share_the_room_need_what_the_most_crowded_needs():
    assert row_width([200, 100], 2, 20, ["3fr", "1fr"]) == 400 + 20
    assert row_width([300, 100], 2, 20, ["3fr", "1fr"]) == 400 + 20
    assert row_width([200, 100], 2, 20, ["12.5rem", "1fr"]) == 300 + 20


def _grid(*tracks, cell):
    grid = node_pb2.Node(id="grid", kind=node_pb2.NODE_KIND_CONTAINER)
    grid.bounds.width = 1280
    grid.layout.display = node_pb2.DISPLAY_GRID
    grid.layout.columns = len(tracks)
    grid.layout.column_tracks.extend(tracks)
    for number in range(len(tracks)):
        button = grid.children.add(id=f"b{number}", kind=node_pb2.NODE_KIND_BUTTON, text="Go")
        button.bounds.width = cell
    return grid


def _context(grid, *rules):
    schema = canonical_schema_pb2.CanonicalSchema(root=grid, responsive_rules=rules)
    schema.viewports.add(width=1280, height=900)
    return Context(schema, CodegenOptions())


def test_a_narrow_share_waits_for_a_wider_screen():
    even, narrow = _grid("1fr", "1fr", cell=160), _grid("4fr", "1fr", cell=160)
    assert row_breakpoint(even, _context(even)) == ""
    assert row_breakpoint(narrow, _context(narrow)) == "lg"


def test_columns_that_were_seen_to_stay_on_phones_stay():
    grid = _grid("1fr", "1fr", cell=100)
    stay = canonical_schema_pb2.ResponsiveRule(
        node_id="grid",
        breakpoint=canonical_schema_pb2.BREAKPOINT_MOBILE,
        action=canonical_schema_pb2.RESPONSIVE_ACTION_RESTRUCTURE,
        columns=2,
    )
    assert row_breakpoint(grid, _context(grid, stay)) == ""
    stay.columns = 1
    assert row_breakpoint(grid, _context(grid, stay)) != ""


def _title(text, px, width):
    title = node_pb2.Node(id="title", kind=node_pb2.NODE_KIND_HEADING, text=text)
    title.style.typography.size.px = px
    title.bounds.width = 1000
    title.lines.add(width=width)
    return title


def test_a_word_is_no_wider_than_the_line_of_a_phone():
    title = _title("GRAYSCALE", 150, 840)
    assert largest_type(title) == pytest.approx(327 * 150 / 840)
    context = _context(node_pb2.Node(id="page"))
    assert type_style(title, context).get("font-size") == "var(--text-fit)"
    assert context.tokens.used["--text-fit"].startswith("clamp(3.625rem,")


def test_words_that_fit_a_phone_leave_type_as_it_is():
    title = _title("Build it well", 60, 420)
    context = _context(node_pb2.Node(id="page"))
    assert type_style(title, context).get("font-size") == "var(--text-6xl)"
