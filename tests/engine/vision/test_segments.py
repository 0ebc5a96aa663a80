from dataclasses import replace

import pytest
from PIL import ImageFont

from engine.vision.perception.lines import part_by_surfaces
from engine.vision.perception.ocr import OcrChar, OcrLine
from engine.vision.perception.segments import segments_of
from engine.vision.perception.sift import sift
from engine.vision.perception.spelling import respell
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage

SIZE = 20


def read_as(text, *, off):
    """Returns the texts of a drawn line whose letters were read `off` pixels from their ink."""
    page = DrawnPage(400, 60)
    page.text(20, 20, text, SIZE)
    font = ImageFont.load_default(SIZE)
    chars = []
    for index, letter in enumerate(text):
        left, right = font.getlength(text[:index]), font.getlength(text[: index + 1])
        chars.append(OcrChar(letter, 20 + (left + right) / 2 + off.get(index, 0), 0.99))
    box = Box(18, 18, font.getlength(text) + 4, 28)
    return [item.text for item in segments_of(page.pixels, OcrLine(box, tuple(chars), 0.99, 0.99))]


def test_a_letter_read_beyond_the_space_after_it_is_not_parted_from_its_word():
    assert read_as("Email Address", off={}) == ["Email Address"]
    assert read_as("Email Address", off={4: 7}) == ["Email Address"]


def read_tracked(text, *, gap, likely):
    """Returns the texts of a line without spaces, with a gap before its last three letters.

    `likely` is how likely the recogniser found a space there.
    """
    page = DrawnPage(400, 60)
    font = ImageFont.load_default(SIZE)
    chars, x = [], 20.0
    for index, letter in enumerate(text):
        before = len(text) - index == 3
        x += gap if before else 0
        page.text(x, 20, letter, SIZE)
        width = font.getlength(letter)
        chars.append(OcrChar(letter, x + width / 2, 0.99, space=likely if before else 0.0))
        x += width
    line = OcrLine(Box(18, 18, x - 16, 28), tuple(chars), 0.99, 0.99)
    return [item.text for item in segments_of(page.pixels, line)]


def test_a_gap_between_letters_that_the_recogniser_had_no_doubt_of_is_no_space():
    assert read_tracked("supportnow", gap=5, likely=0.0) == ["supportnow"]
    assert read_tracked("supportnow", gap=5, likely=0.3) == ["support now"]
    assert read_tracked("supportnow", gap=0, likely=0.3) == ["supportnow"]


def test_a_gap_wider_than_any_space_parts_a_line_whatever_was_read():
    assert read_tracked("supportnow", gap=30, likely=0.0) == ["support", "now"]


def test_a_capital_after_a_gap_within_a_word_begins_another():
    assert read_tracked("supportWeb", gap=6, likely=0.0) == ["support Web"]
    assert read_tracked("supportWeb", gap=0, likely=0.0) == ["supportWeb"]


def spelled(word, *doubts):
    """Respells a word whose letters at some places have a rival: (place, rival, doubt)."""
    chars = [OcrChar(letter, 10.0 * i, 0.9) for i, letter in enumerate(word)]
    for place, rival, doubt in doubts:
        chars[place] = replace(chars[place], rival=rival, doubt=doubt)
    return "".join(char.text for char in respell(chars, [""] * (len(word) - 1)))


def test_letters_that_look_alike_follow_their_word():
    assert spelled("APl", (2, "I", 0.4)) == "API"
    assert spelled("Ul", (1, "I", 0.02)) == "UI"
    assert spelled("JsoN", (1, "S", 0.4), (2, "O", 0.2)) == "JSON"
    assert spelled("20O6", (2, "0", 0.1)) == "2006"


@pytest.mark.parametrize(("width", "sign"), [(3, "·"), (4, "-"), (7, "-")])
def test_a_dash_as_short_as_a_dot_is_a_dot(width, sign):
    page = DrawnPage(400, 60)
    page.text(20, 20, "Apr", SIZE)
    page.draw.rectangle((64, 32, 64 + width - 1, 34 if width == 3 else 33), fill="#222222")
    page.text(82, 20, "Jul", SIZE)
    places = (26.0, 38.0, 47.0, 56.0, 65.0, 76.0, 87.0, 98.0, 106.0)
    chars = tuple(
        OcrChar(c, x, 0.99, space=0.99 if c in " -J" else 0.0)
        for c, x in zip("Apr - Jul", places, strict=True)
    )
    line = OcrLine(Box(16, 18, 100, 28), chars, 0.99, 0.99)
    (segment,) = segments_of(page.pixels, line)
    assert segment.text == f"Apr {sign} Jul"


