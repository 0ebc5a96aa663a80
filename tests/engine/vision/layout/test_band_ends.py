"""The bar at an unpainted page's top and the notice at its end, as header and footer."""

from __future__ import annotations

from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.layout.band_ends import take_first
from engine.vision.layout.item import column
from engine.vision.percepts import Box, Rule, TextLine
from tests.engine.vision.layout.seen import box, line, page, prose, read, walk

HEADER, FOOTER = node_pb2.SEMANTIC_ROLE_HEADER, node_pb2.SEMANTIC_ROLE_FOOTER
BAR = [
    line("Gardens", 140, 20, weight=700),
    *(line(text, 800 + 110 * n, 20) for n, text in enumerate(("Home", "About", "Stories"))),
]
NOTICE = line("© 2026 Gardens", 140, 858)
WORDS = [words for y in range(84, 800, 75) for words in prose(y)]


def stripe(role: int, *seen: TextLine, rule: float = 0.0) -> tuple[int, int, int, int]:
    """Returns x, y, width and height of the only part of a page of prose that has `role`."""
    rules = (Rule(Box(0, rule, 1280, 1), "#dddddd"),) if rule else ()
    schema = read(replace(page(*WORDS, *seen), rules=rules))
    (part,) = [node.bounds for node in walk(schema.root) if node.role == role]
    return round(part.x), round(part.y), round(part.width), round(part.height)


def test_a_header_has_as_much_space_below_its_bar_as_above():
    x, y, width, height = stripe(HEADER, *BAR)
    assert (x, y, width) == (0, 0, 1280)
    assert 48 <= height <= 62


def test_a_header_reaches_to_the_rule_below_its_bar():
    assert stripe(HEADER, *BAR, rule=70) == (0, 0, 1280, 71)


def test_a_footer_has_as_much_space_above_its_notice_as_below():
    x, y, width, height = stripe(FOOTER, *BAR, NOTICE)
    assert (x, y + height, width) == (0, 900, 1280)
    assert 60 <= height <= 70


def test_a_footer_reaches_to_the_rule_above_its_notice():
    assert stripe(FOOTER, *BAR, NOTICE, rule=840) == (0, 840, 1280, 60)


def test_a_bar_over_a_photo_that_begins_beside_it_stays_in_its_band():
    bar, below, beside = box(140, 20, 1000, 30), box(140, 90), box(700, 30)
    assert take_first(column([bar, below])) is not None
    assert take_first(column([bar, beside])) is None
