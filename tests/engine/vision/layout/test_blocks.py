from dataclasses import replace

import pytest
from structra.v1 import node_pb2

from engine.vision.layout.blocks import build_blocks, join_lines
from engine.vision.layout.bullets import Bullet, strip_bullets
from engine.vision.percepts import Box
from tests.engine.vision.layout.seen import line

ROOM = Box(0, 0, 400, 600)


def texts(*lines):
    return [block.text for block in build_blocks(lines, ROOM)]


def test_wrapped_lines_become_one_paragraph_without_breaks():
    assert texts(
        line("The quick brown fox jumps over the lazy dog, and", 0, 0),
        line("then it rests under the old tree until the sun", 0, 24),
        line("goes down.", 0, 48),
    ) == [
        (
            "The quick brown fox jumps over the lazy dog, and then it rests under the old tree "
            "until the sun goes down."
        )
    ]


def test_short_entries_below_each_other_stay_apart():
    assert texts(line("Home", 0, 0), line("Pricing", 0, 30), line("Contact", 0, 60)) == [
        "Home",
        "Pricing",
        "Contact",
    ]


def test_a_wider_gap_starts_a_new_paragraph():
    first = [
        line("Words that fill the width of this narrow column and", 0, 0),
        line("more.", 0, 24),
    ]
    second = [line("Words that fill the width of this narrow column and", 0, 72)]
    assert len(texts(*first, *second)) == 2


@pytest.mark.parametrize("change", [{"size": 24.0}, {"weight": 700}, {"color": "#cc0000"}])
def test_another_style_is_another_block(change):
    upper = line("Words that fill the width of this narrow column and", 0, 0)
    assert len(texts(upper, line("go on", 0, 26, **change))) == 2


def test_a_tight_headline_is_one_block_though_its_lines_measure_differently():
    lines = [
        line("Showcase", 122, 180, size=80, weight=600),
        line("your app", 118, 260, size=83, weight=400),
        line("beautifully.", 120, 337, size=89.5, weight=400),
    ]
    (block,) = build_blocks(lines, Box(100, 100, 600, 500))
    assert block.text == "Showcase your app beautifully."
    assert block.weight == 400


def test_a_short_second_line_ends_a_tight_headline_however_large_the_first_measures():
    lines = [
        line("Your Favourite Place for", 40, 100, size=74, weight=700),
        replace(line("Free Themes", 40, 178, size=54, weight=400), baseline=232.0),
    ]
    lines[0] = replace(lines[0], baseline=165.0)
    (block,) = build_blocks(lines, Box(0, 0, 1200, 600))
    assert block.text == "Your Favourite Place for Free Themes"
    assert block.pitch == 67.0


def test_large_lines_that_stand_farther_apart_are_two_titles():
    lines = [
        line("Your Favourite Place", 40, 100, size=40, weight=700),
        line("Free Themes", 40, 165, size=40, weight=700),
    ]
    assert len(build_blocks(lines, Box(0, 0, 1200, 600))) == 2


def test_what_only_begins_a_line_of_a_headline_is_not_joined_to_the_next():
    lines = [
        line("Making", 40, 100, size=42, weight=700),
        line("kernels for", 190, 100, size=42, weight=700),
        line("Jupyter", 40, 148, size=42, weight=700),
    ]
    assert "Making Jupyter" not in texts(*lines)


def test_a_bullet_starts_a_new_block():
    lines = [line("first entry of a list that goes on and", 20, 0), line("second entry", 20, 24)]
    bullets = [Bullet(Box(4, y, 6, 6), node_pb2.LIST_MARKER_DISC) for y in (6, 30)]
    blocks = build_blocks(lines, ROOM, (), bullets)
    assert [bool(block.marker) for block in blocks] == [True, True]


def test_hyphenated_words_are_put_together():
    assert join_lines(["The conti-", "nuation is well-", "Known"]) == (
        "The conti-nuation is well- Known"
    )


def test_bullets_are_taken_off_text():
    lines, boxes = strip_bullets(
        [line("• Images", 0, 0), line("o Audio", 0, 30), line("o Video", 0, 60)]
    )
    assert [entry.text for entry in lines] == ["Images", "Audio", "Video"]
    assert all(entry.box.x > 5 for entry in lines)
    assert len(boxes) == 3