def test_a_capital_that_begins_a_word_proves_nothing():
    assert spelled("All", (1, "I", 0.1), (2, "I", 0.1)) == "All"
    assert spelled("Ul", (1, "I", 0.001)) == "Ul"
    assert spelled("Ul", (1, "i", 0.04)) == "UI"
    assert spelled("Book", (1, "0", 0.2), (2, "0", 0.2)) == "Book"


def test_a_large_round_letter_is_no_box_that_parts_its_line():
    word = "PORTFOLIO"
    chars = tuple(OcrChar(letter, 120 + 28.0 * i, 0.99) for i, letter in enumerate(word))
    line = OcrLine(Box(100, 100, 270, 40), chars, 0.99, 0.99)
    ring = Box(134, 105, 28, 30)
    assert [part.text for part in part_by_surfaces(line, [ring])] == ["PORTFOLIO"]
    badge = Box(134, 96, 28, 48)
    assert [part.text for part in part_by_surfaces(line, [badge])] == ["P", "O", "RTFOLIO"]


def test_what_ends_a_line_of_code_or_a_sentence_is_no_icon():
    page = DrawnPage(400, 60)
    font = ImageFont.load_default(SIZE)
    for text, gap, cut in (("[200]>", 5, False), ("splash!", 5, False), ("Next>", 14, True)):
        page = DrawnPage(400, 60)
        chars, x = [], 20.0
        for index, letter in enumerate(text):
            x += gap if index == len(text) - 1 else 0
            page.text(x, 20, letter, SIZE)
            chars.append(OcrChar(letter, x + font.getlength(letter) / 2, 0.99))
            x += font.getlength(letter)
        line = OcrLine(Box(18, 18, x - 16, 28), tuple(chars), 0.99, 0.99)
        (segment,) = sift(segments_of(page.pixels, line))
        assert segment.text == (text[:-1] if cut else text)


def sifted(text, *, gap, confidence=0.99):
    """Returns the text of a line whose first letter stands `gap` pixels before the rest."""
    page = DrawnPage(400, 60)
    font = ImageFont.load_default(SIZE)
    chars, x = [], 20.0
    for index, letter in enumerate(text):
        if letter == " ":
            width = gap if index == 1 else font.getlength(" ")
        else:
            page.text(x, 20, letter, SIZE)
            width = font.getlength(letter)
        likely = 0.99 if index and text[index - 1] == " " else 0.0
        sure = confidence if index == 0 else 0.99
        chars.append(OcrChar(letter, x + width / 2, sure, space=likely))
        x += width
    line = OcrLine(Box(18, 18, x - 16, 28), tuple(chars), 0.99, 0.99)
    return [segment.text for segment in sift(segments_of(page.pixels, line))]


@pytest.mark.parametrize("text", ["Q Search all pages", "8 Account is open", "+ Add new card"])
def test_a_sign_that_stands_off_its_label_is_an_icon(text):
    assert sifted(text, gap=13) == [text[2:]]
    assert sifted(text, gap=6) == [text]


def test_without_other_spaces_only_a_doubtful_sign_is_an_icon():
    assert sifted("8 Account", gap=13, confidence=0.9) == ["Account"]
    assert sifted("8 Account", gap=13) == ["8 Account"]


def test_a_word_of_one_letter_and_a_bullet_are_kept():
    assert sifted("I agree with it", gap=13) == ["I agree with it"]
    assert sifted("o Address and more", gap=13) == ["o Address and more"]
    assert sifted("a Search", gap=13, confidence=0.6) == ["Search"]


