import pytest

from benchmarks.fidelity.truth_blocks import truth_blocks
from engine.geometry import Box
from tests.benchmarks.fidelity.conftest import control, text


@pytest.fixture
def paragraph(truth):
    runs = [
        {"text": "Read", "color": "#000000"},
        {"text": "the manual", "color": "#0000ff"},
        {"text": "first", "color": "#000000"},
    ]
    truth["texts"].append(text("Read the manual first", 40, 400, 200, 40, runs=runs))
    return truth


def test_a_link_within_words_is_a_block_of_its_own(paragraph):
    paragraph["controls"].append(control("link", "the manual", 80, 400, 90, 20))

    blocks = truth_blocks(paragraph)

    assert [item.text for item in blocks] == ["Plans", "Read first", "the manual"]
    assert blocks[1].box == Box(40, 400, 200, 40)
    assert (blocks[2].box, blocks[2].color) == (Box(80, 400, 90, 20), "#0000ff")


def test_a_link_of_that_name_elsewhere_takes_nothing_apart(paragraph):
    paragraph["controls"].append(control("link", "the manual", 500, 20, 90, 20))

    assert [item.text for item in truth_blocks(paragraph)] == ["Plans", "Read the manual first"]
