"""Numbers that grow evenly upwards and labels at an even pitch are axes; other words are none."""

import pytest

from engine.vision.perception.chart_axes import label_axes, value_axes
from engine.vision.percepts import Box
from tests.engine.vision.read_line import GREY, MONTHS, column, row


@pytest.mark.parametrize(
    "words",
    [
        ("400", "300", "200", "100", "0"),
        ("$2k", "$1.5k", "$1k", "$0.5k"),
        pytest.param(("200", "100", "0", "100", "200"), id="signs that were not read"),
    ],
)
def test_numbers_that_grow_evenly_upwards_are_an_axis(words):
    (axis,) = value_axes(column(*words))
    assert axis.count == len(words)
    assert axis.box.center_y == pytest.approx(100 + 30 * (len(words) - 1), abs=8)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(column("410", "388", "97", "12"), id="uneven"),
        pytest.param(column("100", "200", "300"), id="growing downwards"),
        pytest.param(column("7", "7", "7"), id="all alike"),
        pytest.param(column("300", "200", "100", across=30), id="in steps"),
        pytest.param(column("300", "200", "100", colors=(GREY, "#dd3355")), id="two colours"),
        pytest.param(column("Lima", "Bern", "Oslo"), id="words"),
        pytest.param(column("200", "100"), id="two"),
    ],
)
def test_other_columns_are_no_axes(labels):
    assert value_axes(labels) == []


def test_numbers_below_an_axis_are_another():
    upper, lower = value_axes(column("40", "30", "20", "30", "20", "10"))
    assert (upper.count, lower.count) == (3, 3)


def test_labels_at_an_even_pitch_are_an_axis_though_one_is_not_read():
    places = (100, 200, 300, 500, 600, 700)
    (axis,) = label_axes(row(MONTHS, places))
    assert axis.count == len(MONTHS)
    assert (axis.box.x, axis.box.y) == (100, 400)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(row(MONTHS[:4], (100, 200, 350, 410)), id="uneven"),
        pytest.param(row(MONTHS[:4], (100, 200, 300, 400), down=9), id="in steps"),
        pytest.param(
            row(MONTHS[:4], (100, 200, 300, 400), colors=(GREY, "#dd3355")), id="two colours"
        ),
        pytest.param(row(MONTHS[:2], (100, 200)), id="two"),
    ],
)
def test_other_rows_are_no_axes(labels):
    assert label_axes(labels) == []


def test_labels_of_charts_beside_each_other_are_an_axis_each():
    labels = row((*MONTHS[:3], *MONTHS[:3]), (100, 200, 300, 700, 800, 900))
    first, second = label_axes(labels)
    assert first.box.union(Box(100, 400, 1, 1)) == first.box
    assert second.box.x == 700
    assert (first.count, second.count) == (3, 3)
