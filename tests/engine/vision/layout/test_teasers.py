"""Titles of blog and news entries."""

import re

import pytest
from structra.v1 import node_pb2

from engine.codegen import CodegenOptions, generate
from tests.engine.vision.layout.seen import kinds, line, page, read, surface, walk


def blog(meta: str) -> list:
    return [
        part
        for n in range(3)
        for part in (
            line(f"Story number {n} of many", 240, 200 + 200 * n, size=28, weight=700),
            line(
                "Plain words that fill the page and say nothing of note at all", 240, 250 + 200 * n
            ),
            line(meta, 240, 290 + 200 * n, color="#777777"),
        )
    ]


def linked(*parts: object) -> list[str]:
    schema = read(page(line("The blog", 240, 80, size=40, weight=700), *parts))
    return [run.text for node in walk(schema.root) for run in node.runs if run.link]


def test_the_titles_of_dated_entries_are_links():
    assert linked(*blog("Nothing that tells a day")) == []


@pytest.mark.parametrize(
    "meta",
    ["Posted by Ada on July 8, 2023", "Created 2026-10-18", "Published an hour ago", "08.07.2023"],
)
def test_dates_are_written_in_many_ways(meta: str):
    assert linked(*blog(meta)) == [f"Story number {n} of many" for n in range(3)]


def recent(note: str, *, above: bool = False) -> list:
    """Returns the entries of a side column: a name in plain type with a smaller note."""
    return [
        part
        for n in range(3)
        for part in (
            line(f"Story number {n}", 240, 200 + 80 * n, size=15),
            line(note, 240, (184 if above else 220) + 80 * n, size=12, color="#777777"),
        )
    ]


@pytest.mark.parametrize(
    ("note", "above", "link"),
    [
        pytest.param("2026-10-18", False, True, id="a date below"),
        pytest.param("2026-10-18", True, True, id="a date above"),
        pytest.param("3 days ago", False, True, id="how long ago"),
        pytest.param("27 March 2020, at 12:30", False, False, id="a booking"),
        pytest.param("Oct 2012 - 2014", False, False, id="a stretch of time"),
        pytest.param("Senior gardener", False, False, id="no date"),
    ],
)
def test_names_with_a_smaller_date_are_links(note: str, above: bool, link: bool):
    found = kinds(read(page(line("The blog", 240, 80, size=40), *recent(note, above=above))))
    names = {found[f"Story number {n}"] for n in range(3)}
    assert (names == {node_pb2.NODE_KIND_LINK}) == link


def test_the_subtitle_between_a_title_and_its_date_is_no_link():
    entries = [
        part
        for n in range(3)
        for part in (
            line(f"Story number {n} of many", 240, 200 + 200 * n, size=16),
            line(f"What is told here {n}", 240, 224 + 200 * n, size=14, color="#777777"),
            line("2026-10-18", 240, 246 + 200 * n, size=12, color="#777777"),
        )
    ]
    found = kinds(read(page(line("The blog", 240, 80, size=40), *entries)))
    assert {found[f"What is told here {n}"] for n in range(3)} == {node_pb2.NODE_KIND_TEXT}


@pytest.mark.parametrize("painted", [True, False])
def test_in_a_card_a_button_leads_on_instead_of_the_title(*, painted: bool):
    entries = [
        part
        for n in range(3)
        for part in (
            *([surface(220, 180 + 200 * n, 600, 190, border="#dddddd")] if painted else ()),
            *blog("Posted on July 8, 2023")[3 * n : 3 * n + 3],
            surface(240, 322 + 200 * n, 120, 36, fill="#2563eb", radius=6),
            line("Read more", 300, 331 + 200 * n, color="#ffffff", center=True),
        )
    ]
    assert bool(linked(*entries)) != painted


def test_a_linked_title_is_not_underlined():
    schema = read(
        page(line("The blog", 240, 80, size=40, weight=700), *blog("Posted on July 8, 2023"))
    )
    files = {file.path: file.content for file in generate(schema, "html-css", CodegenOptions())}
    text = "".join(c if isinstance(c, str) else c.decode() for c in files.values())

    assert re.search(r'<h\d[^>]*>\s*<a [^>]*href="#"[^>]*>\s*Story number 0', text)
    assert "underline" not in text
