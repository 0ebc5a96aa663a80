import cv2
import numpy as np
import pytest

from engine.vision.perception import OcrEngine, perceive
from engine.vision.percepts import Box, PictureKind
from tests.engine.vision.drawn_page import DrawnPage
from tests.engine.vision.test_photo_bands import paste

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


def test_bars_beside_values_are_a_chart_without_labels_below():
    page = DrawnPage(800, 500)
    page.box(40, 20, 400, 420, fill="#ffffff", outline="#cccccc")
    page.text(60, 40, "Orders of the day", 20)
    for row, value in enumerate((80, 60, 40, 20)):
        page.text(60, 92 + 60 * row, f"{value}", 13, "#6b6b6b")
    for column in range(6):
        height = (150, 60, 110, 170, 80, 130)[column]
        page.box(110 + 50 * column, 300 - height, 30, height, fill="#99bbee", outline="#3355dd")
    page.text(60, 400, "Updated an hour ago", 16)
    percepts = seen(page)
    (chart,) = percepts.pictures
    assert chart.kind is PictureKind.CHART
    assert chart.box.iou(Box(60, 94, 330, 206)) > 0.85
    assert texts(percepts) == {"Orders of the day", "Updated an hour ago"}


def test_pairs_of_bars_over_labels_are_one_chart():
    page = DrawnPage(800, 500)
    page.text(60, 40, "Orders of the week", 20)
    for column, day in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri")):
        x = 80 + 90 * column
        page.text(x, 310, day, 13, "#6b6b6b")
        page.box(x, 120 + 20 * (column % 3), 12, 180 - 20 * (column % 3), fill="#3355dd")
        page.box(x + 15, 160 + 15 * (column % 2), 12, 140 - 15 * (column % 2), fill="#ee9944")
    percepts = seen(page)
    (chart,) = percepts.pictures
    assert chart.box.iou(Box(80, 120, 390, 202)) > 0.85


def test_values_to_the_right_of_a_chart_belong_to_it():
    page = DrawnPage(800, 500)
    page.box(40, 20, 640, 440, fill="#ffffff", outline="#cccccc")
    page.text(60, 40, "Visitors of the year", 20)
    page.draw.polygon([(80, 340), (200, 180), (380, 250), (560, 120), (560, 340)], fill="#3355dd")
    for row, value in enumerate((500, 400, 300, 200, 100)):
        page.text(590, 100 + 50 * row, f"{value}", 13, "#6b6b6b")
    percepts = seen(page)
    (chart,) = percepts.pictures
    assert chart.box.iou(Box(80, 103, 536, 237)) > 0.9


def test_a_chart_is_whole_where_its_lowest_value_is_not_read():
    page = DrawnPage(900, 500)
    page.text(60, 40, "Orders of the year", 20)
    for row, value in enumerate((1500, 1000, 500)):
        page.text(60, 92 + 80 * row, f"{value}", 13, "#6b6b6b")
    for column, month in enumerate(MONTHS):
        height = (60, 90, 130, 150, 190, 220)[column]
        page.text(140 + 90 * column, 340, month, 13, "#6b6b6b")
        page.box(130 + 90 * column, 332 - height, 50, height, fill="#3355dd")
    percepts = seen(page)
    (chart,) = percepts.pictures
    assert chart.box.iou(Box(60, 95, 570, 257)) > 0.85


def test_buttons_over_labels_are_no_bars():
    page = DrawnPage(800, 400)
    for column, label in enumerate(("Save", "Open", "Send", "Move")):
        page.box(60 + 160 * column, 80, 120, 40, fill="#3355dd", radius=4)
        page.text(98 + 160 * column, 150, label, 13, "#6b6b6b")
    percepts = seen(page)
    assert [item for item in percepts.pictures if item.kind is PictureKind.CHART] == []
    assert {"Save", "Open", "Send", "Move"} <= texts(percepts)


@pytest.mark.parametrize(("width", "gap"), [(1, 4), (7, 6), (5, 3)])
def test_bars_as_thin_as_rules_are_a_chart(width, gap):
    heights = (48, 25, 48, 35, 48, 25, 48, 25, 25, 35, 25, 48)
    page = DrawnPage(600, 300)
    page.text(60, 40, "Visits per hour", 20)
    for column, height in enumerate(heights):
        page.box(80 + (width + gap) * column, 160 - height, width, height, fill="#3355dd")
    percepts = seen(page)
    (chart,) = percepts.pictures
    assert chart.box.iou(Box(80, 112, 12 * (width + gap) - gap, 48)) > 0.85
    assert not percepts.rules


def test_a_ring_around_a_figure_is_one_picture():
    page = DrawnPage(1000, 800)
    ring = np.full((800, 800, 3), 255, np.uint8)
    for start, end, color in ((-90, 200, (221, 85, 51)), (200, 270, (246, 210, 200))):
        cv2.ellipse(ring, (400, 400), (360, 360), 0, start, end, color, 80)
    paste(page, 200, 80, cv2.resize(ring, (200, 200), interpolation=cv2.INTER_AREA))
    page.text(262, 150, "82%", 40, "#888888")
    percepts = seen(page)
    (ring,) = percepts.pictures
    assert ring.box.iou(Box(200, 80, 200, 200)) > 0.9


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
