"""Links that follow from the look of words in a line."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import PictureKind, TextLine, TextSpan
from tests.engine.vision.layout.seen import kinds, line, page, picture, prose, read, surface, walk


def spanned(whole: TextLine, *parts: tuple[str, str, int]) -> TextLine:
    """Returns the line with spans of (text, colour, weight)."""
    spans = tuple(TextSpan(text, whole.box, color, weight) for text, color, weight in parts)
    return replace(whole, spans=spans)


CODES = ("#D87A68", "#1087DD", "#3B5998")
BODY = "Read the whole story behind it in our guide to gardens"


@pytest.mark.parametrize(
    ("color", "weight", "link"),
    [
        pytest.param("#2563eb", 400, True, id="an accent"),
        pytest.param("#888888", 400, False, id="a fainter grey"),
        pytest.param("#2a2a2a", 400, False, id="nearly the same grey"),
        pytest.param("#000000", 700, False, id="bold emphasis"),
    ],
)
def test_what_colour_alone_sets_apart_in_prose_is_a_link(color: str, weight: int, link: bool):
    text = spanned(
        line(BODY, 140, 300),
        ("Read the whole story behind it in", "#222222", 400),
        ("our guide", color, weight),
        ("to gardens", "#222222", 400),
    )
    schema = read(page(text, *prose()))
    runs = [run for node in walk(schema.root) for run in node.runs]
    assert [run.text.strip() for run in runs if run.link] == (["our guide"] if link else [])


def test_words_darker_than_the_prose_around_them_are_a_link():
    text = spanned(
        line(BODY, 140, 300, color="#888888"),
        ("Read the whole story behind it in", "#888888", 400),
        ("our guide", "#111111", 400),
        ("to gardens", "#888888", 400),
    )
    runs = [run for node in walk(read(page(text, *prose())).root) for run in node.runs]
    assert [run.text.strip() for run in runs if run.link] == ["our guide"]


def test_what_is_not_underlined_is_prose_though_it_is_less():
    text = spanned(
        line("See our guide to small gardens and others", 140, 300),
        ("See", "#222222", 400),
        ("our guide to small gardens", "#2563eb", 400),
        ("and others", "#222222", 400),
    )
    spans = tuple(replace(span, underline=span.color == "#2563eb") for span in text.spans)
    schema = read(page(replace(text, spans=spans), *prose()))
    runs = [run for node in walk(schema.root) for run in node.runs]
    assert [run.text.strip() for run in runs if run.link] == ["our guide to small gardens"]


def test_grey_words_beside_an_accent_are_prose_though_they_are_less():
    text = spanned(
        line("See our guide to small gardens and others", 140, 300, color="#2563eb"),
        ("See", "#222222", 400),
        ("our guide to small gardens", "#2563eb", 400),
        ("and others", "#222222", 400),
    )
    runs = [run for node in walk(read(page(text, *prose())).root) for run in node.runs]
    assert [run.text.strip() for run in runs if run.link] == ["our guide to small gardens"]


@pytest.mark.parametrize(("before", "linked"), [("In", True), ("Posted by", True), ("Very", False)])
def test_darker_words_after_in_and_by_name_a_category_or_an_author(before: str, *, linked: bool):
    text = spanned(
        line(f"{before} Python", 140, 300, color="#111111"),
        (before, "#999999", 400),
        ("Python", "#111111", 400),
    )
    runs = [run for node in walk(read(page(text, *prose())).root) for run in node.runs]
    assert [run.text.strip() for run in runs if run.link] == (["Python"] if linked else [])


@pytest.mark.parametrize("remark", ["\u2014 Error in 3 files", '"our guide",', "+12% this week"])
def test_remarks_and_quoted_strings_are_no_links_though_they_are_coloured(remark: str):
    text = spanned(
        line(f"Read the whole story behind {remark}", 140, 300),
        ("Read the whole story behind", "#222222", 400),
        (remark, "#c33300", 400),
    )
    alone = line("+5 this month", 140, 500, color="#c33300")
    schema = read(page(text, alone, *prose()))
    assert not [run for node in walk(schema.root) for run in node.runs if run.link]
    assert kinds(schema)[alone.text] == node_pb2.NODE_KIND_TEXT


def test_a_coloured_text_is_a_link_though_one_of_its_words_seems_bold():
    text = spanned(
        line("See a demo listing", 140, 300, color="#2563eb"),
        ("See", "#2563eb", 700),
        ("a demo listing", "#2563eb", 400),
    )
    assert kinds(read(page(text, *prose())))[text.text] == node_pb2.NODE_KIND_LINK


@pytest.mark.parametrize(
    ("weight", "y", "linked"),
    [
        pytest.param(700, 20, True, id="a bold name"),
        pytest.param(400, 20, False, id="in plain type"),
        pytest.param(700, 120, False, id="far down"),
        pytest.param(700, 340, False, id="right above something else"),
    ],
)
def test_a_name_alone_at_the_top_of_a_page_leads_home(weight: int, y: float, *, linked: bool):
    name = line("Field Notes", 40, y, size=18, weight=weight)
    title = line("Why tuples and dicts", 640, 300 if y < 300 else 380, size=40, center=True)
    found = kinds(read(page(name, title, *prose(460))))
    assert (found[name.text] == node_pb2.NODE_KIND_LINK) == linked


def test_addresses_in_the_cells_of_a_table_are_data():
    stripes = [surface(140, 300 + 60 * n, 1000, 60, fill="#eeeeee") for n in (0, 2, 4)]
    cells = [
        line(text, x, 320 + 60 * n)
        for n in range(5)
        for text, x in ((f"Gardener {n}", 160), (f"gardener{n}@example.com", 480), ("May", 860))
    ]
    address = line("office@example.com", 140, 200)
    found = kinds(read(page(address, *stripes, *cells)))
    assert found[address.text] == node_pb2.NODE_KIND_LINK
    assert found["gardener1@example.com"] == node_pb2.NODE_KIND_TEXT


def test_codes_of_colours_are_no_links_though_they_are_coloured():
    codes = [line(code, 140, 100 + 30 * n, color="#2563eb") for n, code in enumerate(CODES)]
    schema = read(page(line("The manual", 140, 40, color="#2563eb"), *codes, *prose()))
    assert {kinds(schema)[code] for code in CODES} == {node_pb2.NODE_KIND_TEXT}


def test_entries_between_signs_are_links():
    text = spanned(
        line("Twitter · Donate · Version", 140, 300),
        ("Twitter", "#445566", 400),
        ("·", "#bbbbbb", 400),
        ("Donate", "#445566", 400),
        ("· Version", "#bbbbbb", 400),
    )
    two = spanned(
        line("Home · About · Help", 140, 340),
        ("Home", "#445566", 400),
        ("·", "#bbbbbb", 400),
        ("About", "#445566", 400),
        ("·", "#bbbbbb", 400),
        ("Help", "#445566", 400),
    )
    schema = read(page(text, two, *prose()))
    links = [run.text.strip() for node in walk(schema.root) for run in node.runs if run.link]
    assert "About" in links
    assert not any("·" in text for text in links)


def test_capitals_above_a_larger_line_are_no_link_though_coloured():
    schema = read(
        page(
            line("MAIN REASONS", 140, 200, size=14, color="#2563eb"),
            line("Take decisions with real data", 140, 230, size=32),
            line("Learn more.", 140, 290, color="#2563eb"),
            *prose(),
        )
    )
    found = kinds(schema)
    assert found["MAIN REASONS"] == node_pb2.NODE_KIND_TEXT
    assert found["Learn more."] == node_pb2.NODE_KIND_LINK


def test_a_stretch_of_time_is_no_link_though_coloured():
    schema = read(
        page(
            *prose(),
            line("Read on", 140, 600, color="#bd5d38"),
            line("March 2013 - Present", 900, 600, color="#bd5d38"),
        )
    )
    found = kinds(schema)

    assert found["Read on"] == node_pb2.NODE_KIND_LINK
    assert found["March 2013 - Present"] == node_pb2.NODE_KIND_TEXT


def test_code_is_no_link_though_it_is_coloured():
    code = ("<div class=", "</label>", 'open("it");', "--no-verify")
    lines = [line(words, 140, 100 + 40 * n, color="#2563eb") for n, words in enumerate(code)]
    found = kinds(read(page(line("The manual >", 140, 40, color="#2563eb"), *lines, *prose())))
    assert found["The manual >"] == node_pb2.NODE_KIND_LINK
    assert {found[words] for words in code} == {node_pb2.NODE_KIND_TEXT}


def test_the_bold_entry_of_a_side_list_is_the_current_one_and_a_caption_is_none():
    entries = ("Home", "Base", "Cards", "Charts", "Forms", "Tables")
    side = [
        part
        for n, words in enumerate(entries)
        for part in (
            picture(24, 302 + 40 * n, 14, 14, PictureKind.ICON),
            line(words, 52, 300 + 40 * n, size=14, weight=700 if words == "Base" else 400),
        )
    ]
    caption = line("Elements", 24, 260, size=14, weight=700)
    found = kinds(read(page(surface(0, 0, 220, 900, fill="#eeeeee"), caption, *side, *beside())))
    assert {found[words] for words in entries} == {node_pb2.NODE_KIND_LINK}
    assert found["Elements"] != node_pb2.NODE_KIND_LINK


def beside() -> list[TextLine]:
    words = "Plain words that fill the page and say nothing of note at all"
    return [line(words, 320, 100 + 24 * row) for row in range(12)]


def test_one_sign_parts_the_entries_of_a_footer_but_not_its_notice():
    entries = spanned(
        line("Documentation · Questions", 1000, 850, size=14),
        ("Documentation", "#666666", 400),
        ("·", "#bbbbbb", 400),
        ("Questions", "#666666", 400),
    )
    notice = spanned(
        line("© Brand 2025 · Made by us", 140, 850, size=14),
        ("© Brand 2025", "#666666", 400),
        ("·", "#bbbbbb", 400),
        ("Made by us", "#666666", 400),
    )
    bar = surface(0, 820, 1280, 80, fill="#f4f4f4", full_width=True)
    schema = read(page(*prose(), bar, notice, entries))
    links = [run.text.strip() for node in walk(schema.root) for run in node.runs if run.link]
    assert links == ["Documentation", "Questions"]


def test_a_label_in_a_line_is_no_link_though_another_colour_sets_it_apart():
    text = spanned(
        line("Full name: Alice Mary Rose Thompson", 140, 300, color="#888888"),
        ("Full name:", "#111111", 400),
        ("Alice Mary Rose Thompson", "#888888", 400),
    )
    runs = [run for node in walk(read(page(text, *prose())).root) for run in node.runs]
    assert len(runs) == 2
    assert not any(run.link for run in runs)


def test_signs_part_a_line_of_a_footer_into_entries():
    footer = [
        surface(0, 800, 1280, 100, fill="#111111", full_width=True),
        line("© 2026 Gardens | Privacy | Terms", 640, 840, color="#eeeeee", center=True),
    ]
    words = [line("Plain words that fill the page", 140, 40 + 24 * row) for row in range(8)]
    (closing,) = [node for node in walk(read(page(*words, *footer)).root) if node.runs]
    assert [(run.text.strip(), run.link) for run in closing.runs if run.text.strip(" |")] == [
        ("© 2026 Gardens", False),
        ("Privacy", True),
        ("Terms", True),
    ]
