"""How the children of a row lie across it when its height comes out otherwise than seen."""

from __future__ import annotations

import pytest
from structra.v1 import node_pb2

from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.layout.levels import Levels
from engine.vision.layout.scale import SpacingScale
from engine.vision.percepts import Box, Surface


def _row(*boxes: Box) -> Item:
    return group([Item(box=box, node=node_pb2.Node()) for box in boxes], Arrangement.ROW)


def test_a_row_that_would_end_too_early_is_laid_out_from_its_top() -> None:
    row = _row(Box(0, 100, 200, 60), Box(220, 140, 14, 20), Box(240, 146, 14, 14))
    levels = Levels(SpacingScale())
    levels.start(row, 100)
    assert row.node.layout.align_items == node_pb2.ALIGNMENT_END
    height = levels.settle(row, [54, 20, 14], 100)
    assert row.node.layout.align_items == node_pb2.ALIGNMENT_START
    offsets = [child.node.layout.margin.top.px for child in row.children]
    assert offsets == [0, 40, 46]
    assert height == 60


@pytest.mark.parametrize(("y", "edge"), [(118.0, "bottom"), (124.0, "top")])
def test_a_child_off_the_middle_is_moved_by_a_margin(y: float, edge: str) -> None:
    row = _row(Box(0, 100, 200, 60), Box(220, y, 14, 18))
    levels = Levels(SpacingScale())
    begins = levels.start(row, 100)
    assert abs(begins[1] - y) <= 1
    assert levels.settle(row, [60, 18], 100) == 60
    assert 4 <= getattr(row.children[1].node.layout.margin, edge).px <= 6


def test_what_no_margin_could_centre_is_laid_out_from_the_top_of_its_row() -> None:
    row = _row(Box(0, 100, 200, 20), Box(220, 102, 14, 20))
    levels = Levels(SpacingScale())
    assert levels.start(row, 100) == [100, 102]
    assert levels.settle(row, [20, 20], 100) == 22
    assert row.node.layout.align_items == node_pb2.ALIGNMENT_START
    assert row.children[1].node.layout.margin.top.px == 2


def test_a_pixel_off_the_middle_is_made_up_for() -> None:
    row = _row(Box(0, 100, 200, 20), Box(220, 107.2, 7, 5))
    levels = Levels(SpacingScale())
    levels.start(row, 100)
    assert row.node.layout.align_items == node_pb2.ALIGNMENT_CENTER
    levels.settle(row, [20, 5], 100)
    assert not row.children[1].node.layout.margin.top.px
    row = _row(Box(0, 100, 200, 20), Box(220, 108.3, 7, 5))
    levels.start(row, 100)
    levels.settle(row, [20, 5], 100)
    assert row.children[1].node.layout.margin.top.px == 2


def test_a_child_is_moved_as_far_as_the_row_has_room() -> None:
    row = _row(Box(0, 100, 200, 60), Box(220, 107, 14, 53))
    row.node.layout.align_items = node_pb2.ALIGNMENT_CENTER
    assert Levels(SpacingScale()).settle(row, [60, 54], 100) == 60
    assert row.children[1].node.layout.margin.top.px == 6


def test_what_lies_lower_in_a_row_of_a_grid_keeps_its_place_and_cards_fill_the_row() -> None:
    row = _row(Box(0, 100, 200, 20), Box(220, 102, 200, 18), Box(440, 102, 200, 18)).children
    row[2].surface = Surface(row[2].box, "#eeeeee")
    band, levels = Box(0, 100, 640, 20), Levels(SpacingScale())
    assert levels.begin(row, band, 100, node_pb2.ALIGNMENT_STRETCH) == [100, 102, 100]
    assert [child.node.layout.margin.top.px for child in row] == [0, 2, 0]
    assert levels.begin(row, band, 100, node_pb2.ALIGNMENT_CENTER) == [100, 101, 101]
