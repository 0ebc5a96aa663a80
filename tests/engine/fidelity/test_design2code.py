import pytest

from engine.fidelity.design2code import Block, TextSimilarity, blocks_of, score
from engine.fidelity.measured import Page, Text
from engine.geometry import Box

BLACK = (0, 0, 0)


def block(text, x=0.1, y=0.1, w=0.2, h=0.05, color=BLACK):
    return Block(text, x, y, w, h, color)


def test_a_page_equals_itself():
    page = [block("Pricing"), block("Start for free today", y=0.3), block("Contact us", y=0.8)]

    result = score(page, page)

    assert (result.block_match, result.text, result.position, result.color) == (1, 1, 1, 1)


def test_order_of_blocks_does_not_matter():
    page = [block("alpha beta"), block("gamma delta", y=0.3), block("epsilon zeta", y=0.6)]

    assert score(page[::-1], page).position == pytest.approx(1)


def test_lines_are_joined_to_the_paragraph_they_come_from():
    paragraph = block("the quick brown fox jumps over the lazy dog", h=0.10)
    lines = [
        block("the quick brown fox", h=0.05),
        block("jumps over the lazy dog", y=0.15, h=0.05),
    ]

    result = score(lines, [paragraph])

    assert len(result.pairs) == 1
    assert result.text == 1
    assert result.block_match == 1
    assert result.position == pytest.approx(1)


def test_the_original_is_joined_as_well():
    lines = [block("the quick brown fox"), block("jumps over the lazy dog", y=0.15)]
    paragraph = block("the quick brown fox jumps over the lazy dog", h=0.10)

    assert score([paragraph], lines).block_match == 1


def test_unmatched_area_on_either_side_is_lost():
    both = block("Products and services", w=0.4, h=0.1)
    missing = block("zzzz", y=0.5, w=0.2, h=0.1)

    result = score([both], [both, missing])

    # 2 * 0.04 matched of 2 * 0.04 + 0.02.
    assert result.block_match == pytest.approx(0.8)
    assert result.only_original == (missing,)
    assert score([both, missing], [both]).block_match == pytest.approx(0.8)


def test_position_is_the_larger_shift_of_the_centres():
    result = score([block("Products", x=0.15, y=0.4)], [block("Products", x=0.1, y=0.1)])

    assert result.position == pytest.approx(0.7)


def test_color_falls_by_the_perceived_difference():
    white = score([block("Products", color=(255, 255, 255))], [block("Products")])

    assert white.color == pytest.approx(0, abs=1e-3)


def test_texts_that_differ_too_much_do_not_match():
    result = score([block("abcdefgh")], [block("zyxwvuts")])

    assert (result.block_match, result.text, result.position, result.color) == (0, 0, 0, 0)


def test_without_blocks_everything_is_lost():
    assert score([], [block("a")]).block_match == 0
    assert score([block("a")], []).text == 0


def test_blocks_are_shares_of_the_page_without_placeholders():
    page = Page(
        width=1000,
        height=500,
        texts=(
            Text("Name", Box(100, 50, 200, 20), (), "#ff0000"),
            Text("you@example.org", Box(0, 0, 10, 10), (), "#000000", placeholder=True),
        ),
    )

    assert blocks_of(page) == [Block("Name", 0.1, 0.1, 0.2, 0.04, (255, 0, 0))]


def test_similarity_is_remembered_as_it_was_computed():
    similarity = TextSimilarity()

    assert similarity("abcd", "bcde") == pytest.approx(0.75)
    assert similarity("abcd", "bcde") == pytest.approx(0.75)
    assert similarity("same", "same") == 1
