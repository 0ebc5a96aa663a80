import numpy as np
import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.fidelity.expected import expected_page, fidelity_scores
from engine.fidelity.measured import Page, Picture, Text
from engine.geometry import Box


def bounds(x, y, w, h):
    return node_pb2.Bounds(x=x, y=y, width=w, height=h)


@pytest.fixture
def schema():
    heading = node_pb2.Node(
        id="h",
        kind=node_pb2.NODE_KIND_HEADING,
        heading_level=1,
        text="Plans  and prices",
        bounds=bounds(100, 40, 400, 90),
        lines=[bounds(110, 50, 300, 30), bounds(110, 90, 200, 30)],
    )
    photo = node_pb2.Node(id="i", kind=node_pb2.NODE_KIND_IMAGE, bounds=bounds(0, 300, 600, 200))
    field = node_pb2.Node(
        id="f", kind=node_pb2.NODE_KIND_INPUT, text="Mail", bounds=bounds(0, 600, 200, 40)
    )
    root = node_pb2.Node(
        id="root",
        kind=node_pb2.NODE_KIND_CONTAINER,
        bounds=bounds(0, 0, 1000, 800),
        style=node_pb2.Style(color=node_pb2.Color(value="#123456ff")),
        children=[heading, photo, field],
    )
    return canonical_schema_pb2.CanonicalSchema(root=root)


def test_texts_stand_where_their_lines_were_seen_in_the_inherited_colour(schema):
    page = expected_page(schema)

    (text,) = page.texts
    assert (text.text, text.color, text.heading) == ("Plans and prices", "#123456", 1)
    assert text.box == Box(110, 50, 300, 70)
    assert page.pictures == (Picture(Box(0, 300, 600, 200), icon=False),)
    assert (page.width, page.height) == (1000, 800)


def test_a_page_that_came_out_as_seen_scores_one(schema):
    pixels = np.full((800, 1000, 3), 255, dtype=np.uint8)

    scores = fidelity_scores(schema, expected_page(schema), pixels, pixels)

    assert scores.overall == pytest.approx(1)


def test_a_source_of_twice_the_pixels_is_the_same_page(schema):
    rendered = np.full((800, 1000, 3), 255, dtype=np.uint8)
    rendered[200:400, 100:700] = (40, 120, 200)
    source = rendered.repeat(2, axis=0).repeat(2, axis=1)

    scores = fidelity_scores(schema, expected_page(schema), rendered, source)

    assert scores.structural == pytest.approx(1)


def test_every_loss_lowers_its_own_score(schema):
    white = np.full((800, 1000, 3), 255, dtype=np.uint8)
    black = np.zeros((800, 1000, 3), dtype=np.uint8)
    moved = Page(1000, 800, texts=(Text("Plans and", Box(110, 450, 300, 70), (), "#ffffff"),))

    scores = fidelity_scores(schema, moved, black, white)

    assert scores.block == 1
    assert scores.text < 0.9
    assert scores.position == pytest.approx(0.5)
    assert scores.color < 0.5
    assert scores.structural < 0.1
    assert scores.overall == pytest.approx(
        (scores.block + scores.text + scores.position + scores.color + scores.structural) / 5
    )
