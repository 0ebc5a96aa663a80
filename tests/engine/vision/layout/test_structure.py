"""Side columns, landmarks, columns and rows that empty stripes alone do not tell."""

from dataclasses import replace

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.cleaning import clean
from engine.vision.layout.faces import Face
from engine.vision.layout.leaves import picture_item, text_item
from engine.vision.layout.matrix import Reading, read_matrix
from engine.vision.layout.metrics import text_width
from engine.vision.layout.scale import SpacingScale
from engine.vision.layout.typeface import choose_typefaces, letter_spacing
from engine.vision.percepts import Family, Percepts, Picture, PictureKind, TextLine
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk

Schema = canonical_schema_pb2.CanonicalSchema


def holding(schema: Schema, text: str) -> list[node_pb2.Node]:
    """Returns the nodes that hold a text, outermost first."""
    return [node for node in walk(schema.root) if any(inner.text == text for inner in walk(node))]


def roles(schema: Schema, text: str) -> set[int]:
    return {node.role for node in holding(schema, text)}


def dashboard() -> Percepts:
    """Returns a page with a bar, a side column that ends half way, content and a footer."""
    entries = ("Dashboard", "Tables", "Billing", "Profile", "Settings")
    rows = [
        line(f"Row {row} of what was counted and measured here", 300, 120 + 90 * row)
        for row in range(14)
    ]
    return page(
        surface(0, 0, 1280, 56, fill="#ffffff", border="#dddddd", full_width=True),
        line("Counting", 24, 18, weight=700),
        line("Help", 1100, 18),
        line("Sign out", 1180, 18),
        surface(0, 56, 240, 600, fill="#222222"),
        *(line(text, 40, 100 + 40 * row, color="#dddddd") for row, text in enumerate(entries)),
        *rows,
        line("© 2026 Counting", 300, 1440, size=14),
        line("Powered by sums", 1100, 1440, size=14),
        height=1480,
    )


def test_content_below_the_end_of_a_side_column_stays_beside_it():
    schema = read(dashboard())
    beside = next(
        node
        for node in holding(schema, "Row 13 of what was counted and measured here")
        if node.layout.columns == 2
    )
    assert beside.children[0].role == node_pb2.SEMANTIC_ROLE_ASIDE
    assert beside in holding(schema, "Row 0 of what was counted and measured here")


def test_a_notice_at_the_end_beside_a_side_column_is_a_footer():
    schema = read(dashboard())
    assert node_pb2.SEMANTIC_ROLE_FOOTER in roles(schema, "© 2026 Counting")
    assert node_pb2.SEMANTIC_ROLE_FOOTER not in roles(
        schema, "Row 13 of what was counted and measured here"
    )


def test_sections_beside_a_side_column_are_listed():
    found = [section.role for section in read(dashboard()).sections]
    assert found[:2] == ["header", "aside"]
    assert found[-1] == "footer"


def test_a_page_has_one_header_and_one_main_part():
    found = [node.role for node in walk(read(dashboard()).root)]
    assert found.count(node_pb2.SEMANTIC_ROLE_HEADER) == 1
    assert found.count(node_pb2.SEMANTIC_ROLE_MAIN) <= 1


def test_the_bar_that_a_hero_begins_with_is_the_header():
    schema = read(
        page(
            surface(0, 0, 1280, 600, fill="#2f2c29", full_width=True),
            line("Gardens", 40, 24, weight=700, color="#ffffff"),
            line("Docs", 1080, 24, color="#ffffff"),
            line("Download", 1160, 24, color="#ffffff"),
            line(
                "Everything grows where it stood", 640, 240, size=48, color="#ffffff", center=True
            ),
            line("Some plain words below", 140, 700),
        )
    )
    assert node_pb2.SEMANTIC_ROLE_HEADER in roles(schema, "Gardens")
    assert node_pb2.SEMANTIC_ROLE_HEADER not in roles(schema, "Everything grows where it stood")
    links = {node.text for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_LINK}
    assert links >= {"Gardens", "Docs", "Download"}


