"""Form marks among icons that look like them."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.layout.fields import label_fields
from engine.vision.layout.item import Arrangement, group
from engine.vision.layout.leaves import mark_item
from engine.vision.percepts import Box, FormMark, Mark, PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read, surface, text, walk


def inputs(*, checked: bool) -> int:
    """Returns how many inputs are read where two icons share a column with a mark."""
    icons = [picture(140, 200 + 40 * n, 16, 16, PictureKind.ICON) for n in range(2)]
    labels = [line(f"Label {n}", 166, 200 + 40 * n) for n in range(3)]
    mark = FormMark(Box(140, 280, 16, 16), Mark.CHECKBOX, "#888888", checked=checked)
    percepts = replace(page(*icons, *labels), marks=(mark,))
    kinds = [node.kind for node in walk(read(percepts).root)]
    return kinds.count(node_pb2.NODE_KIND_INPUT)


def test_an_empty_box_before_a_label_is_an_input_though_icons_share_its_column():
    assert inputs(checked=False) == 1


def test_a_ticked_box_in_a_column_of_icons_is_one_of_them():
    assert inputs(checked=True) == 0


@pytest.mark.parametrize(("filters", "kept"), [(4, 4), (1, 0)])
def test_several_empty_boxes_in_a_side_column_are_filters(filters: int, kept: int):
    names = ["Small", "Middling", "Large", "Larger", "Largest", "Other"]
    labels = [line(name, 46, 200 + 36 * n) for n, name in enumerate(names)]
    boxes = [Box(20, 201 + 36 * n, 16, 16) for n in range(filters)]
    prose = [
        line("Plain words that fill the rest of the page and go on", 400, 140 + 40 * n)
        for n in range(16)
    ]
    side = surface(0, 100, 260, 760, fill="#f1f1f2")
    percepts = page(side, *labels, *prose)
    marks = tuple(FormMark(box, Mark.CHECKBOX, "#333333") for box in boxes)
    nodes = list(walk(read(replace(percepts, marks=marks)).root))

    assert any(node.role == node_pb2.SEMANTIC_ROLE_ASIDE for node in nodes)
    assert sum(node.kind == node_pb2.NODE_KIND_INPUT for node in nodes) == kept


@pytest.mark.parametrize(
    ("arrangement", "name"), [(Arrangement.TABLE, "Select row"), (Arrangement.GRID, "")]
)
def test_a_check_box_without_a_label_is_named_in_a_table(arrangement: Arrangement, name: str):
    box = mark_item(FormMark(Box(140, 200, 16, 16), Mark.CHECKBOX, "#888888"))
    row = group([box, text("A far cell", 400, 200)], Arrangement.ROW)
    label_fields(group([row], arrangement))

    assert box.node.control.label == name
