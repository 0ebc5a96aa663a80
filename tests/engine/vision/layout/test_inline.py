"""Where things in rows begin though code's font runs wider or narrower than the source's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.faces import Face
from engine.vision.layout.inline import InlineFlow, hug
from engine.vision.layout.item import Arrangement, Item, group
from engine.vision.layout.leaves import picture_item, rule_item, text_item
from engine.vision.layout.levels import Levels
from engine.vision.layout.metrics import Setting, text_width
from engine.vision.layout.place import standing, wrap_range
from engine.vision.layout.rows import RowFlow
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.widths import rendered_span, rendered_width
from engine.vision.percepts import Box, PictureKind, Rule
from tests.engine.vision.layout.seen import line, picture

_ARIAL = Setting(Face.ARIAL, 16, 400, 0.0)
# Rounding to even pixels may leave every single thing off by this much.
_A_PIXEL = 1.01


def _words(text: str, x: float, share: float) -> Item:
    """Returns a text that was seen `share` times as wide as Arial is."""
    entry = line(text, x, 100)
    item = text_item(TextBlock([replace(entry, box=replace(entry.box, w=share * entry.box.w))]))
    item.setting = _ARIAL
    return item


def _icon(x: float) -> Item:
    return picture_item(picture(x, 100, 18, 18, PictureKind.ICON))


def _width(item: Item) -> float:
    """Returns how wide a browser makes a child."""
    return text_width(item.node.text, Face.ARIAL, 16, 400) if item.text else item.box.w


def _lay(row: Item, content: Box) -> list[float]:
    """Lays a row out in `content`; returns where its children begin from its first on."""
    scale = SpacingScale()
    InlineFlow(scale, Levels(scale), lambda item, _: item.box.h).place(row, content)
    cursor, begins = 0.0, []
    for child in row.children:
        cursor += child.node.layout.margin.left.px
        begins.append(cursor)
        cursor += _width(child) + child.node.layout.margin.right.px
        cursor += row.node.layout.column_gap.px
    return begins


@pytest.mark.parametrize("share", [0.9, 1.1])
def test_icons_between_words_begin_where_they_were_seen(share: float) -> None:
    first, second = _words("Interface", 170, share), _words("Documents", 300, share)
    row = group([_icon(140), first, _icon(270), second, _icon(400)], Arrangement.ROW)
    begins = _lay(row, Box(140, 100, 900, 24))
    for child, begin in zip(row.children, begins, strict=True):
        assert abs(140 + begin - child.box.x) <= _A_PIXEL


@pytest.mark.parametrize("share", [1.0, 1.1])
def test_icons_at_the_end_of_a_bar_are_placed_from_its_end(share: float) -> None:
    brand, name = _words("Brand", 40, share), _words("Alexander Pierce", 1090, share)
    row = group([brand, _icon(1000), _icon(1060), name], Arrangement.ROW)
    content = Box(40, 100, name.box.right + 2 - 40, 24)
    begins = _lay(row, content)
    last = row.children[-1]
    end = begins[-1] + _width(last) + last.node.layout.margin.right.px
    assert brand.node.layout.grow == 1
    for child, begin in list(zip(row.children, begins, strict=True))[1:]:
        assert abs(content.right - end + begin - child.box.x) <= 2 * _A_PIXEL


def test_a_centred_row_keeps_the_place_of_its_icon() -> None:
    row = group([_icon(570), _words("A label beside an icon", 600, 0.88)], Arrangement.ROW)
    content = Box(row.box.center_x - 300, 100, 600, 24)
    begins = _lay(row, content)
    layout = row.node.layout
    assert layout.justify_content == node_pb2.DISTRIBUTION_CENTER
    used = layout.padding.left.px + begins[-1] + _width(row.children[-1]) + layout.padding.right.px
    assert abs(content.center_x - used / 2 + layout.padding.left.px - 570) <= _A_PIXEL


def test_a_row_as_wide_as_its_content_has_no_space_to_share() -> None:
    row = group([_icon(140), _icon(300)], Arrangement.ROW)
    row.node.layout.width_sizing = node_pb2.SIZING_HUG
    begins = _lay(row, row.box)
    assert not row.node.layout.justify_content
    assert abs(begins[1] - 160) <= _A_PIXEL


def test_a_paragraph_wraps_by_the_font_that_it_is_set_in() -> None:
    lines = [line("Build pages that flow", 140, 100), line("everywhere", 140, 124)]
    item = text_item(TextBlock(lines))
    item.setting = replace(_ARIAL, tracking=0.05)
    wraps = wrap_range(item)
    assert wraps.least > max(entry.box.w for entry in lines) + 10
    assert wraps.most - wraps.least == pytest.approx(item.setting.width(" everywhere"), abs=0.01)


def test_a_line_in_several_weights_is_as_wide_as_its_stretches() -> None:
    plain = line("Some words", 140, 100)
    assert _ARIAL.line_width(plain) == pytest.approx(_ARIAL.width("Some words"))
    assert _ARIAL.width("Some words", 700) > _ARIAL.width("Some words")


def test_widths_of_texts_tell_kerning_signs_and_marked_letters() -> None:
    apart = text_width("T", Face.ARIAL, 100, 400) + text_width("e", Face.ARIAL, 100, 400)
    assert text_width("Te", Face.ARIAL, 100, 400) == pytest.approx(apart - 11.1)
    assert text_width("\u00b7", Face.ARIAL, 100, 400) == pytest.approx(27.8)
    assert text_width("Pawe\u0142", Face.ARIAL, 16, 400) == text_width("Pawel", Face.ARIAL, 16, 400)


def test_a_group_set_around_its_middle_grows_to_both_sides() -> None:
    title, icon = _words("A title that heads a figure", 500, 0.8), _icon(590)
    middle = group([title, icon], Arrangement.COLUMN)
    middle.node.layout.align_items = node_pb2.ALIGNMENT_CENTER
    for item, sizing in (
        (middle, node_pb2.SIZING_HUG),
        (title, node_pb2.SIZING_HUG),
        (icon, node_pb2.SIZING_FIXED),
    ):
        item.node.layout.width_sizing = sizing
    start, end = rendered_span(middle)
    assert (start + end) / 2 == pytest.approx(middle.box.center_x)
    assert end - start == pytest.approx(_width(title))


def test_a_buttons_padding_is_rounded() -> None:
    button = _words("Choose", 140, 1.0)
    button.node.kind = node_pb2.NODE_KIND_BUTTON
    button.node.layout.width_sizing = node_pb2.SIZING_HUG
    button.node.layout.padding.left.px = button.node.layout.padding.right.px = 15.6
    assert rendered_width(button) == pytest.approx(button.box.w + 0.8)


@pytest.mark.parametrize("tops", [(100,), (100, 124)])
@pytest.mark.parametrize(("tracking", "padded"), [(0.0, True), (0.03, False)])
def test_a_group_gives_up_room_beside_it_that_its_lines_need(
    tops: tuple[int, ...], tracking: float, padded: bool
) -> None:
    words = text_item(TextBlock([line("Words that wrap after this", 120, y) for y in tops]))
    words.setting = replace(_ARIAL, tracking=tracking)
    inner = group([words, _icon(120)], Arrangement.COLUMN)
    beside = group([_icon(words.box.right + 8)] * 2, Arrangement.COLUMN)
    row = group([inner, beside], Arrangement.GRID, columns=2)
    content = Box(100, 100, beside.box.right - 100, 60)
    RowFlow(SpacingScale(), lambda item, _: item.box.h).place(row, content)
    assert inner.node.layout.padding.left.px
    assert bool(inner.node.layout.padding.right.px) is padded


def test_a_row_at_the_end_of_a_bar_begins_where_it_was_seen() -> None:
    ending = group([_icon(900), _icon(950), _words("Alexander Pierce", 990, 0.97)], Arrangement.ROW)
    bar = group([_words("Brand", 40, 1.0), ending], Arrangement.ROW)
    scale = SpacingScale()
    InlineFlow(scale, Levels(scale), lambda item, _: _place_row(item, scale)).place(bar, bar.box)
    assert bar.node.layout.justify_content == node_pb2.DISTRIBUTION_SPACE_BETWEEN
    assert rendered_width(ending) == pytest.approx(ending.box.w, abs=_A_PIXEL)
    assert ending.children[1].node.layout.margin.left.px + ending.node.layout.column_gap.px == 32


def _place_row(item: Item, scale: SpacingScale) -> float:
    if not item.children:
        return item.box.h
    return InlineFlow(scale, Levels(scale), lambda child, _: child.box.h).place(item, item.box)


def test_a_column_shrinks_to_the_content_of_what_fills_it() -> None:
    row = group([_icon(112), _icon(142), _icon(172)], Arrangement.ROW)
    row.boxed, row.box = True, Box(100, 100, 104, 24)
    row.node.layout.display = node_pb2.DISPLAY_FLEX
    row.node.layout.column_gap.px = 12
    row.node.layout.padding.left.px = row.node.layout.padding.right.px = 12
    column = group([row], Arrangement.COLUMN)
    column.node.layout.width_sizing = node_pb2.SIZING_HUG
    row.node.layout.width_sizing = node_pb2.SIZING_FILL
    for icon in row.children:
        icon.node.layout.width_sizing = node_pb2.SIZING_FIXED
    assert rendered_width(column) == 3 * 18 + 4 * 12


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (100, node_pb2.ALIGNMENT_START),
        (102, node_pb2.ALIGNMENT_CENTER),
        (104, node_pb2.ALIGNMENT_END),
    ],
)
def test_an_icon_stands_in_a_place_that_is_hardly_wider(
    x: float, expected: node_pb2.Alignment.ValueType
) -> None:
    place = Box(100, 100, 22, 22)
    assert standing(_icon(x), place) == expected


def test_a_column_is_as_wide_as_the_rules_in_it() -> None:
    lines = [rule_item(Rule(Box(100, y, 38, 1), "#cccccc")) for y in (90, 130)]
    sign = picture_item(picture(111, 102, 16, 16, PictureKind.ICON))
    column = group([lines[0], sign, lines[1]], Arrangement.COLUMN)
    hug(column)
    assert column.node.layout.width_sizing == node_pb2.SIZING_FIXED
    assert column.node.layout.width.px == 38
    alone = group([sign, _icon(100)], Arrangement.COLUMN)
    hug(alone)
    assert alone.node.layout.width_sizing == node_pb2.SIZING_HUG
