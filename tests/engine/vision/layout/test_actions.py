"""Icons that stand alone where people act."""

import re

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import CodegenOptions, generate
from engine.vision.percepts import Percepts, Picture, PictureKind
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

Schema = canonical_schema_pb2.CanonicalSchema


def icon(x: float, y: float, side: float = 20.0) -> Picture:
    return picture(x, y, side, side, PictureKind.ICON)


def actions(schema: Schema, kind: int = node_pb2.NODE_KIND_LINK) -> list[tuple[float, float]]:
    """Returns where the wordless nodes of a kind stand."""
    return [
        (node.bounds.x, node.bounds.y)
        for node in walk(schema.root)
        if node.kind == kind and not node.text
    ]


def prose(y: float) -> list:
    return [
        line("Plain words that fill the page and say nothing of note at all", 140, y),
        line("and that go on for a second line of the very same paragraph", 140, y + 24),
    ]


def bar(*more: object) -> Percepts:
    return page(
        surface(0, 0, 1280, 64, fill="#111111", full_width=True),
        line("Brand", 140, 22, size=20, weight=700, color="#ffffff"),
        line("Home", 800, 22, color="#eeeeee"),
        line("Pricing", 870, 22, color="#eeeeee"),
        *more,
        *prose(400),
    )


def test_icons_of_a_bar_are_links_but_not_the_mark_of_an_entry():
    schema = read(bar(icon(774, 22), icon(1000, 22), icon(1060, 22)))

    assert actions(schema) == [(1000, 22), (1060, 22)]


def test_an_icon_in_a_painted_box_of_a_bar_is_a_button():
    schema = read(bar(surface(1040, 14, 36, 36, fill="#2563eb", radius=6), icon(1048, 22)))

    assert actions(schema, node_pb2.NODE_KIND_BUTTON) == [(1040, 14)]


def test_a_row_of_signs_is_of_links_but_stars_of_a_rating_are_not():
    signs = [icon(140 + 50 * n, 300) for n in range(3)]
    stars = [icon(140 + 22 * n, 300) for n in range(5)]

    assert actions(read(page(*prose(200), *signs, *prose(400)))) == [
        (140, 300), (190, 300), (240, 300),
    ]  # fmt: skip
    assert actions(read(page(*prose(200), *stars, *prose(400)))) == []


def test_signs_in_boxes_of_their_own_may_stand_close():
    signs = [
        part
        for x in (140.0, 184.0, 228.0)
        for part in (surface(x, 300, 38, 38, fill="#2563eb", radius=19), icon(x + 9, 309))
    ]

    assert actions(read(page(*prose(200), *signs, *prose(400)))) == [
        (140, 300), (184, 300), (228, 300),
    ]  # fmt: skip


def test_the_icon_at_the_end_of_a_cards_title_is_a_link_but_none_farther_down():
    schema = read(
        page(
            surface(140, 200, 600, 240, border="#dddddd", radius=8),
            line("Sales of the year", 164, 216, size=20, weight=700),
            icon(700, 220, 16),
            line("Plain words that fill the card and say nothing at all", 164, 280),
            line("Delivered", 164, 380),
            icon(700, 382, 16),
            *prose(600),
        )
    )

    assert actions(schema) == [(700, 220)]


@pytest.mark.parametrize(("title", "button"), [("2018 Sales", True), ("350,897", False)])
def test_a_painted_icon_at_the_end_of_a_cards_title_is_a_button_but_none_beside_a_figure(
    title: str, button: bool
):
    schema = read(
        page(
            surface(140, 200, 600, 240, border="#dddddd", radius=8),
            line(title, 164, 222, size=20, weight=700),
            surface(680, 216, 36, 36, fill="#2563eb", radius=18),
            icon(690, 226, 16),
            line("Plain words that fill the card and say nothing at all", 164, 280),
            *prose(600),
        )
    )

    assert actions(schema, node_pb2.NODE_KIND_BUTTON) == ([(680, 216)] if button else [])


def test_a_painted_icon_in_the_pages_side_margin_is_a_button_but_none_further_in():
    boxes = [surface(x, 600, 48, 48, fill="#2563eb", radius=24) for x in (1208, 700)]
    schema = read(page(*prose(200), *boxes, icon(1222, 614), icon(714, 614)))

    assert actions(schema, node_pb2.NODE_KIND_BUTTON) == [(1208, 600)]


def test_wordless_links_have_a_name_for_people_who_cannot_see_them():
    schema = read(bar(icon(1000, 22)))
    (file,) = [f for f in generate(schema, "html-css", CodegenOptions()) if f.path.endswith("html")]
    content = file.content if isinstance(file.content, str) else file.content.decode()

    (link,) = re.findall(r"<a [^>]*>\s*<svg.*?</a>", content, re.DOTALL)
    assert 'aria-label="Link"' in link


def test_the_logo_of_a_bar_is_a_link_but_a_wide_picture_is_not():
    schema = read(bar(picture(1000, 14, 36, 36, PictureKind.LOGO)))
    assert actions(schema) == [(1000, 14)]

    schema = read(bar(picture(960, 14, 300, 36, PictureKind.PHOTO)))
    assert actions(schema) == []


def test_icons_below_each_other_at_the_pages_side_are_a_menu_but_none_further_in():
    def rail(x: float, pitch: float = 44.0) -> Percepts:
        return page(*(icon(x, 100 + pitch * n) for n in range(5)), *prose(140), *prose(600))

    schema = read(rail(24))
    (nav,) = [node for node in walk(schema.root) if node.role == node_pb2.SEMANTIC_ROLE_NAV]
    assert actions(schema) == [(24, 100 + 44 * n) for n in range(5)]
    assert sum(node.kind == node_pb2.NODE_KIND_LINK for node in walk(nav)) == 5

    assert actions(read(rail(1000))) == []


def test_icons_below_each_other_before_words_are_no_menu_of_icons():
    signs = [icon(24, 100 + 44 * n) for n in range(5)]
    words = [line(f"Entry of a menu and what it leads to {n}", 76, 120 + 30 * n) for n in range(6)]

    assert not actions(read(page(*signs, *words, *prose(600))))


@pytest.mark.parametrize(
    ("places", "tools"),
    [((600, 640), True), ((600, 623, 646, 669, 692), False), ((600,), False)],
    ids=["tools", "stars of a rating", "a lone mark"],
)
def test_signs_side_by_side_after_words_are_the_tools_of_a_row(
    places: tuple[float, ...], *, tools: bool
):
    words = [line("Fourth quarter", 140, 302), line("1,204 visitors", 900, 302)]
    schema = read(page(*prose(200), *words, *(icon(x, 302) for x in places), *prose(400)))

    assert actions(schema) == ([(x, 302) for x in places] if tools else [])


def test_signs_in_boxes_painted_alike_beside_words_are_buttons_if_near():
    boxes = [surface(140 + 40 * n, 200, 34, 22, border="#bbbbbb", radius=5) for n in range(2)]
    signs = [icon(151 + 40 * n, 205, 12) for n in range(2)]
    schema = read(page(*boxes, *signs, line("clipboard", 226, 202), *prose(400)))

    assert actions(schema, node_pb2.NODE_KIND_BUTTON) == [(140, 200), (180, 200)]
    apart = [surface(140 + 80 * n, 200, 34, 22, border="#bbbbbb", radius=5) for n in range(2)]
    signs = [icon(151 + 80 * n, 205, 12) for n in range(2)]
    schema = read(page(*apart, *signs, line("clipboard", 266, 202), *prose(400)))

    assert not actions(schema, node_pb2.NODE_KIND_BUTTON)
