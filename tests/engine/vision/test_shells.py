"""A top bar and a side bar of one colour are told apart, and a card in parts keeps its corners."""

from __future__ import annotations

import pytest

from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box
from tests.engine.vision.drawn_page import DrawnPage


def boxes(page: DrawnPage) -> dict[tuple[float, float, float, float], str | None]:
    surfaces = assemble(page.pixels, []).surfaces
    return {(s.box.x, s.box.y, s.box.w, s.box.h): s.fill for s in surfaces}


def test_a_dark_shell_is_a_bar_and_a_side_bar():
    page = DrawnPage(900, 700)
    page.box(0, 0, 900, 56, fill="#212529")
    page.box(0, 0, 220, 600, fill="#212529")
    page.box(16, 120, 120, 30, fill="#0d6efd")
    assert boxes(page) == {
        (0, 56, 220, 544): "#212529",
        (0, 0, 900, 56): "#212529",
        (16, 120, 120, 30): "#0d6efd",
    }


def test_a_white_shell_on_a_tinted_page_is_one_too():
    page = DrawnPage(900, 700)
    page.box(220, 56, 680, 644, fill="#f3f4f6")
    assert boxes(page) == {(0, 56, 220, 644): "#ffffff", (0, 0, 900, 56): "#ffffff"}


def test_margins_around_tinted_content_are_the_page():
    page = DrawnPage(900, 700)
    page.box(220, 56, 600, 600, fill="#f3f4f6")
    assert boxes(page) == {(220, 56, 600, 600): "#f3f4f6"}


def test_steps_of_no_shell_are_no_bars():
    page = DrawnPage(900, 700)
    page.box(0, 0, 900, 56, fill="#212529")
    for step in range(8):
        page.box(0, 56 + 60 * step, 400 - 45 * step, 60, fill="#212529")
    assert (0, 0, 900, 56) not in boxes(page)


def test_a_card_of_a_head_and_a_body_has_the_corners_of_both():
    page = DrawnPage(900, 700, background="#ffffff")
    page.box(100, 100, 300, 250, fill="#ffffff", outline="#cccccc", radius=10)
    page.box(101, 110, 298, 40, fill="#f0f0f0")
    page.box(101, 101, 298, 40, fill="#f0f0f0", radius=9)
    page.box(100, 150, 300, 1, fill="#cccccc")
    card = next(
        s for s in assemble(page.pixels, []).surfaces if s.box.iou(Box(100, 100, 300, 250)) > 0.95
    )
    assert card.radius == pytest.approx(10, abs=2)
