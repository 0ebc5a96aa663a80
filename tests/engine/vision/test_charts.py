import pytest

from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import PictureKind
from tests.engine.vision.drawn_page import DrawnPage

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")


def seen(page):
    return perceive(page.pixels, OcrEngine(threads=1))


def texts(percepts):
    return {line.text for line in percepts.lines}


@pytest.fixture(scope="module")
def percepts():
    page = DrawnPage(800, 700)
    page.box(40, 20, 720, 420, fill="#ffffff", outline="#cccccc")
    page.text(60, 40, "Visitors of the year", 20)
    for row, value in enumerate((400, 300, 200, 100, 0)):
        page.text(70, 92 + 60 * row, f"{value}", 13, "#6b6b6b")
    for column, month in enumerate(MONTHS):
        x = 140 + 100 * column
        page.text(x, 362, month, 13, "#6b6b6b")
        page.box(x, 120 + 30 * (column % 4), 22, 220 - 30 * (column % 4), fill="#3355dd")
    page.text(60, 400, "Figures of the last week are estimates", 16)
    page.text(40, 480, "Read more about how visits are counted.", 16)
    return seen(page)


def test_what_stands_between_axes_is_one_chart(percepts):
    (chart,) = percepts.pictures
    assert chart.kind is PictureKind.CHART
    assert abs(chart.box.x - 70) <= 4
    assert abs(chart.box.y - 95) <= 6
    assert abs(chart.box.right - 664) <= 6
    assert abs(chart.box.bottom - 374) <= 6


def test_labels_of_axes_are_no_text_of_the_page(percepts):
    assert texts(percepts) == {
        "Visitors of the year",
        "Figures of the last week are estimates",
        "Read more about how visits are counted.",
    }


def test_bars_in_a_chart_are_no_boxes(percepts):
    assert [item.box.w for item in percepts.surfaces] == [720]


def test_numbers_in_a_table_are_no_axis():
    page = DrawnPage(800, 500)
    rows = (
        ("Ottawa", "410", "Bay"),
        ("Lagos", "388", "Sea"),
        ("Lima", "97", "Sea"),
        ("Bern", "12", ""),
    )
    for row, (town, visits, near) in enumerate(rows):
        page.text(60, 60 + 50 * row, town, 16)
        page.text(240, 60 + 50 * row, visits, 16)
        page.text(400, 60 + 50 * row, near, 16)
        page.box(520, 62 + 50 * row, 20 + 30 * row, 14, fill="#3355dd")
    percepts = seen(page)
    assert {"410", "388", "97", "12", "Lima"} <= texts(percepts)
    assert all(item.kind is not PictureKind.CHART for item in percepts.pictures)


def test_pictures_with_captions_side_by_side_are_no_chart():
    page = DrawnPage(800, 500)
    names = {"Lime tea", "Plum tea", "Rose tea", "Mint tea"}
    for column, name in enumerate(sorted(names)):
        page.noise(60 + 180 * column, 60, 120, 120, seed=column)
        page.text(90 + 180 * column, 200, name, 16)
    percepts = seen(page)
    assert names <= texts(percepts)
    assert len(percepts.pictures) == len(names)
