from dataclasses import replace

import pytest

from engine.vision.layout.fragments import join_inline_code, merge_fragments
from tests.engine.vision.layout.seen import line, page, surface


def test_pieces_of_one_line_are_joined_with_their_styles():
    bold = line("Seamless", 0, 0, weight=700)
    rest = line("multi-master sync", bold.box.right + 4, 0)
    (merged,) = merge_fragments([rest, bold])
    assert merged.text == "Seamless multi-master sync"
    assert [span.weight for span in merged.spans] == [700, 400]


def test_entries_of_a_bar_are_not_joined():
    first = line("Home", 0, 0)
    assert len(merge_fragments([first, line("About", first.box.right + 16, 0)])) == 2


def in_line(fill, *, words=("Add a container with the", "card", "class to it"), gap=4.0, size=14.0):
    """A line of prose whose second piece stands on a box of `fill`, with `gap` after it."""
    before, code, after = words
    first = line(before, 20, 100)
    box = surface(first.box.right + 4, 100, 42, 20, fill=fill)
    inner = line(code, box.box.x + 6, 102, size=size)
    last = line(after, box.box.right + gap, 100)
    baseline = first.baseline
    level = [replace(entry, baseline=baseline) for entry in (first, inner, last)]
    return join_inline_code(page(*level, box))


def test_code_on_a_tint_is_a_stretch_of_its_line():
    seen = in_line("#f2f2f2")
    (joined,) = seen.lines
    assert joined.text == "Add a container with the card class to it"
    assert [(s.text, s.mono, s.background, s.font_size) for s in joined.spans] == [
        ("Add a container with the", False, "", 0.0),
        ("card", True, "#f2f2f2", 14.1),
        ("class to it", False, "", 0.0),
    ]
    assert not seen.surfaces


@pytest.mark.parametrize(("seen", "size"), [(14.0, 14.1), (13.0, 14.1), (18.0, 18.0)])
def test_code_is_as_large_as_its_tint_is_wide(seen, size):
    (joined,) = in_line("#f2f2f2", size=seen).lines
    assert joined.spans[1].font_size == size


def test_a_sign_that_touches_code_has_no_space_before_it():
    seen = in_line("#f2f2f2", words=("Add a container with the", "card", ", then go on"), gap=0.5)
    assert seen.lines[0].text == "Add a container with the card, then go on"


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        ("#cc0000", ("Messages that are not yet read", "4 new", "since yesterday")),
        ("#f2f2f2", ("Tags:", "css", "")),
    ],
)
def test_badges_and_tags_are_no_code(fill, words):
    seen = in_line(fill, words=words)
    assert len(seen.surfaces) == 1


def test_a_figure_and_its_unit_are_one_text_in_two_sizes():
    figure = replace(line("$9", 20, 100, size=48), baseline=150)
    unit = replace(line("/ mo.", figure.box.right + 6, 130, size=16), baseline=150)
    (joined,) = merge_fragments([figure, unit])
    assert joined.text == "$9 / mo."
    assert joined.font_size == 48
    assert [span.font_size for span in joined.spans] == [0.0, 16]


@pytest.mark.parametrize(
    ("text", "beside"),
    [("Pro", "now"), ("Something longer than a figure", "now"), ("$129", "$199"), ("2,986", "4%")],
)
def test_other_texts_of_two_sizes_stay_apart(text, beside):
    first = replace(line(text, 20, 100, size=32), baseline=150)
    second = replace(line(beside, first.box.right + 6, 130, size=16), baseline=150)
    assert len(merge_fragments([first, second])) == 2
