"""Kinds that follow from where a text stands and how it is set apart."""

from dataclasses import replace

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.percepts import Percepts, PictureKind, Surface, TextLine
from tests.engine.vision.layout.seen import kinds, line, page, picture, prose, read, surface, walk

Schema = canonical_schema_pb2.CanonicalSchema


def with_role(schema: Schema, role: node_pb2.SemanticRole.ValueType) -> list[node_pb2.Node]:
    return [node for node in walk(schema.root) if node.role == role]


def texts_in(node: node_pb2.Node) -> list[str]:
    return [item.text for item in walk(node) if item.text]


def test_entries_that_each_stand_below_an_icon_are_navigation():
    entries = ("Dashboard", "Tables", "Billing", "Profile", "Settings")
    signs = [picture(48, 60 + 110 * n, 26, 26, PictureKind.ICON) for n in range(5)]
    labels = [
        line(text, 61, 98 + 110 * n, size=13, color="#ffffff", center=True)
        for n, text in enumerate(entries)
    ]
    beside = [replace(entry, box=replace(entry.box, x=340)) for entry in prose()]
    schema = read(page(surface(0, 0, 122, 900, fill="#222222"), *signs, *labels, *beside))
    (nav,) = with_role(schema, node_pb2.SEMANTIC_ROLE_NAV)
    assert texts_in(nav) == list(entries)


def test_a_bar_of_entries_is_navigation_and_they_are_links():
    schema = read(
        page(
            line("A site about gardens", 640, 40, size=40, weight=700, center=True),
            surface(0, 130, 1280, 44, fill="#000000", full_width=True),
            *(
                line(text, x, 142, color="#ffffff")
                for text, x in (("Home", 60), ("Blog", 330), ("About us", 600), ("Contacts", 1100))
            ),
            *prose(),
        )
    )
    (nav,) = with_role(schema, node_pb2.SEMANTIC_ROLE_NAV)
    assert texts_in(nav) == ["Home", "Blog", "About us", "Contacts"]
    assert {kinds(schema)[text] for text in texts_in(nav)} == {node_pb2.NODE_KIND_LINK}


def test_a_strip_of_figures_is_no_navigation():
    schema = read(
        page(
            surface(0, 130, 1280, 60, fill="#eeeeee", full_width=True),
            *(line(text, x, 150) for text, x in (("12,000", 60), ("85 %", 330), ("$ 7.5", 600))),
            *prose(),
        )
    )
    assert not with_role(schema, node_pb2.SEMANTIC_ROLE_NAV)


def test_a_table_of_contents_is_navigation():
    entries = ("Planting", "Watering", "Weeding", "Harvest")
    schema = read(
        page(
            surface(140, 100, 700, 220, fill="#f0f0f0"),
            line("Table of contents", 160, 112, weight=700),
            *(line(text, 160, 150 + 32 * row) for row, text in enumerate(entries)),
            *prose(),
        )
    )
    (nav,) = with_role(schema, node_pb2.SEMANTIC_ROLE_NAV)
    assert texts_in(nav) == list(entries)
    assert {kinds(schema)[text] for text in entries} == {node_pb2.NODE_KIND_LINK}


def test_labels_with_values_in_a_side_column_are_no_navigation():
    pairs = (("Email", "ann@example.org"), ("Phone", "+49 30 1234"), ("City", "Berlin Mitte"))
    schema = read(
        page(
            surface(0, 0, 280, 900, fill="#222222"),
            *(
                part
                for row, (label, value) in enumerate(pairs)
                for part in (
                    line(label, 40, 200 + 90 * row, size=12, color="#999999"),
                    line(value, 40, 222 + 90 * row, size=16, color="#ffffff"),
                )
            ),
            *(replace(entry, box=replace(entry.box, x=340)) for entry in prose()),
        )
    )
    assert kinds(schema)["Email"] == node_pb2.NODE_KIND_TEXT


def test_the_name_that_heads_a_side_bar_is_a_link_and_its_captions_are_not():
    entries = ("Dashboard", "Tables", "Billing", "Profile", "Settings")
    schema = read(
        page(
            surface(0, 0, 240, 900, fill="#222222"),
            line("Gardens", 40, 20, size=18, weight=700, color="#ffffff"),
            *(line(text, 40, 80 + 40 * row, color="#dddddd") for row, text in enumerate(entries)),
            *(replace(entry, box=replace(entry.box, x=340)) for entry in prose()),
        )
    )
    found = kinds(schema)
    assert {found[text] for text in ("Gardens", *entries)} == {node_pb2.NODE_KIND_LINK}


