"""How texts stand in their places."""

from __future__ import annotations

import re

from engine.codegen import generate
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
