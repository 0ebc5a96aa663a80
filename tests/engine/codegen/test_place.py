"""How texts stand in their places."""

from __future__ import annotations

import re

from structra.v1 import node_pb2

from engine.codegen import generate
from engine.codegen.flow import is_tight
from tests.engine.vision.layout.seen import line, page, picture, read, surface


def test_a_single_word_under_an_overlay_is_not_broken() -> None:
    title = line("Grayscale", 300, 140, size=48, weight=700)
    over = picture(320, 150, 40, 30)
    text = line("Some words that begin further left", 170, 300)
    schema = read(page(surface(140, 100, 900, 300, border="#cccccc"), title, over, text))
    files = {file.path: str(file.content) for file in generate(schema, "html-css")}
    found = re.search(r'class="([\w-]+)[^"]*"[^>]*>\s*Grayscale<', files["index.html"])
    assert found
    rules = re.findall(rf"\.{found.group(1)} {{([^}}]*)}}", files["styles.css"])
    assert any("white-space: nowrap" in rule for rule in rules)


def test_a_row_that_its_margins_fill_does_not_wrap() -> None:
    row = node_pb2.Node(bounds=node_pb2.Bounds(width=800))
    for left in (0, 400):
        child = row.children.add(bounds=node_pb2.Bounds(width=180))
        child.layout.margin.left.px = left
    assert is_tight(row)
    row.children[1].layout.margin.left.px = 0
    assert not is_tight(row)
