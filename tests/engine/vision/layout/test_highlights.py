"""A highlighted column of a table is cut into cells; boxes with rules of their own are not."""

from __future__ import annotations

from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.layout.highlights import cut_highlights
from engine.vision.percepts import Box, PictureKind, Rule
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk


def table(*rules):
    """A table of prices whose third column is painted, with rules across."""
    columns = (40, 520, 760, 1000)
    rows = [
        line(word, x + 12, 20, size=14)
        for x, word in zip(columns, ("Features", "Personal", "Team", "Firm"), strict=True)
    ]
    for top in (64, 144, 224):
        rows.append(line("What it has", 52, top + 30))
        rows += [picture(x + 12, top + 28, 24, 24, PictureKind.ICON) for x in columns[1:]]
    seen = page(surface(760, 0, 240, 300, fill="#f0f0f0"), *rows, height=300)
    return replace(seen, rules=tuple(Rule(Box(*box), "#dddddd") for box in rules))


ACROSS = tuple((40, y, 1200, 1) for y in (64, 144, 224))


def test_rules_that_run_across_a_painted_column_cut_it_into_cells():
    boxes = [part.box for part in cut_highlights(table(*ACROSS)).surfaces]
    assert [(box.y, box.bottom) for box in boxes] == [(0, 64), (64, 144), (144, 224), (224, 300)]


def test_rules_inside_of_a_box_leave_it_whole():
    assert len(cut_highlights(table((760, 64, 240, 1), (760, 144, 240, 1))).surfaces) == 1


def test_a_single_line_across_a_box_leaves_it_whole():
    assert len(cut_highlights(table(ACROSS[0])).surfaces) == 1


def test_the_rows_of_a_table_with_a_highlighted_column_keep_their_cells():
    root = read(table(*ACROSS)).root
    nodes = list(walk(root))
    rows = [node for node in nodes if any(c.text == "What it has" for c in node.children)]
    assert [len(row.children) for row in rows] == [4, 4, 4]
    assert not any(node.kind == node_pb2.NODE_KIND_INPUT for node in nodes)
