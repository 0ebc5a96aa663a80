"""What is left of texts that were not read is no icon."""

from engine.vision.perception.remnants import without_cut_text, without_remnants
from engine.vision.percepts import Box, Family, TextLine
from tests.engine.vision.layout.seen import icon


def line(text, x, y, w, size=16.0, family=Family.SANS, color="#222222"):
    box = Box(x, y, w, size * 1.15)
    return TextLine(text, box, y + size, size, 400, family, color, "#ffffff", 1.0)


def test_signs_that_were_not_read_are_no_icons():
    text = [line("engaged", 100, 100, 60), line("7852", 240, 100, 40)]
    sign = icon(161, 102, 3, 12)
    stars = [icon(190 + 9 * i, 106, 7, 7) for i in range(4)]
    rating = [icon(290 + 18 * i, 101, 15, 15) for i in range(5)]
    arrow = icon(168, 103, 10, 10)
    kept = without_remnants([sign, *stars, *rating, arrow], text, [])
    assert kept == [*rating, arrow]


def test_pieces_of_letters_are_no_icons():
    text = [line("just as typed, page by page", 100, 100, 400, size=40)]
    baseline = text[0].baseline
    hook, comma = icon(92, 100, 7, 46), icon(260, baseline - 2, 8, 14)
    below, wide = icon(260, baseline + 18, 12, 12), icon(200, baseline, 60, 14)
    other = icon(300, baseline - 2, 8, 14, color="#d03030")
    assert without_remnants([hook, comma, below, wide, other], text, []) == [below, wide, other]


def test_signs_in_code_are_no_icons():
    area = Box(100, 100, 300, 200)
    brace, photo, far = icon(110, 150, 8, 15), icon(150, 120, 90, 60), icon(600, 150, 16, 16)
    assert without_remnants([brace, photo, far], [], [area]) == [photo, far]


def test_a_sign_as_large_as_a_letter_beside_a_line_of_code_is_no_icon():
    text = [line("docker build .", 100, 100, 120, 14, Family.MONO)]
    brace, below, copy = icon(226, 101, 7, 15), icon(100, 122, 7, 15), icon(226, 101, 15, 15)
    far = icon(100, 150, 7, 15)
    assert without_remnants([brace, below, copy, far], text, []) == [copy, far]


def test_icons_beside_huge_letters_hide_nothing():
    huge = line("ap", 400, 0, 200, 230)
    icons = [icon(100 + 120 * i, 150, 12, 12) for i in range(3)]
    stars = [icon(660 + 60 * i, 150, 40, 40) for i in range(3)]
    assert without_remnants([*icons, *stars], [huge], []) == icons


def test_the_tops_of_words_at_the_end_of_the_page_are_no_icons():
    words = [icon(100 + 60 * i, 590, 50, 10) for i in range(4)]
    logo = icon(500, 540, 60, 60)
    assert without_cut_text([*words, logo], 600) == [logo]
    assert without_cut_text(words[:2], 600) == words[:2]


def test_two_letters_cut_by_the_end_of_the_page_are_no_icons():
    letters = [icon(300, 589, 15, 11), icon(420, 589, 14, 11)]
    assert without_cut_text(letters, 600) == []
    assert without_cut_text(letters[:1], 600) == letters[:1]
