"""The sizes that texts are set in, and code that is told by its prompt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.item import Arrangement, group
from engine.vision.layout.leaves import text_item
from engine.vision.layout.type_scale import set_sizes
from engine.vision.percepts import Family
from tests.engine.vision.layout.seen import line, page, read, surface, walk


def test_sizes_that_differ_by_noise_are_one_and_lines_keep_their_height() -> None:
    texts = [
        text_item(TextBlock([line("Some words here", 140, 100, size=s)])) for s in (16, 16, 16.4)
    ]
    large = text_item(TextBlock([line("Larger", 140, 200, size=20)]))
    for item in (*texts, large):
        item.node.style.typography.line_height = 1.5
    assert set_sizes(group([*texts, large], Arrangement.COLUMN), 16.4) == 16
    sizes = [item.node.style.typography.size.px for item in (*texts, large)]
    assert sizes == [16, 16, 16, 20]
    assert texts[2].node.style.typography.line_height * 16 == pytest.approx(1.5 * 16.4, abs=0.01)


def test_lines_after_a_prompt_are_code_though_some_are_taken_for_another_font() -> None:
    mono = [
        line(">>> r = fetch(url)", 158, 112, family=Family.MONO),
        line("'UTF-8' is the encoding that it has", 158, 136),
    ]
    box = surface(140, 100, 600, 70, fill="#f0f0f0")
    nodes = list(walk(read(page(box, *mono)).root))
    assert [n.role for n in nodes].count(node_pb2.SEMANTIC_ROLE_CODE_BLOCK) == 1
    plain = [replace(entry, text=entry.text.replace(">>>", "and")) for entry in mono]
    nodes = list(walk(read(page(box, *plain)).root))
    assert node_pb2.SEMANTIC_ROLE_CODE_BLOCK not in [n.role for n in nodes]
