import re
from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.codegen import generate
from engine.vision.layout.bullets import Bullet, drop_bullet_pictures, strip_bullets
from engine.vision.percepts import Box, PictureKind, TextSpan
from tests.engine.vision.layout.seen import line, page, picture, read, walk


def test_dots_before_lines_are_bullets_and_ticks_are_pictures():
    lines = [line("First", 30, 0), line("Second", 30, 30)]
    dots = [picture(10, y + 6, 6, 6, PictureKind.SHAPE) for y in (0, 30)]
    ticks = [picture(10, y + 6, 9, 7, PictureKind.ICON) for y in (0, 30)]
    bullets = [Bullet(dot.box, node_pb2.LIST_MARKER_DISC) for dot in dots]
    assert drop_bullet_pictures(dots, lines) == ([], bullets)
    assert drop_bullet_pictures(ticks, lines) == (ticks, [])


@pytest.mark.parametrize(
    "dots",
    [
        pytest.param([(10, 6, 6)], id="one alone"),
        pytest.param([(10, 6, 6), (2, 36, 6)], id="not below each other"),
        pytest.param([(4, 3, 12), (4, 33, 12)], id="large"),
        pytest.param([(-40, 6, 6), (-40, 36, 6)], id="far to the left"),
        pytest.param([(120, 6, 6), (120, 36, 6)], id="to the right"),
        pytest.param([(10, 20, 6), (10, 50, 6)], id="between lines"),
    ],
)
def test_other_dots_are_pictures(dots):
    lines = [line("First", 30, 0), line("Second", 30, 30)]
    shapes = [picture(x, y, side, side, PictureKind.SHAPE) for x, y, side in dots]
    assert drop_bullet_pictures(shapes, lines) == (shapes, [])


@pytest.mark.parametrize(
    ("texts", "stripped"),
    [
        (("o Apples", "o Pears"), ("Apples", "Pears")),
        pytest.param(("O Captain", "Pears"), ("O Captain", "Pears"), id="one letter is a word"),
        pytest.param(("•", "• Pears"), ("•", "Pears"), id="a sign alone is text"),
    ],
)
def test_signs_before_words_are_bullets(texts, stripped):
    lines, found = strip_bullets([line(text, 30, 30 * n) for n, text in enumerate(texts)])
    assert tuple(item.text for item in lines) == stripped
    assert len(found) == sum(before != after for before, after in zip(texts, stripped, strict=True))


def test_a_text_after_a_bullet_is_styled_as_it_was_seen():
    whole = line("• Images", 0, 0)
    box = whole.box
    spans = (
        TextSpan("•", Box(box.x, box.y, 6, box.h), "#222222", 400),
        TextSpan("Images", Box(box.x + 10, box.y, 50, box.h), "#0d47a1", 700, underline=True),
    )
    (styled,), _ = strip_bullets([replace(whole, spans=spans)])
    assert (styled.text, styled.color, styled.weight) == ("Images", "#0d47a1", 700)
    assert styled.underline
    assert not styled.spans


def test_a_bullet_is_taken_off_the_span_that_it_begins():
    whole = line("• Icon by Anne", 0, 0)
    box = whole.box
    spans = (
        TextSpan("• Icon by", box, "#222222", 400),
        TextSpan("Anne", box, "#0000ee", 400, underline=True),
    )
    (styled,), _ = strip_bullets([replace(whole, spans=spans)])
    assert [(span.text, span.underline) for span in styled.spans] == [
        ("Icon by", False),
        ("Anne", True),
    ]


def test_a_text_begins_where_its_letters_do_after_the_bullet():
    (stripped,), (sign,) = strip_bullets([line("• Images", 30, 0)])
    alone = line("Images", 30, 0)
    assert abs(stripped.box.w - alone.box.w) < 1
    assert (stripped.box.right, sign.box.x) == (line("• Images", 30, 0).box.right, 30)
    assert sign.box.right == stripped.box.x


@pytest.mark.parametrize(
    ("sign", "color", "marker", "style"),
    [
        ("• ", "", node_pb2.LIST_MARKER_DISC, "disc"),
        ("○ ", "", node_pb2.LIST_MARKER_CIRCLE, "circle"),
        ("▪ ", "", node_pb2.LIST_MARKER_SQUARE, "square"),
        ("", "#222222", node_pb2.LIST_MARKER_DISC, "disc"),
        ("", "#ffffff", node_pb2.LIST_MARKER_CIRCLE, "circle"),
    ],
)
def test_a_list_has_the_bullets_that_were_seen(sign, color, marker, style):
    words = ("Apples from the garden", "Pears of last year", "Plums")
    seen = [line(sign + text, 120, 100 + 28 * row) for row, text in enumerate(words)]
    if color:
        dots = [picture(104, 106 + 28 * row, 7, 7, PictureKind.SHAPE) for row in range(3)]
        seen += [replace(dot, color=color) for dot in dots]
    schema = read(page(*seen))
    (found,) = [n for n in walk(schema.root) if n.kind == node_pb2.NODE_KIND_LIST]
    assert found.list_marker == marker
    assert [item.text for item in found.children] == list(words)
    css = next(file for file in generate(schema, "html-css") if file.path == "styles.css").content
    assert f"list-style-type: {style};" in str(css)


def test_a_bullet_is_as_high_as_its_items_text():
    words = ("Apples from the garden", "Pears of last year", "Plums")
    items = [
        line("• " + text, 120, 100 + 20 * row, size=12, underline=True, color="#1d4ed8")
        for row, text in enumerate(words)
    ]
    prose = [line("Some words of the page's usual size", 120, 300 + 24 * row) for row in range(9)]
    files = {
        file.path: str(file.content) for file in generate(read(page(*items, *prose)), "html-css")
    }
    (entry,) = set(re.findall(r'<li class="([^"]+)">\s*<a', files["index.html"]))
    rules = dict(re.findall(r"\.([\w-]+) \{([^}]*)\}", files["styles.css"]))
    assert "font-size" in rules[entry.split()[0]]
