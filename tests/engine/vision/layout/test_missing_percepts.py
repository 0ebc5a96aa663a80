"""What perception misses never stops an analysis: what is left makes a page."""

from dataclasses import replace

import numpy as np
import pytest

from engine.codegen import generate
from engine.schema import validate
from engine.vision.percepts import Box, FormMark, Mark, PictureKind, Rule
from tests.engine.vision.layout import test_lattices, test_striped
from tests.engine.vision.layout.seen import landing, line, page, picture, read, surface


def form():
    """A side menu beside a form, between rules and with marks and pictures in it."""
    menu = [line(word, 40, 120 + 32 * n) for n, word in enumerate(("Home", "Orders", "Goods"))]
    fields = [
        part
        for n, label in enumerate(("Name", "Street", "Town"))
        for part in (
            line(label, 300, 120 + 90 * n, size=14, weight=600),
            surface(300, 144 + 90 * n, 480, 40, border="#cccccc", radius=4),
        )
    ]
    seen = page(
        surface(0, 0, 240, 900, fill="#f3f4f6"),
        *menu,
        *(picture(16, 122 + 32 * n, 16, 16, PictureKind.ICON) for n in range(3)),
        *fields,
        line("Send me news of the shop", 328, 400),
        surface(300, 450, 120, 40, fill="#2563eb", radius=6),
        line("Send", 360, 460, color="#ffffff", center=True),
        picture(860, 120, 320, 240),
    )
    marks = (FormMark(Box(300, 401, 16, 16), Mark.CHECKBOX, "#2563eb"),)
    return replace(seen, marks=marks, rules=(Rule(Box(300, 520, 880, 1), "#dddddd"),))


PAGES = {
    "landing": landing(),
    "ruled table": test_lattices.seen(),
    "striped table": test_striped.striped(),
    "form": form(),
}


def without_some(percepts, seed):
    """Returns percepts without some of each sort: of each, one is kept with a chance of `share`."""
    chance = np.random.default_rng(seed)
    share = chance.choice((0.25, 0.5, 0.8, 0.95))
    sorts = ("lines", "surfaces", "pictures", "marks", "rules")
    left = {
        sort: tuple(item for item in getattr(percepts, sort) if chance.random() < share)
        for sort in sorts
    }
    return replace(percepts, **left)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", PAGES)
def test_what_is_left_makes_a_valid_page(name, seed):
    schema = read(without_some(PAGES[name], seed))
    assert validate(schema) == []
    assert all(file.content for file in generate(schema, "html-css"))
