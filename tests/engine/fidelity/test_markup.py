import pytest

from engine.fidelity.markup import text_lost_to_design2code


def test_text_outside_the_recoloured_tags_is_lost():
    share, lost = text_lost_to_design2code(
        "<!doctype html><title>not shown</title><body><p>abcde</p>"
        "<label><span>fghij</span></label><label>klmno<input></label>"
        "<p>pq <strong>rst</strong><br>uv</p><select><option>x</select>"
    )

    assert lost == [("label", "klmno"), ("strong", "rst")]
    assert share == pytest.approx(8 / 22)


def test_a_page_without_text_loses_nothing():
    assert text_lost_to_design2code("<body></body>") == (0.0, [])
