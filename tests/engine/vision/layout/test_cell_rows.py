"""Rows of a title and what it heads are rows of cells, though the cells' rows are not level."""

from __future__ import annotations

from engine.vision.layout.cell_rows import cell_rows
from engine.vision.layout.cut import arrange
from engine.vision.layout.item import Arrangement
from tests.engine.vision.layout.seen import text

COLUMNS = (0, 300, 600)


def feature(x: float, y: float, gap: float = 10):
    head = text("A feature", x, y, size=20, weight=700)
    return [head, text("What it is good for", x, head.box.bottom + gap)]


def test_titles_over_texts_are_cells_of_a_grid():
    made = arrange([item for y in (0, 140, 280) for x in COLUMNS for item in feature(x, y)])
    assert made.arrangement is Arrangement.GRID
    assert made.columns == 3
    assert len(made.children) == 9


def test_cells_whose_titles_are_not_level_are_cells_all_the_same():
    made = arrange(
        [item for y in (0, 140) for n, x in enumerate(COLUMNS) for item in feature(x, y + 9 * n)]
    )
    assert made.arrangement is Arrangement.GRID
    assert [len(cell.children) for cell in made.children] == [2] * 6


def test_rows_at_one_distance_are_no_rows_of_cells():
    heads = [text("A title", x, 0, size=20, weight=700) for x in COLUMNS]
    made = arrange([*heads, *(text("An entry", x, y) for x in COLUMNS for y in (40, 70, 100))])
    assert made.arrangement is Arrangement.ROW


def test_titles_far_above_their_entries_are_no_row_of_cells():
    heads = [text("A title", x, 0, size=20, weight=700) for x in COLUMNS]
    made = arrange([*heads, *(text("An entry", x, y) for x in COLUMNS for y in (80, 110, 140))])
    assert made.arrangement is Arrangement.ROW


def test_only_the_end_of_the_last_row_of_cells_may_be_empty():
    def rows(*last: int):
        """Rows of titles and of texts; the last two have none but these columns."""
        cells = [[feature(x, y) for x in COLUMNS] for y in (0, 140)]
        cells.append([feature(x, 280) for x in last])
        return [[cell[part] for cell in row] for row in cells for part in (0, 1)]

    assert len(cell_rows(rows(*COLUMNS))) == 3
    assert len(cell_rows(rows(*COLUMNS[:2]))) == 3
    assert not cell_rows(rows(COLUMNS[0], COLUMNS[2]))
