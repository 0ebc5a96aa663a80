"""Breadcrumbs and the numbers of pages are navigation; other words and numbers in a row are not."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Box, Rule
from tests.engine.vision.layout.seen import kinds, line, page, prose, read, surface, walk


def trails(*lines):
    schema = read(page(*lines, line("The page", 140, 140, size=32, weight=700), *prose()))
    return [n for n in walk(schema.root) if n.role == node_pb2.SEMANTIC_ROLE_NAV]


def test_names_with_signs_between_them_are_a_trail():
    assert len(trails(line("Home / Forms / Layout", 140, 90))) == 1


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(line("Home / Forms / Layout", 140, 80, size=26), id="large"),
        pytest.param(line("All / Cats / Dogs / Birds / Bees / Fish / Owls", 140, 90), id="many"),
        pytest.param(line("Made for the love of it / By Ada", 140, 90), id="a sentence"),
        pytest.param(line("cats / dogs / birds", 140, 90), id="not set as names"),
    ],
)
def test_other_lines_with_signs_are_no_trail(entry):
    assert trails(entry) == []


def test_paths_in_a_tables_cells_are_no_trails():
    cells = [
        line(word, x, 200 + 40 * n)
        for n, words in enumerate(
            (("Tests", "3", "1"), ("Api / Users", "2", "4"), ("Web", "5", "2"))
        )
        for word, x in zip(words, (140, 540, 840), strict=True)
    ]
    rules = tuple(Rule(Box(140, 190 + 40 * n, 1000, 1), "#dddddd") for n in range(4))
    schema = read(replace(page(*cells), rules=rules))
    assert any(n.kind == node_pb2.NODE_KIND_TABLE for n in walk(schema.root))
    assert not any(n.role == node_pb2.SEMANTIC_ROLE_NAV for n in walk(schema.root))


def row(*words, pitch=40):
    return [line(word, 400 + pitch * n, 700) for n, word in enumerate(words)]


@pytest.mark.parametrize(
    "words",
    [("1", "2", "3"), ("1", "2", "3", "…", "12")],
)
def test_numbers_of_pages_are_links_in_plain_type_too(words):
    found = kinds(read(page(*prose(), *row(*words))))
    assert {found[word] for word in words if word.isdigit()} == {node_pb2.NODE_KIND_LINK}


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("1", "2"), id="two"),
        pytest.param(("1", "2", "3", "Rooms"), id="beside a word"),
        pytest.param(("1", "2", "3", "1"), id="falling"),
        pytest.param(("10", "25", "60"), id="figures"),
    ],
)
def test_other_numbers_in_a_row_are_no_links(words):
    found = kinds(read(page(*prose(), *row(*words))))
    assert {found[word] for word in words} & {node_pb2.NODE_KIND_LINK} == set()


def test_numbers_far_apart_are_no_links():
    found = kinds(read(page(*prose(), *row("1", "2", "3", pitch=200))))
    assert found["2"] != node_pb2.NODE_KIND_LINK


def test_the_number_of_this_page_stays_a_button_where_it_is_painted():
    painted = surface(392, 692, 28, 34, fill="#2563eb", radius=4)
    first = line("1", 402, 700, color="#ffffff")
    others = [line(str(n), 402 + 44 * (n - 1), 700) for n in (2, 3, 4)]
    found = kinds(read(page(*prose(), painted, first, *others)))
    assert found["3"] == node_pb2.NODE_KIND_LINK
    assert found["1"] != node_pb2.NODE_KIND_LINK
