"""A chart is what stands between its axes; what stands elsewhere and what is said is none of it."""

import pytest

from engine.vision.perception.charts import take_charts
from engine.vision.perception.scene import Scene
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind
from tests.engine.vision.layout.seen import surface
from tests.engine.vision.read_line import MONTHS, column, read, row

# From 100 to 235 downwards, and from 300 to 322.
VALUES = column("300", "200", "100", x=300)
# The labels below a drawing that is 330 pixels wide.
LABELS = row(MONTHS[:4], (100, 200, 300, 400))
CARD = Box(0, 20, 800, 600)


def seen(read_lines, *boxes, card=None, small=()):
    cards = [card] if card else []
    return Scene(
        surfaces=[Found(surface(b.x, b.y, b.w, b.h), ()) for b in (*cards, *small)],
        read=list(read_lines),
        pictures=[Picture(box, PictureKind.ILLUSTRATION, "#3355dd") for box in boxes],
    )


def charts(scene):
    return [item.box for item in take_charts(scene).pictures if item.kind is PictureKind.CHART]


def test_labels_that_begin_below_values_are_of_one_chart():
    labels = row(MONTHS, range(340, 640, 50), y=250)
    scene = take_charts(seen([*VALUES, *labels]))
    (chart,) = scene.pictures
    assert (chart.box.x, chart.box.y) == (300, 100)
    assert chart.box.right > 590
    assert chart.box.bottom > 260
    assert scene.read == []


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(row(MONTHS, range(340, 640, 50), y=40), id="above"),
        pytest.param(row(MONTHS, range(340, 640, 50), y=480), id="far below"),
        pytest.param(row(MONTHS, range(560, 860, 50), y=250), id="far to the right"),
        pytest.param(row(MONTHS, range(10, 310, 50), y=250), id="to the left"),
    ],
)
def test_labels_elsewhere_are_of_no_chart(labels):
    scene = seen([*VALUES, *labels])
    assert take_charts(scene) == scene


def test_a_drawing_to_the_right_of_values_is_a_chart():
    (chart,) = charts(seen(VALUES, Box(340, 100, 300, 130)))
    assert chart.right == 640
    assert chart.x == 300


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(Box(420, 100, 300, 130), id="far off"),
        pytest.param(Box(340, 320, 300, 130), id="below"),
        pytest.param(Box(340, 160, 16, 16), id="an icon"),
    ],
)
def test_another_picture_near_values_is_no_chart(box):
    assert charts(seen(VALUES, box)) == []


@pytest.mark.parametrize(
    ("box", "card", "found"),
    [
        pytest.param(Box(40, 100, 250, 130), CARD, 1, id="on a card"),
        pytest.param(Box(40, 100, 250, 130), None, 0, id="on the page"),
        pytest.param(Box(40, 100, 150, 130), CARD, 0, id="far off"),
        pytest.param(Box(40, 320, 250, 130), CARD, 0, id="below"),
    ],
)
def test_a_drawing_to_the_left_of_values_is_a_chart_on_a_card(box, card, found):
    assert len(charts(seen(VALUES, box, card=card))) == found


@pytest.mark.parametrize(
    ("top", "pitch", "found"),
    [
        pytest.param(130, 40, 1, id="beside"),
        pytest.param(60, 40, 0, id="from above"),
        pytest.param(300, 40, 0, id="to below"),
        pytest.param(130, 10, 0, id="narrow"),
        pytest.param(130, 120, 0, id="far from each other"),
    ],
)
def test_bars_to_the_right_of_values_are_a_chart_on_a_card(top, pitch, found):
    boxes = [Box(340 + pitch * n, top + 10 * n, 8, 90 - 10 * n) for n in range(5)]
    assert len(charts(seen(VALUES, card=CARD, small=boxes))) == found


@pytest.mark.parametrize(
    ("box", "labels", "found"),
    [
        pytest.param(Box(100, 250, 330, 140), LABELS, 1, id="close above"),
        pytest.param(Box(100, 100, 330, 140), LABELS, 0, id="far above"),
        pytest.param(Box(100, 410, 330, 140), LABELS, 0, id="below"),
        pytest.param(Box(100, 250, 120, 140), LABELS, 0, id="narrow"),
        pytest.param(Box(100, 370, 330, 20), LABELS, 0, id="low"),
        pytest.param(Box(100, 250, 230, 140), LABELS[:3], 0, id="few labels"),
    ],
)
def test_a_drawing_above_labels_is_a_chart(box, labels, found):
    assert len(charts(seen(labels, box))) == found


def bars(*heights, x=100, bottom=390):
    return [Box(x + 60 * n, bottom - height, 40, height) for n, height in enumerate(heights)]


@pytest.mark.parametrize(
    ("boxes", "found"),
    [
        pytest.param(bars(50, 90, 130, 170, 210, 250), 1, id="on one line"),
        pytest.param(bars(50, 50, 50, 50, 50, 50), 0, id="all alike"),
        pytest.param(
            [Box(100 + 60 * n, 340 - 15 * n, 40, 50 + 3 * n) for n in range(6)], 0, id="in steps"
        ),
    ],
)
def test_bars_above_labels_are_a_chart(boxes, found):
    assert len(charts(seen(LABELS, small=boxes))) == found


@pytest.mark.parametrize(
    "others",
    [
        pytest.param(bars(60, 80, 100, 60, 80, 100, bottom=180), id="above"),
        pytest.param(bars(60, 80, 100, 60, 80, 100, x=520), id="beside"),
    ],
)
def test_bars_of_another_chart_are_none_of_it(others):
    own = bars(50, 90, 130, 170, 210)
    assert charts(seen(LABELS, small=[*own, *others])) == charts(seen(LABELS, small=own))
    assert len(charts(seen(LABELS, small=own))) == 1


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(read("3", 500, 150, 13), id="another label"),
        pytest.param(read("Visits last week", 420, 150, 13), id="a legend"),
    ],
)
def test_few_words_in_a_chart_are_part_of_it(said):
    scene = take_charts(seen([*VALUES, said], Box(340, 100, 300, 130)))
    assert [item.kind for item in scene.pictures] == [PictureKind.CHART]
    assert scene.read == []


def test_what_says_more_stays_text():
    said = read("Read more about how visits are counted", 350, 150, 13)
    scene = seen([*VALUES, said], Box(340, 100, 300, 130))
    assert take_charts(scene) == scene


def test_a_picture_behind_a_chart_stays():
    behind, drawing = Box(0, 0, 960, 330), Box(340, 100, 300, 130)
    scene = take_charts(seen(VALUES, drawing, behind))
    assert [item.kind for item in scene.pictures if item.box == behind] == [
        PictureKind.ILLUSTRATION
    ]
    assert len(scene.pictures) == 2


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param(column("300", "200", "100", x=300, size=30), id="large"),
        pytest.param(column("300000.25", "200000.25", "100000.25", x=300), id="long"),
    ],
)
def test_figures_beside_a_picture_are_no_axis(figures):
    assert charts(seen(figures, Box(400, 100, 300, 130))) == []
