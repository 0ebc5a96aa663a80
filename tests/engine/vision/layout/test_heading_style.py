"""Texts that are set as most headings of their page are."""

from __future__ import annotations

from structra.v1 import node_pb2

from engine.vision.percepts import TextLine
from tests.engine.vision.layout.seen import line, page, read, walk

PROSE = "Plain words that fill the page and say nothing of note at all"


def found_among(*texts: TextLine) -> set[str]:
    """Returns which texts are headings below three bold titles that each head a line."""
    titles = [
        part
        for n, title in enumerate(("Planting", "Watering", "Weeding"))
        for part in (
            line(title, 140, 100 + 90 * n, weight=700),
            line("Some plain words about it, and more", 140, 124 + 90 * n),
        )
    ]
    prose = [line(PROSE, 140, 700 + 24 * row) for row in range(6)]
    nodes = walk(read(page(*titles, *texts, *prose)).root)
    headings = {node.text for node in nodes if node.kind == node_pb2.NODE_KIND_HEADING}
    assert headings >= {"Planting", "Watering", "Weeding"}
    return headings & {text.text for text in texts}


def apart(text: str, **style: str | int) -> list[TextLine]:
    """Returns a text that stands too far above the next to head it by its weight alone."""
    return [line(text, 140, 420, **style), line("To be written", 140, 540)]


def test_a_text_in_the_style_of_titles_is_one():
    assert found_among(*apart("Harvest", weight=700)) == {"Harvest"}


def test_a_text_in_another_style_is_none():
    assert not found_among(*apart("Harvest", weight=700, color="#c02020"))
    assert not found_among(*apart("Harvest"))
    assert not found_among(*apart("Harvest", weight=700, size=13))


def test_what_reads_as_a_sentence_or_a_label_is_none():
    assert not found_among(*apart("Weeds grow back.", weight=700))
    assert not found_among(*apart("Sown: in March", weight=700))
    assert not found_among(*apart("All that grows in the beds by the wall", weight=700))


def test_titles_side_by_side_are_titles_and_a_label_beside_its_value_is_none():
    row = [line("Harvest", 140, 420, weight=700), line("Storage", 700, 420, weight=700)]
    assert found_among(*row) == {"Harvest", "Storage"}
    assert not found_among(row[0], line("In September", 700, 420))