def test_a_dark_strip_closes_the_footer_above_it():
    schema = read(
        page(
            line("Some plain words at the top", 140, 100),
            surface(0, 500, 1280, 300, fill="#222222", full_width=True),
            line("Our company", 140, 540, size=20, color="#ffffff"),
            line("Where we are", 140, 600, color="#ffffff"),
            surface(0, 800, 1280, 60, fill="#1a1a1a", full_width=True),
            line("© 2026 Gardens", 140, 820, color="#999999"),
            height=860,
        )
    )
    (footer,) = [node for node in walk(schema.root) if node.role == node_pb2.SEMANTIC_ROLE_FOOTER]
    assert {"Our company", "© 2026 Gardens"} <= {node.text for node in walk(footer)}
    assert "Some plain words at the top" not in {node.text for node in walk(footer)}


def test_lists_below_titles_are_columns_though_their_rows_are_level():
    titles = (("Company", 140), ("Offices", 560), ("Subscribe", 980))
    schema = read(
        page(
            *(line(text, x, 200, size=20, weight=700) for text, x in titles),
            *(
                line(f"{text} entry {row}", x, 250 + 60 * row)
                for text, x in titles[:2]
                for row in range(3)
            ),
            surface(980, 244, 140, 36, border="#888888"),
            surface(1140, 244, 80, 36, fill="#2563eb"),
            line("Go", 1180, 254, color="#ffffff", center=True),
            line("Once a month and no more", 980, 310),
        )
    )
    columns = next(node for node in walk(schema.root) if len(node.children) == 3)
    assert [
        [title in [inner.text for inner in walk(child)] for title, _ in titles].index(True)
        for child in columns.children
    ] == [0, 1, 2]
    assert "Company entry 2" in [inner.text for inner in walk(columns.children[0])]


def test_rows_that_begin_with_icons_are_rows_though_one_holds_more():
    rows = [
        [
            picture_item(picture(140, 200 + 30 * row, 20, 20, PictureKind.ICON)),
            text_item(TextBlock([line(f"Entry number {row}", 176, 201 + 30 * row)])),
            *([text_item(TextBlock([line("7", 380, 201, size=12)]))] if row == 0 else []),
        ]
        for row in range(4)
    ]
    assert read_matrix(rows, ruled=False) is Reading.ROWS


def test_a_title_stands_beside_the_grid_that_it_heads():
    def feature(x: float, y: float, name: str) -> list[TextLine | Picture]:
        return [
            picture(x, y, 48, 48, PictureKind.ICON),
            line(name, x, y + 62, size=20),
            line("Some words on what it does and for", x, y + 96),
            line("whom, and why it is any good.", x, y + 120),
        ]

    schema = read(
        page(
            line("A better way to", 118, 200, size=32, weight=700),
            line("start building.", 118, 238, size=32, weight=700),
            *feature(482, 200, "First"),
            *feature(846, 200, "Second"),
            *feature(482, 416, "Third"),
            *feature(846, 416, "Fourth"),
        )
    )
    beside = next(node for node in walk(schema.root) if len(node.children) == 2)
    names = [{inner.text for inner in walk(child)} for child in beside.children]
    assert names[0] == {"A better way to start building."}
    assert names[1] >= {"First", "Second", "Third", "Fourth"}


def test_figures_at_an_even_pitch_are_columns_though_a_row_holds_icons():
    schema = read(
        page(
            *(
                part
                for column in range(4)
                for part in (
                    picture(140 + 250 * column, 200, 14, 14, PictureKind.ICON),
                    line("17 %", 158 + 250 * column, 198),
                    line("$ 24,813", 146 + 250 * column, 220, size=20, weight=700),
                    line("In total", 148 + 250 * column, 246),
                )
            )
        )
    )
    strip = next(node for node in walk(schema.root) if len(node.children) == 4)
    assert all(
        {"17 %", "$ 24,813", "In total"} <= {inner.text for inner in walk(child)}
        for child in strip.children
    )


