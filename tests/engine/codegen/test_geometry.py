"""Generated pages lie where their nodes were seen, and reflow without sideways scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

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


@pytest.mark.parametrize("make", ["code", "field", "table", "picture", "shape", "covered field"])
def test_what_cannot_shrink_does_not_make_a_telephone_scroll(make: str) -> None:
    box = node_pb2.Node(id="box", kind=node_pb2.NODE_KIND_CONTAINER)
    box.bounds.width, box.bounds.height = 900, 200
    box.layout.display, box.layout.direction = node_pb2.DISPLAY_FLEX, node_pb2.DIRECTION_COLUMN
    box.layout.align_items = node_pb2.ALIGNMENT_START
    parts = {
        "code": _long_word,
        "field": _wide_field,
        "table": _indented_table,
        "picture": _covered_picture,
        "shape": _decorated_panel,
        "covered field": _covered_field,
    }
    box.children.append(parts[make]())
    schema = landing()
    for child in list(schema.root.children):
        schema.root.children.remove(child)
    schema.root.children.append(box)
    del schema.sections[:], schema.components[:], schema.responsive_rules[:]
    measured = measure(schema, 375)
    assert measured.scroll_width <= 375


def _long_word() -> node_pb2.Node:
    """A line of code without a place to break."""
    node = node_pb2.Node(id="code", kind=node_pb2.NODE_KIND_TEXT, text="https://" + "path/" * 16)
    node.bounds.width, node.bounds.height = 600, 24
    node.style.typography.size.px = 16
    node.style.color.value = "#222222"
    return node


def _wide_field() -> node_pb2.Node:
    """A field with an icon in a row."""
    row = node_pb2.Node(id="row", kind=node_pb2.NODE_KIND_CONTAINER)
    row.bounds.width, row.bounds.height = 700, 40
    row.layout.display, row.layout.direction = node_pb2.DISPLAY_FLEX, node_pb2.DIRECTION_ROW
    row.layout.wrap = True
    field = row.children.add(id="field", kind=node_pb2.NODE_KIND_INPUT)
    field.control.type = node_pb2.CONTROL_TYPE_TEXT
    field.layout.width_sizing = node_pb2.SIZING_HUG
    field.bounds.width, field.bounds.height = 600, 40
    icon = field.children.add(id="icon", kind=node_pb2.NODE_KIND_ICON)
    icon.bounds.x, icon.bounds.width, icon.bounds.height = 570, 16, 16
    icon.media.type = node_pb2.MEDIA_TYPE_ICON
    return row


def _stack(height: int, covered: node_pb2.Node, title: node_pb2.Node) -> node_pb2.Node:
    """A stack 900 pixels wide in which a title lies on what it covers."""
    stack = node_pb2.Node(id="stack", kind=node_pb2.NODE_KIND_CONTAINER)
    stack.bounds.width, stack.bounds.height = 900, height
    stack.layout.width_sizing = node_pb2.SIZING_FIXED
    stack.layout.width.px = 900
    title.bounds.width, title.bounds.height = 60, 20
    title.layout.position = node_pb2.POSITION_OVERLAY
    title.style.typography.size.px = 16
    title.style.color.value = "#222222"
    stack.children.extend([covered, title])
    return stack


def _covered_picture() -> node_pb2.Node:
    """A picture that stands in from the sides of the stack in which a badge lies on it."""
    image = node_pb2.Node(id="image", kind=node_pb2.NODE_KIND_IMAGE)
    image.bounds.width, image.bounds.height = 850, 200
    image.media.type = node_pb2.MEDIA_TYPE_PHOTO
    image.layout.margin.left.px = image.layout.margin.right.px = 25
    badge = node_pb2.Node(id="badge", kind=node_pb2.NODE_KIND_BADGE, text="New")
    return _stack(200, image, badge)


def _decorated_panel() -> node_pb2.Node:
    """A stack on which a wide bar lies that means nothing."""
    stack = _covered_picture()
    bar = stack.children.add(id="bar", kind=node_pb2.NODE_KIND_SHAPE)
    bar.bounds.width, bar.bounds.height = 860, 51
    bar.layout.position = node_pb2.POSITION_OVERLAY
    bar.layout.width_sizing = bar.layout.height_sizing = node_pb2.SIZING_FIXED
    bar.layout.width.px, bar.layout.height.px = 860, 51
    bar.media.type = node_pb2.MEDIA_TYPE_SHAPE
    bar.media.shape = node_pb2.SHAPE_TYPE_RECTANGLE
    bar.media.placeholder.value = "#1e40af"
    return stack


def _covered_field() -> node_pb2.Node:
    """A field that stands in from the left of the stack in which a title lies on it."""
    field = node_pb2.Node(id="field", kind=node_pb2.NODE_KIND_INPUT)
    field.bounds.width, field.bounds.height = 800, 48
    field.control.type = node_pb2.CONTROL_TYPE_TEXT
    field.layout.margin.left.px = 30
    title = node_pb2.Node(id="title", kind=node_pb2.NODE_KIND_TEXT, text="Found")
    return _stack(48, field, title)


def _indented_table() -> node_pb2.Node:
    """A table of two columns whose words stand far in."""
    table = node_pb2.Node(id="table", kind=node_pb2.NODE_KIND_TABLE)
    table.bounds.width, table.bounds.height = 900, 80
    for number in range(2):
        row = table.children.add(id=f"row-{number}", kind=node_pb2.NODE_KIND_CONTAINER)
        row.bounds.width, row.bounds.height = 900, 40
        for column in range(2):
            cell = row.children.add(
                id=f"cell-{number}-{column}", kind=node_pb2.NODE_KIND_TEXT, text="Considerably"
            )
            cell.bounds.x, cell.bounds.width, cell.bounds.height = 450 * column, 100, 24
            cell.layout.margin.left.px = 220
            cell.style.typography.size.px = 16
            cell.style.color.value = "#222222"
    return table
