"""Texts stand in elements that programs find, and links can be told by more than their hue."""

from __future__ import annotations

import re

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import generate
from tests.engine.codegen.pages import landing


def _page(*nodes: node_pb2.Node) -> canonical_schema_pb2.CanonicalSchema:
    schema = landing()
    del schema.root.children[2:]
    del schema.sections[1:]
    del schema.components[:]
    del schema.responsive_rules[:]
    main = schema.root.children[1]
    del main.children[:]
    for index, node in enumerate(nodes):
        node.bounds.y = 40 * index
        node.bounds.width, node.bounds.height = 400, 20
        main.children.append(node)
    return schema


def _html(schema: canonical_schema_pb2.CanonicalSchema) -> str:
    files = {file.path: file.content for file in generate(schema, "html-css")}
    return str(files["index.html"])


def _css(schema: canonical_schema_pb2.CanonicalSchema) -> str:
    files = {file.path: file.content for file in generate(schema, "html-css")}
    return str(files["styles.css"])


def _text(**values: object) -> node_pb2.Node:
    node = node_pb2.Node(id="text", kind=node_pb2.NODE_KIND_TEXT, **values)
    node.style.color.value = "#333333"
    node.style.typography.size.px = 16
    return node


def _with_link(color: str) -> canonical_schema_pb2.CanonicalSchema:
    node = _text(text="Read the manual first")
    node.runs.add(text="Read ")
    link = node.runs.add(text="the manual", link=True)
    link.color.value = color
    node.runs.add(text=" first")
    return _page(node)


@pytest.mark.parametrize(("color", "underlined"), [("#1d4ed8", True), ("#99ccff", False)])
def test_a_link_among_words_is_underlined_where_its_colour_is_like_theirs(
    color: str, underlined: bool
) -> None:
    assert ("underline" in _css(_with_link(color))) is underlined


def test_labels_quotations_and_code_hold_their_words_where_programs_look() -> None:
    label = _text(text="E-mail address")
    label.id = "label"
    field = node_pb2.Node(id="field", kind=node_pb2.NODE_KIND_INPUT)
    field.control.type = node_pb2.CONTROL_TYPE_EMAIL
    field.control.label_node_id = "label"
    quote = _text(text="Less is more", role=node_pb2.SEMANTIC_ROLE_BLOCKQUOTE)
    quote.id = "quote"
    code = _text(text="if x:\n    go()", role=node_pb2.SEMANTIC_ROLE_CODE_BLOCK)
    code.id = "code"

    html = _html(_page(label, field, quote, code))

    assert re.search(r"<label [^>]*>\s*<span>E-mail address</span>\s*</label>", html)
    assert re.search(r"<blockquote[^>]*>\s*<p>Less is more</p>\s*</blockquote>", html)
    assert ">if x:\n    go()</span></pre>" in html


def test_a_bold_run_in_its_own_colour_is_marked_for_its_look() -> None:
    node = _text(text="Only 3 left")
    node.runs.add(text="Only ")
    run = node.runs.add(text="3", font_weight=700)
    run.color.value = "#cc0000"
    node.runs.add(text=" left", font_weight=700)

    html = _html(_page(node))

    assert ">3</b>" in html
    assert ">left</strong>" in html


def test_a_field_is_named_by_a_heading_that_stands_for_its_label() -> None:
    heading = node_pb2.Node(
        id="label", kind=node_pb2.NODE_KIND_HEADING, text="Your message", heading_level=2
    )
    field = node_pb2.Node(id="field", kind=node_pb2.NODE_KIND_INPUT)
    field.control.type = node_pb2.CONTROL_TYPE_TEXTAREA
    field.control.label_node_id = "label"

    html = _html(_page(heading, field))

    assert re.search(r'<textarea[^>]* aria-label="Your message"', html)
    assert not re.search(r"<textarea[^>]* id=", html)


def test_weights_on_one_side_of_bold_are_one_weight() -> None:
    node = _text(text="thin and plain")
    node.style.typography.weight = 300
    node.runs.add(text="thin ")
    node.runs.add(text="and plain", font_weight=400)

    assert ">thin and plain</p>" in _html(_page(node))


def test_a_run_has_its_own_size_and_ground() -> None:
    text = _text(text="Use card at $9 / mo")
    text.runs.add(text="Use ")
    text.runs.add(text="card", code=True).background.value = "#f2f2f2"
    text.runs.add(text=" at $9")
    text.runs.add(text=" / mo").font_size.px = 13
    schema = _page(text)
    html, css = _html(schema), _css(schema)
    assert re.search(r"<code class=\"[^\"]+\">card</code>", html)
    assert re.search(r"<span class=\"[^\"]+\">/ mo</span>", html)
    code = re.search(r"\.\S*__code \{([^}]+)\}", css)
    assert code is not None
    assert "background-color" in code[1]
    assert "padding-inline" in code[1]
    unit = re.search(r"\.\S*__accent \{([^}]+)\}", css)
    assert unit is not None
    assert "font-size" in unit[1]


@pytest.mark.parametrize(("width", "kept"), [(190.0, True), (90.0, False)])
def test_a_line_that_fills_its_column_of_a_table_stays_one(width: float, kept: bool) -> None:
    table = node_pb2.Node(id="table", kind=node_pb2.NODE_KIND_TABLE)
    table.layout.columns = 2
    table.layout.column_tracks.extend(["50%", "50%"])
    for number in range(2):
        row = table.children.add(id=f"row-{number}", kind=node_pb2.NODE_KIND_CONTAINER)
        row.role = node_pb2.SEMANTIC_ROLE_TABLE_ROW
        for name in ("a", "b"):
            cell = _text(text="28 November 2019", role=node_pb2.SEMANTIC_ROLE_TABLE_CELL)
            cell.id = f"cell-{number}-{name}"
            cell.bounds.width, cell.bounds.height = width, 20
            cell.lines.add(width=width, height=20)
            row.children.append(cell)

    found = [_css(page).count("white-space: nowrap") for page in (_page(table), _page())]
    assert (found[0] > found[1]) is kept


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("Clone https://example.com/owner/repository.git", True),
        ("Plain words of any number", False),
    ],
)
def test_addresses_may_break_anywhere(text: str, breaks: bool) -> None:
    assert ("overflow-wrap: anywhere" in _css(_page(_text(text=text)))) is breaks


def test_a_field_has_no_border_of_the_browsers_on_sides_that_have_none() -> None:
    field = node_pb2.Node(id="field", kind=node_pb2.NODE_KIND_INPUT)
    field.control.type = node_pb2.CONTROL_TYPE_EMAIL
    field.style.border.width.px = 1
    field.style.border.color.value = "#888888"
    field.style.border.sides.bottom = True
    css = _css(_page(field))

    assert re.search(r"border-bottom: 1px solid", css)
    assert {side for side in ("top", "right", "left") if f"border-{side}: 0;" in css} == {
        "top", "right", "left",
    }  # fmt: skip
