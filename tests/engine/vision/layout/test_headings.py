"""What heads more than its look says."""

from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.percepts import Box, Family, Percepts, Rule
from tests.engine.vision.layout.seen import line, page, picture, read, surface, walk


def headings(percepts: Percepts) -> list[str]:
    nodes = walk(read(percepts).root)
    return [node.text for node in nodes if node.kind == node_pb2.NODE_KIND_HEADING]


def prose(y: float) -> list:
    words = "Plain words that fill the page and say nothing of note at all"
    return [line(words, 140, y + 24 * row) for row in range(6)]


def titled(names: tuple[str, ...], *, across: int = 0, down: int = 0, step: int = 24) -> list:
    """Returns bold names, each with a plain line that begins `step` below where it begins."""
    return [
        part
        for n, name in enumerate(names)
        for part in (
            line(name, 140 + across * n, 100 + down * n, weight=700),
            line("Words of a line about it", 140 + across * n, 100 + step + down * n),
        )
    ]


def test_a_low_card_has_a_title():
    card = [
        surface(140, 100, 300, 90, border="#cccccc"),
        line("Simple card", 160, 112, size=18),
        line("Words in it", 160, 150),
    ]
    assert headings(page(*card, *prose(300))) == ["Simple card"]


def test_cells_that_begin_with_bold_names_have_titles():
    names = ("Anne Marie", "Nick Daniel", "Sophie Bell")
    cells = [
        line(word, x, 112 + 80 * row)
        for row in range(3)
        for word, x in (("Reply", 700), ("Monday", 900))
    ]
    assert headings(page(*titled(names, down=80), *cells, *prose(500))) == list(names)


def test_a_lead_that_is_a_little_larger_than_prose_heads_it():
    text = [
        line("Public profile", 140, 100, size=18),
        line("Making your profile public means that anyone here can see it", 140, 132),
    ]
    assert headings(page(*text, *prose(400))) == ["Public profile"]


def test_the_row_that_heads_a_tables_columns_holds_no_headings():
    columns = ("Name", "Country", "Salary")
    heads = [line(word, 140 + 300 * n, 100, size=24) for n, word in enumerate(columns)]
    cells = [
        line(word, 140 + 300 * n, 160 + 50 * row)
        for n, word in enumerate(("Minerva", "Curacao", "$23,789"))
        for row in range(5)
    ]
    rules = tuple(Rule(Box(140, 145 + 50 * row, 900, 1), "#dddddd") for row in range(5))
    assert headings(replace(page(*heads, *cells, *prose(500)), rules=rules)) == []


def test_what_is_set_as_headings_are_heads_something_too():
    headed = titled(("Planting", "Watering", "Weeding"), down=90)
    alike = line("Harvest", 700, 100, weight=700)
    unlike = line("Storage", 700, 400, weight=700, color="#c02020")
    found = headings(page(*headed, alike, line("To be written", 700, 220), unlike, *prose(600)))
    assert "Harvest" in found
    assert "Storage" not in found


def test_the_names_of_clients_in_a_row_head_nothing():
    names = ("coinbase", "NASA", "NETFLIX", "Pinterest", "vodafone")
    row = [line(name, 140 + 200 * n, 340, size=26, weight=700) for n, name in enumerate(names)]
    found = headings(page(line("Welcome", 140, 40, size=40), *prose(120), *row, *prose(460)))
    assert found == ["Welcome"]


def test_bold_names_of_a_list_head_nothing():
    tasks = titled(
        ("Update the guide", "Answer the mail", "Release it", "Export the files"), down=60, step=22
    )
    assert headings(page(line("Tasks", 140, 60, size=24), *tasks, *prose(500))) == ["Tasks"]


def test_bold_lines_between_paragraphs_head_them():
    titles = ("Planting", "Watering")
    text = [
        part
        for n, title in enumerate(titles)
        for part in (line(title, 140, 100 + 220 * n, weight=700), *prose(124 + 220 * n))
    ]
    assert headings(page(*text)) == list(titles)


@pytest.mark.parametrize(("note", "headed"), [pytest.param(20, False), pytest.param(32, True)])
def test_names_that_their_notes_touch_are_entries_of_a_set(note: int, *, headed: bool):
    names = ("Anne Marie", "Nick Daniel", "Sophie Bell", "Tom Hill")
    people = titled(names, across=250, step=note)
    assert headings(page(*people, *prose(400))) == (list(names) if headed else [])


def test_code_is_no_heading_however_large():
    code = [line("swal({", 140, 100, size=26), line("To be read as it stands", 140, 150)]
    assert headings(page(*code, *prose(300))) == []


def test_a_page_in_monospaced_type_has_headings():
    text = [
        line("Buttons", 140, 100, weight=700, family=Family.MONO),
        line("Plain words about all of them", 140, 124, family=Family.MONO),
    ]
    rest = [line("More plain words", 140, 300 + 60 * row, family=Family.MONO) for row in range(6)]
    assert headings(page(*text, *rest)) == ["Buttons"]
    assert headings(page(*text, *prose(300))) == []


@pytest.mark.parametrize("figure", ["2.7 s", "105 GB", "29.703 Users (40%)", "10 minutes ago"])
def test_figures_with_their_unit_or_share_head_nothing(figure: str):
    text = [
        line(figure, 140, 100, size=24, weight=700),
        line("Since the page was opened", 140, 134),
    ]
    assert headings(page(*text, *prose(300))) == []


def test_lettering_that_lies_on_a_picture_heads_nothing():
    logo = [picture(140, 100, 200, 120), line("Large letters", 180, 140, size=30, weight=700)]
    assert headings(page(*logo, *prose(300))) == []


def test_usual_type_stands_out_of_fine_print_no_more_than_of_other_text():
    text = [
        line("Total of all", 140, 100, size=12.5, weight=700),
        line("Since last month", 140, 122, size=11),
        line("Unique users", 140, 200, size=15),
        line("Since last month", 140, 226, size=11),
        line("Visitors", 140, 300, size=20),
        line("Since last month", 140, 330, size=11),
    ]
    fine = [
        line("Fine print that says nothing at all", 140, 440 + 20 * row, size=11)
        for row in range(9)
    ]
    assert headings(page(*text, *fine)) == ["Visitors"]


@pytest.mark.parametrize(("size", "found"), [(18, ["Morning tide"]), (15, [])])
def test_a_name_larger_than_body_type_heads_the_smaller_note_right_below(size: int, found: list):
    card = [line("Morning tide", 140, 100, size=size), line("In stock", 140, 126, size=12)]
    assert headings(page(*card, *prose(400))) == found


def test_a_title_alone_in_a_header_is_no_link():
    bar = [surface(0, 0, 1280, 56, fill="#eeeeee", full_width=True), line("Tides", 24, 15, size=22)]
    assert headings(page(*bar, *prose(200))) == ["Tides"]