@pytest.mark.parametrize(("side", "kept"), [(14, ["New"]), (9, ["+ New"])])
def test_a_plus_higher_than_that_of_a_text_is_an_icon(side, kept):
    page = DrawnPage(200, 60)
    page.draw.line((20, 33, 20 + side, 33), fill="#222222", width=2)
    page.draw.line((20 + side // 2, 33 - side // 2, 20 + side // 2, 33 + side // 2), "#222222", 2)
    x = 26 + side
    page.text(x, 20, "New", SIZE)
    chars = [OcrChar("+", 20 + side / 2, 0.99), OcrChar(" ", x - 3, 0.99)]
    chars += [
        OcrChar(c, x + 6 + 12 * i, 0.99, space=0.0 if i else 0.99) for i, c in enumerate("New")
    ]
    line = OcrLine(Box(16, 18, x + 30, 28), tuple(chars), 0.99, 0.99)
    assert [segment.text for segment in sift(segments_of(page.pixels, line))] == kept


@pytest.mark.parametrize(("confidence", "kept"), [(0.7, 0), (0.8, 1)])
def test_what_is_hardly_read_is_no_text(confidence, kept):
    page = DrawnPage(400, 60)
    page.text(20, 20, "Preview", SIZE)
    chars = tuple(OcrChar(c, 26 + 10.5 * i, confidence) for i, c in enumerate("Preview"))
    line = OcrLine(Box(18, 18, 90, 28), chars, confidence, confidence)
    assert len(sift(segments_of(page.pixels, line))) == kept


@pytest.mark.parametrize(("half", "kept"), [(3, "Read more →"), (6, "Read more")])
def test_only_a_low_arrow_after_words_is_of_their_type(half, kept):
    page = DrawnPage(400, 60)
    page.text(20, 20, "Read more", SIZE)
    font = ImageFont.load_default(SIZE)
    chars = []
    for index, letter in enumerate("Read more"):
        left, right = font.getlength("Read more"[:index]), font.getlength("Read more"[: index + 1])
        chars.append(OcrChar(letter, 20 + (left + right) / 2, 0.99))
    x = 20 + font.getlength("Read more") + 7
    for end in (-half, half):
        page.draw.line((x + 14 - half, 33 + end, x + 14, 33), fill="#222222", width=2)
    page.draw.line((x, 33, x + 14, 33), fill="#222222", width=2)
    chars += [OcrChar(" ", x - 3, 0.99), OcrChar("→", x + 7, 0.99, space=0.99)]
    line = OcrLine(Box(18, 18, x, 28), tuple(chars), 0.99, 0.99)
    assert [segment.text for segment in sift(segments_of(page.pixels, line))] == [kept]


@pytest.mark.parametrize(
    ("text", "confidence", "kept"),
    [
        ("© Download it", 0.6, "Download it"),
        ("© Northwind Ltd", 0.95, "© Northwind Ltd"),
        ("品Components", 0.7, "Components"),
        ("xComponents", 0.3, "Components"),
        ("• First of all", 0.3, "• First of all"),
    ],
)
def test_what_a_line_hardly_begins_with_is_an_icon(text, confidence, kept):
    assert sifted(text, gap=7, confidence=confidence) == [kept]


@pytest.mark.parametrize(("width", "kept"), [(1, ["in"]), (5, [])])
def test_linked_in_signs_with_a_heavy_word(width, kept):
    page = DrawnPage(100, 60)
    page.box(20, 20, width, 4, fill="#222222")
    for x in (20, 30, 38):
        page.box(x, 26, width, 14, fill="#222222")
    page.box(30, 26, 9, width, fill="#222222")
    line = OcrLine(Box(16, 16, 32, 28), (OcrChar("i", 22, 1), OcrChar("n", 36, 1)), 1, 1)
    assert [segment.text for segment in sift(segments_of(page.pixels, line))] == kept


@pytest.mark.parametrize(
    ("sign", "confidence", "kept"), [("ō", 0.8, False), ("ō", 0.95, True), ("o", 0.8, True)]
)
def test_a_letter_with_an_accent_that_stands_alone_must_be_well_read(sign, confidence, kept):
    page = DrawnPage(200, 60)
    chars, x = [], 20.0
    for word, gap in (("0ms", 7), ("o", 0)):
        for letter in word:
            page.text(x, 20, letter, SIZE)
            width = ImageFont.load_default(SIZE).getlength(letter)
            last = not gap
            chars.append(
                OcrChar(sign if last else letter, x + width / 2, confidence if last else 1)
            )
            x += width
        x += gap
    line = OcrLine(Box(18, 18, x - 16, 28), tuple(chars), 0.99, 0.99)
    (segment,) = sift(segments_of(page.pixels, line))
    assert segment.text.endswith(sign) == kept