def card(*content: TextLine | Surface) -> Percepts:
    return page(surface(140, 100, 500, 300, border="#dddddd"), *content, *prose(600))


def test_the_only_text_of_a_strip_that_heads_a_card_is_a_heading():
    schema = read(
        card(
            surface(140, 100, 500, 48, fill="#f5f5ff", border="#dddddd"),
            line("Earnings overview", 160, 115, weight=700, color="#2563eb"),
            line("Some words about what was earned, and", 160, 180),
            line("when, and by whom, in some detail.", 160, 204),
        )
    )
    assert kinds(schema)["Earnings overview"] == node_pb2.NODE_KIND_HEADING


def test_a_title_beside_an_icon_heads_the_prose_below_it():
    icons = picture(160, 120, 32, 32, PictureKind.ICON)
    schema = read(
        page(
            icons,
            line("Single node database", 204, 124, size=19),
            line("Some words about nodes and databases, which", 160, 170),
            line("go on for longer than the title above does.", 160, 194),
            *prose(600),
            line("Short", 140, 700),
            *prose(730),
        )
    )
    assert kinds(schema)["Single node database"] == node_pb2.NODE_KIND_HEADING
    assert kinds(schema)["Short"] == node_pb2.NODE_KIND_TEXT


def test_regular_type_among_fine_print_heads_nothing():
    notes = [
        line("Fine print that says little in many small words", 140, 400 + 60 * n, size=11)
        for n in range(3)
    ]
    schema = read(
        page(
            line("The page", 140, 100, size=32, weight=700),
            line("Members online", 140, 200, size=14),
            line("9,823", 140, 220, size=11),
            *notes,
            line("Delivered", 140, 600, size=11, weight=700),
            line("a note below it", 140, 620, size=11),
        )
    )
    found = kinds(schema)

    assert found["The page"] == node_pb2.NODE_KIND_HEADING
    assert found["Members online"] != node_pb2.NODE_KIND_HEADING
    assert found["Delivered"] != node_pb2.NODE_KIND_HEADING


def test_a_trail_above_the_content_is_navigation_whose_last_entry_is_this_page():
    schema = read(
        page(
            line("Home / Forms / Layout", 140, 90),
            line("The page", 140, 130, size=32, weight=700),
            *prose(),
            line("Ada Lovelace / Founder", 140, 700),
        )
    )

    (trail,) = with_role(schema, node_pb2.SEMANTIC_ROLE_NAV)
    (text,) = trail.children
    assert "".join(run.text for run in text.runs) == "Home / Forms / Layout"
    assert [run.text for run in text.runs if run.link] == ["Home", "Forms"]


def test_a_painted_entry_of_a_list_is_no_field():
    entries = [line(text, 57, 156 + 48 * n, size=14, color="#666666")
               for n, text in enumerate(("Icons", "Profile", "Tables", "Login"))]  # fmt: skip
    schema = read(
        page(
            surface(0, 0, 250, 900, fill="#ffffff", border="#dddddd"),
            surface(8, 96, 233, 46, fill="#f6f9fc", radius=4),
            line("Dashboard", 57, 110, size=14),
            *entries,
            line("The page", 290, 130, size=32, weight=700),
            *[line("Words that fill the page and say nothing", 290, 300 + 80 * n)
              for n in range(5)],
        )
    )  # fmt: skip

    found = kinds(schema)
    assert found["Dashboard"] == found["Profile"] == node_pb2.NODE_KIND_LINK
    assert not [n for n in walk(schema.root) if n.kind == node_pb2.NODE_KIND_INPUT]


def test_a_column_with_a_price_is_no_navigation():
    offer = [
        line(text, 100, 300 + 40 * n)
        for n, text in enumerate(("5 users", "Storage", "Support", "Reports", "Domains", "Mail"))
    ]
    body = [line("Words that fill the page " * 3, 500, 200 + 100 * n) for n in range(5)]
    card = surface(80, 200, 200, 400, border="#dddddd")

    bare = read(page(card, *offer, *body))
    priced = read(page(card, line("$9", 100, 230, size=40, weight=700), *offer, *body))
    assert len(with_role(bare, node_pb2.SEMANTIC_ROLE_NAV)) == 1
    assert with_role(priced, node_pb2.SEMANTIC_ROLE_NAV) == []


