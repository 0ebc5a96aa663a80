"""One line tells no line height: it takes one that people write, in whole pixels."""

from __future__ import annotations

import pytest

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.leading import set_line_heights
from engine.vision.layout.leaves import text_item
from engine.vision.percepts import Box
from tests.engine.vision.layout.seen import line


@pytest.mark.parametrize(
    ("size", "ratio"), [(14, 1.5), (16, 1.5), (15, 1.4), (24, 1.25), (32, 1.25), (20, 1.2)]
)
def test_a_lone_lines_height_is_a_round_ratio_of_whole_pixels(size: float, ratio: float) -> None:
    item = text_item(TextBlock([line("Some words", 100, 100, size=size)]))
    set_line_heights([item], 14, Box(0, 0, 1000, 1000))
    height = item.node.style.typography.line_height
    assert height == pytest.approx(ratio, abs=0.001)
    assert height * size == pytest.approx(round(height * size), abs=0.06)


def test_a_line_keeps_within_its_box() -> None:
    item = text_item(TextBlock([line("Some words", 100, 100, size=20)]))
    room = Box(0, item.box.center_y - 11, 1000, 22)
    set_line_heights([item], 16, room)
    assert item.node.style.typography.line_height == pytest.approx(1.1)
