"""Generated pages lie where their nodes were seen, and reflow without sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from structra.v1 import canonical_schema_pb2

from engine.schema.tree import walk
from tests.engine.codegen.browser import VIEWPORT_HEIGHT, chromium, measure
from tests.engine.codegen.pages import dashboard, landing

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.skipif(chromium() is None, reason="needs Chromium"),
]
_PAGES = [landing, dashboard]
# The width of words depends on the fonts of the machine.
_WORDS = {"text", "button", "badge", "link", "heading"}


@pytest.mark.parametrize("page", _PAGES)
def test_boxes_are_those_of_the_source(
    page: Callable[[], canonical_schema_pb2.CanonicalSchema],
) -> None:
    schema = page()
    measured = measure(schema, 1280)
    wrong = []
    for visit in walk(schema.root):
        node = visit.node
        box = measured.boxes.get(node.id)
        if box is None:
            continue
        seen = (node.bounds.x, node.bounds.y, node.bounds.width, node.bounds.height)
        hugging = node.layout.width_sizing == 1
        inside_hug = any(a.layout.width_sizing == 1 for a in visit.ancestors)
        for name, at, want in zip("xywh", box, seen, strict=True):
            if name in "xw" and (hugging or inside_hug):
                continue
            if abs(at - want) > 2:
                wrong.append(f"{node.id}.{name}: {at} instead of {want}")
    assert not wrong
    assert abs(measured.height - max(schema.root.bounds.height, VIEWPORT_HEIGHT)) <= 2


@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("width", [375, 768, 1024])
def test_narrow_viewports_do_not_scroll_sideways(
    page: Callable[[], canonical_schema_pb2.CanonicalSchema], width: int
) -> None:
    measured = measure(page(), width)
    assert measured.client_width == width
    assert measured.scroll_width <= width


def test_cards_stack_on_a_telephone() -> None:
    boxes = measure(landing(), 375).boxes
    first, second = boxes["card-0"], boxes["card-1"]
    assert second[1] >= first[1] + first[3]
    assert abs(first[0] - second[0]) < 1
    assert first[2] > 300


def test_side_bar_stands_above_the_content_on_a_telephone() -> None:
    boxes = measure(dashboard(), 375).boxes
    assert boxes["content"][1] >= boxes["side"][1] + boxes["side"][3] - 1
