"""Bars on one line are a chart; rows of marks, texts of code and bars of other rows are none."""

import pytest

from engine.vision.perception.chart_bars import join_bars
from engine.vision.percepts import Box, Picture, PictureKind, Rule

BASE, HEIGHT = 300, 900


def bars(*heights, width=12, pitch=20, left=100):
    return [
        Picture(Box(left + pitch * n, BASE - h, width, h), PictureKind.SHAPE, "#3355dd")
        for n, h in enumerate(heights)
    ]


def charts(pictures, rules=(), height=HEIGHT):
    kept, _ = join_bars(pictures, rules, height)
    return [item.box for item in kept if item not in pictures]


def test_slim_bars_of_several_heights_are_one_chart():
    assert charts(bars(80, 40, 60, 100)) == [Box(100, 200, 72, 100)]


@pytest.mark.parametrize(
    "pictures",
    [
        pytest.param(bars(60, 60, 60, 60, 60), id="all alike"),
        pytest.param(bars(80, 40, 60, 100, pitch=60), id="far apart"),
        pytest.param(bars(80, 40, 60, 100, width=40, pitch=50), id="wide"),
        pytest.param(bars(80, 40, 100), id="few"),
    ],
)
def test_what_is_unlike_values_is_no_chart(pictures):
    assert charts(pictures) == []


def test_bars_that_end_on_other_lines_are_no_chart():
    steps = [
        Picture(Box(100 + 20 * n, 200 - 9 * n, 12, 50 + 4 * n), PictureKind.SHAPE, "#3355dd")
        for n in range(6)
    ]
    assert charts(steps) == []


def test_what_the_pages_end_cuts_stands_on_no_line():
    assert charts(bars(80, 40, 60, 100), height=BASE) == []


def test_soft_edges_of_a_thin_bar_are_that_bar():
    heights = (48, 25, 35, 48, 30)
    rules = [
        Rule(Box(80 + 9 * n + edge, BASE - h, 1, h), "#3355dd")
        for edge in (0, 1)
        for n, h in enumerate(heights)
    ]
    kept, left = join_bars([], rules, HEIGHT)
    assert [(item.box, item.kind) for item in kept] == [
        (Box(80, BASE - 48, 38, 48), PictureKind.ICON)
    ]
    assert left == []


def test_two_thin_bars_whose_edges_are_soft_are_not_four():
    rules = [
        Rule(Box(80 + 9 * n + edge, BASE - 20 - 9 * n, 1, 20 + 9 * n), "#3355dd")
        for edge in (0, 1)
        for n in range(3)
    ]
    assert charts([], rules) == []
