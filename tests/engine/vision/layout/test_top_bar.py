"""The bar that a flat band at the page's top begins with is a band of its own."""

import pytest

from tests.engine.vision.layout.seen import line, page, prose, read, surface, walk

DARK = "#123456"
LINKS = ("Brand", "Tours", "Prices", "Contact")


def bands(words=LINKS, *, y=24, top=0, border=None, box=None):
    """Returns the heights of the bands of a page whose hero holds a row of words at its top."""
    seen = page(
        *([box] if box else []),
        surface(0, top, 1280, 420, fill=DARK, border=border, full_width=True),
        *(line(word, 140 + 260 * n, top + y, color="#ffffff") for n, word in enumerate(words)),
        line("Boats around the harbour", 640, top + 180, size=48, color="#ffffff", center=True),
        line("They leave at nine and at two", 640, top + 260, color="#ffffff", center=True),
        *prose(600),
    )
    painted = [node for node in walk(read(seen).root) if node.style.background.color.value == DARK]
    return [round(band.bounds.height) for band in painted]


def test_the_entries_at_a_heros_top_are_a_bar_with_as_much_room_below_as_above():
    bar, rest = bands()
    assert 60 <= bar <= 72
    assert bar + rest == 420


@pytest.mark.parametrize(
    "hero",
    [
        pytest.param({"border": "#dddddd"}, id="framed"),
        pytest.param({"y": 70}, id="low entries"),
        pytest.param({"words": LINKS[:2]}, id="two entries"),
        pytest.param({"top": 60}, id="below the page's top"),
        pytest.param(
            {"words": ("We leave at nine.", "We come back at two.", "Bring a coat along.")},
            id="sentences",
        ),
    ],
)
def test_another_row_at_a_heros_top_is_part_of_it(hero):
    assert bands(**hero) == [420]


def test_a_painted_box_of_entries_at_a_heros_top_is_no_bar():
    assert bands(box=surface(120, 12, 1040, 44, fill="#345678")) == [420]
