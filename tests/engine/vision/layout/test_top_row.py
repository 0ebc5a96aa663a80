"""Bars at the top of a page that are no boxes of their own."""

from dataclasses import replace

from structra.v1 import node_pb2

from engine.vision.percepts import Percepts, TextLine
from tests.engine.vision.layout.seen import line, page, picture, read, walk

ENTRIES = ("Home", "About", "Stories")


def photo_page(*lines: TextLine) -> Percepts:
    photo = replace(picture(0, 0, 1280, 900), background=True)
    return page(photo, *lines, line("Gardens for everyone", 140, 420, size=48, weight=700))


def linked(percepts: Percepts) -> list[str]:
    nodes = walk(read(percepts).root)
    return [node.text for node in nodes if node.kind == node_pb2.NODE_KIND_LINK]


def test_a_row_of_labels_over_a_photo_is_navigation():
    brand = line("Gardens", 100, 30, size=20, weight=700, color="#ffffff")
    entries = [line(text, 800 + 110 * n, 32) for n, text in enumerate(ENTRIES)]
    percepts = photo_page(brand, *entries)
    assert linked(percepts) == ["Gardens", *ENTRIES]
    roles = [node.role for node in walk(read(percepts).root)]
    assert roles.count(node_pb2.SEMANTIC_ROLE_NAV) == 1


def test_labels_on_unlike_levels_are_no_bar():
    entries = [line(text, 800 + 110 * n, 10 + 36 * n) for n, text in enumerate(ENTRIES)]
    assert not linked(photo_page(*entries))


def test_a_sentence_at_the_top_is_no_entry():
    words = line("Order before noon and we deliver it today", 420, 32)
    assert not linked(photo_page(words, *(line(text, 900, 32) for text in ENTRIES[:1])))
