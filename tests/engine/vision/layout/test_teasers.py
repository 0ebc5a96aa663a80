"""Titles of blog and news entries."""

import re

from engine.codegen import CodegenOptions, generate
from tests.engine.vision.layout.seen import line, page, read, walk


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
    assert linked(*blog("Posted by Ada on July 8, 2023")) == [
        f"Story number {n} of many" for n in range(3)
    ]
    assert linked(*blog("Nothing that tells a day")) == []


def test_a_linked_title_is_not_underlined():
    schema = read(
        page(line("The blog", 240, 80, size=40, weight=700), *blog("Posted on July 8, 2023"))
    )
    files = {file.path: file.content for file in generate(schema, "html-css", CodegenOptions())}
    text = "".join(c if isinstance(c, str) else c.decode() for c in files.values())

    assert re.search(r'<h\d[^>]*>\s*<a [^>]*href="#"[^>]*>\s*Story number 0', text)
    assert "underline" not in text
