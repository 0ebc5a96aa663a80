"""Drawings behind cards are cut to what shows of them."""

from __future__ import annotations

from engine.vision.perception.uncovered import uncovered
from engine.vision.percepts import Box, Picture, PictureKind

_CARD = Box(400, 300, 350, 500)
_WORDS = Box(600, 700, 100, 20)


def _drawing(box: Box, kind: PictureKind = PictureKind.ILLUSTRATION) -> Picture:
    return Picture(box, kind, "#3399ff")


def test_a_drawing_behind_a_card_ends_where_the_card_begins() -> None:
    drawing = _drawing(Box(590, 650, 400, 330))
    assert [item.box for item in uncovered([drawing], [_CARD], [_WORDS])] == [
        Box(750, 650, 240, 330)
    ]


def test_a_drawing_of_which_hardly_anything_shows_is_left_out() -> None:
    drawing = _drawing(Box(590, 650, 170, 160))
    assert not uncovered([drawing], [_CARD], [_WORDS])


def test_what_hangs_over_a_cards_edge_lies_above_it() -> None:
    drawing = _drawing(Box(500, 240, 120, 120))
    assert uncovered([drawing], [_CARD], [_WORDS]) == [drawing]


def test_words_of_its_own_keep_a_drawing_whole() -> None:
    drawing = _drawing(Box(590, 650, 400, 330))
    own = Box(800, 900, 100, 20)
    assert uncovered([drawing], [_CARD], [_WORDS, own]) == [drawing]


def test_photos_and_what_bars_lie_over_stay_whole() -> None:
    photo = _drawing(Box(590, 650, 400, 330), PictureKind.PHOTO)
    bar = Box(20, 20, 1200, 70)
    behind = _drawing(Box(0, 40, 600, 800))
    words = [_WORDS, Box(60, 50, 80, 20)]
    assert uncovered([photo, behind], [_CARD, bar], words[:1]) == [photo, behind]
    assert uncovered([behind], [bar], words) == [behind]
