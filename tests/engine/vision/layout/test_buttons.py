"""Which painted boxes around words are buttons."""

from dataclasses import replace
from typing import Any

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk


@pytest.mark.parametrize(
    ("text", "box", "radius", "button"),
    [
        pytest.param("Find out more", (176, 66), 33.0, True, id="a large pill"),
        pytest.param("Find out more", (176, 66), 0.0, True, id="a large box"),
        pytest.param("Find out more", (176, 82), 0.0, False, id="a box that is too tall"),
        pytest.param("$0.40", (48, 48), 24.0, False, id="a price on a disc"),
        pytest.param("12", (40, 40), 4.0, True, id="a number in a square"),
    ],
)
def test_a_box_with_its_words_in_the_middle_is_a_button(
    text: str, box: tuple[float, float], radius: float, button: bool
):
    width, height = box
    percepts = page(
        line("Plain words that fill the page and say nothing of note at all", 140, 100),
        surface(400, 300, width, height, fill="#2563eb", radius=radius),
        line(text, 400 + width / 2, 300 + height / 2 - 8, size=14, color="#ffffff", center=True),
    )
    (node,) = [node for node in walk(read(percepts).root) if node.text == text]
    assert (node.kind == node_pb2.NODE_KIND_BUTTON) is button


@pytest.mark.parametrize(
    ("text", "size", "height", "paint", "button"),
    [
        pytest.param("Sale", 12, 21, {"fill": "#212529", "radius": 6}, False, id="a badge"),
        pytest.param(
            "Hot", 14.5, 24, {"fill": "#1e87f0", "radius": 4}, False, id="no room for padding"
        ),
        pytest.param("Save", 14.5, 31, {"fill": "#1e87f0"}, True, id="room for padding"),
        pytest.param("Copy", 12, 26, {"border": "#467fcf", "radius": 4}, True, id="an outline"),
        pytest.param("Copy", 12, 22, {"border": "#467fcf", "radius": 11}, False, id="a capsule"),
        pytest.param("Copy", 11, 19, {"border": "#467fcf"}, False, id="a low outline"),
        pytest.param("Reset", 11, 19, {"fill": "#c0c0c0"}, True, id="raised from its ground"),
    ],
)
def test_small_boxes_are_badges_unless_outlined_or_raised(
    text: str, size: float, height: float, paint: dict[str, Any], button: bool
):
    percepts = replace(
        page(
            line("Plain words that fill the page and say nothing of note at all", 140, 100),
            surface(400, 300, 72, height, **paint),
            line(text, 436, 300 + height / 2 - 0.585 * size, size=size, center=True),
        ),
        background="#c0c0c0",
    )
    (node,) = [node for node in walk(read(percepts).root) if node.text == text]
    kind = node_pb2.NODE_KIND_BUTTON if button else node_pb2.NODE_KIND_BADGE
    assert node.kind == kind


def test_the_gaps_between_buttons_that_stand_close_are_no_borders_of_theirs():
    boxes = [
        replace(
            surface(x, 300, width, 34, fill="#3bafda", border="#ffffff"),
            border_width=4.0,
            border_sides=(False, right, False, left),
        )
        for x, width, right, left in ((400, 84, True, False), (480, 84, False, True))
    ]
    words = [
        line(text, x, 309, size=14, color="#ffffff", center=True)
        for text, x in (("Save", 440), ("Send", 524))
    ]
    nodes = walk(read(page(*boxes, *words)).root)

    found = [node for node in nodes if node.kind == node_pb2.NODE_KIND_BUTTON]
    assert [(node.bounds.x, node.bounds.width) for node in found] == [(400, 80), (484, 80)]
    assert not any(node.style.border.width.px for node in found)


@pytest.mark.parametrize(
    ("count", "fill", "height", "button"),
    [
        pytest.param(3, "#e0e0e0", 32, False, id="tags"),
        pytest.param(2, "#e0e0e0", 32, True, id="two buttons"),
        pytest.param(3, "#2563eb", 32, True, id="coloured buttons"),
        pytest.param(3, "#e0e0e0", 40, True, id="tall buttons"),
        pytest.param(3, "#ffffff", 32, True, id="painted as what is around them"),
    ],
)
def test_a_set_of_quiet_boxes_is_of_tags(count: int, fill: str, height: int, button: bool):
    words = ["control", "select", "tagging"][:count]
    boxes = [surface(140 + 110 * n, 300, 100, height, fill=fill, radius=8) for n in range(count)]
    labels = [
        line(word, 190 + 110 * n, 291 + height / 2, size=13, center=True)
        for n, word in enumerate(words)
    ]
    prose = line("Plain words that fill the page and say nothing of note at all", 140, 100)
    nodes = [node for node in walk(read(page(*boxes, *labels, prose)).root) if node.text in words]

    assert [node.kind == node_pb2.NODE_KIND_BUTTON for node in nodes] == [button] * count


def test_a_sign_after_a_buttons_words_makes_no_field_of_it():
    box = surface(400, 300, 96, 38, border="#e5e7eb", radius=8)
    sign = picture(466, 314, 16, 12, PictureKind.ICON)
    prose = line("Plain words that fill the page and say nothing of note at all", 140, 100)
    nodes = walk(read(page(box, line("Filters", 414, 310, size=14), sign, prose)).root)

    assert [node.kind for node in nodes if node.text or node.HasField("control")][-1] == (
        node_pb2.NODE_KIND_BUTTON
    )