def test_rows_and_paddings_add_up_to_the_box_of_a_painted_table():
    schema = read(
        page(
            surface(140, 100, 700, 160, fill="#eeeeff"),
            *(
                line(text, x, 111 + 40 * row)
                for row in range(4)
                for text, x in ((f"Row {row}", 160), ("1.4 to 2 meters", 400), ("Woods", 700))
            ),
        )
    )
    table = next(node for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_TABLE)
    box = next(node for node in walk(schema.root) if node.style.background.color.value == "#eeeeff")
    assert box.id != table.id
    padding = box.layout.padding.top.px + box.layout.padding.bottom.px
    assert abs(sum(row.layout.height.px for row in table.children) + padding - 160) <= 2
    assert box.layout.padding.top.px <= 2


def condensed(text: str, y: float) -> TextLine:
    """Returns a line at 16 pixels in a typeface 0.66 times as wide as Arial."""
    entry = line(text, 140, y)
    return replace(entry, box=replace(entry.box, w=0.66 * entry.box.w))


def test_sizes_are_not_corrected_where_the_whole_page_runs_narrow():
    narrow = [condensed("Words in a condensed typeface", 100 + 40 * row) for row in range(6)]
    assert {entry.font_size for entry in clean(page(*narrow)).percepts.lines} == {16.0}
    wrong = replace(line("Words in Arial as most are", 140, 400), font_size=26.0)
    plain = [line("Words in Arial as most are", 140, 100 + 40 * row) for row in range(6)]
    (mended,) = [entry for entry in clean(page(*plain, wrong)).percepts.lines if entry.box.y == 400]
    assert mended.font_size == 16.0


@pytest.mark.parametrize(("size", "as_measured"), [(16.0, True), (7.0, False)])
def test_a_line_that_runs_wide_was_measured_too_small_only_if_it_is_small(size, as_measured):
    plain = [line("Words in Arial as most are", 140, 100 + 40 * row) for row in range(6)]
    wide = line("Words of which some were not read", 140, 400)
    wide = replace(wide, text="Words of which", font_size=size)
    (found,) = [entry for entry in clean(page(*plain, wide)).percepts.lines if entry.box.y == 400]
    assert (found.font_size == size) == as_measured


def test_a_narrow_page_gets_a_narrow_typeface():
    lines = [condensed("Words in a condensed typeface", 100 + 40 * row) for row in range(6)]
    chosen = choose_typefaces(lines)[Family.SANS]
    assert chosen.face is Face.NARROW
    assert "Arial Narrow" in chosen.stack
    spacing = letter_spacing(lines, chosen.face, 16)
    first = lines[0]
    width = text_width(first.text, chosen.face, 16, 400) + spacing * 16 * len(first.text)
    assert abs(width - first.box.w) < 2


def test_distances_that_a_page_repeats_are_steps_of_its_scale():
    scale = SpacingScale.infer([30, 30, 30, 51, 51, 51, 17])
    assert (scale.snap(30), scale.snap(51), scale.snap(17)) == (30, 51, 16)
    assert SpacingScale.infer([51]).snap(51) == 52


def test_a_bar_on_the_heros_colour_becomes_the_pages_header() -> None:
    schema = read(
        page(
            surface(0, 0, 1280, 420, fill="#1d2733", full_width=True),
            line("Brand", 140, 22, size=20, weight=700, color="#ffffff"),
            *(line("Entry", x, 24, color="#eeeeee") for x in (900, 970, 1040)),
            line("Build pages that flow", 140, 180, size=48, weight=700, color="#ffffff"),
            line("Everything stands where it stood before", 140, 260, size=20, color="#ffffff"),
            line("What follows is on the page itself", 140, 480),
            line("and says nothing else of note", 140, 560),
        )
    )
    header, main = schema.root.children
    assert header.role == node_pb2.SEMANTIC_ROLE_HEADER
    assert header.bounds.height == pytest.approx(67.4)
    hero = main.children[0]
    assert hero.role == node_pb2.SEMANTIC_ROLE_HERO
    assert hero.bounds.y == pytest.approx(67.4)
    assert hero.bounds.height == pytest.approx(352.6)
    assert header.style.background.color.value == hero.style.background.color.value == "#1d2733"