def test_a_second_bar_of_icons_and_entries_is_navigation():
    bar = [
        part
        for n, text in enumerate(("Home", "Interface", "Forms", "Plugins"))
        for part in (
            picture(100 + 130 * n, 80, 20, 20, PictureKind.ICON),
            line(text, 126 + 130 * n, 80, size=14),
        )
    ]
    schema = read(
        page(
            surface(0, 0, 1280, 56, fill="#111111", full_width=True),
            line("Brand", 100, 18, size=20, weight=700, color="#ffffff"),
            surface(0, 112, 1280, 788, fill="#f4f6fa", full_width=True),
            *bar,
            *prose(),
        )
    )
    found = kinds(schema)

    assert found["Interface"] == found["Plugins"] == node_pb2.NODE_KIND_LINK


def test_the_numbers_of_pages_are_links():
    numbers = [line(str(n), 400 + 40 * n, 700, color="#2563eb") for n in (1, 2, 3, 4)]
    schema = read(page(*prose(), *numbers, line("Next", 640, 700)))
    found = kinds(schema)

    assert found["2"] == found["4"] == found["Next"] == node_pb2.NODE_KIND_LINK


def test_the_top_line_of_a_card_is_its_title_when_a_little_larger():
    schema = read(
        page(
            *prose(100.0),
            surface(140, 300, 400, 200, border="#dddddd", radius=4),
            line("Card title", 164, 316, size=17.5),
            line("Words that fill the card and say", 164, 370),
            line("nothing of note at all on it", 164, 394),
        )
    )

    assert kinds(schema)["Card title"] == node_pb2.NODE_KIND_HEADING


def test_a_lead_below_a_title_and_a_fields_label_are_no_headings():
    schema = read(
        page(
            line("Pay as you grow", 640, 100, size=40, weight=700, center=True),
            line("With our no hassle pricing plans", 640, 160, size=20, center=True),
            *prose(),
            line("Email", 140, 600, weight=700),
            surface(140, 630, 320, 40, border="#cccccc", radius=4),
        )
    )
    found = kinds(schema)

    assert found["Pay as you grow"] == node_pb2.NODE_KIND_HEADING
    assert found["With our no hassle pricing plans"] == node_pb2.NODE_KIND_TEXT
    assert found["Email"] == node_pb2.NODE_KIND_TEXT


def test_a_row_of_nothing_but_entries_that_ends_a_page_is_its_footer():
    entries = [line(text, 330 + 110 * n, 840, color="#8392ab")
               for n, text in enumerate(("Company", "About Us", "Team", "Pricing"))]  # fmt: skip
    schema = read(
        page(line("Sign in", 140, 100, size=32, weight=700), *prose(), *prose(700.0), *entries)
    )

    (footer,) = with_role(schema, node_pb2.SEMANTIC_ROLE_FOOTER)
    assert texts_in(footer) == ["Company", "About Us", "Team", "Pricing"]
    assert kinds(schema)["Team"] == node_pb2.NODE_KIND_LINK


def test_a_notice_below_wide_content_is_the_footer_though_something_stands_aside():
    schema = read(
        page(
            line("The page", 140, 100, size=32, weight=700),
            surface(140, 200, 900, 560, border="#dddddd", radius=4),
            *prose(240.0),
            line("© 2025 Somebody", 140, 850),
            surface(1240, 100, 24, 700, fill="#066fd1"),
        )
    )

    (footer,) = with_role(schema, node_pb2.SEMANTIC_ROLE_FOOTER)
    assert texts_in(footer) == ["© 2025 Somebody"]


def test_a_field_for_searching_is_one_though_its_words_fill_it():
    schema = read(
        page(
            surface(970, 20, 129, 36, border="#cccccc", radius=2),
            line("Search Docs", 990, 29, color="#888888"),
            *prose(),
        )
    )

    (field,) = [node for node in walk(schema.root) if node.kind == node_pb2.NODE_KIND_INPUT]
    assert field.control.placeholder == "Search Docs"
