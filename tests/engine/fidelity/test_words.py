import pytest

from engine.fidelity.words import edit_distance, score_words, words_of


def test_words_leave_out_case_and_punctuation():
    assert words_of("It's €10.50, (don’t) worry!") == ["it's", "10.50", "don't", "worry"]


def test_everything_recovered_in_order_is_perfect():
    result = score_words(["Hello world"], ["hello", "World"])

    assert (result.recovered, result.precision, result.error_rate) == (1, 1, 0)


def test_missing_and_invented_words_are_named():
    result = score_words(["one two five"], ["one two three"])

    assert result.missing == ("three",)
    assert result.invented == ("five",)
    assert result.recovered == pytest.approx(2 / 3)
    assert result.error_rate == pytest.approx(1 / 3)


def test_repeated_words_count_each_time():
    assert score_words(["buy"], ["buy buy"]).recovered == 0.5


@pytest.mark.parametrize(
    ("first", "second", "distance"),
    [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("ab", "ba", 2)],
)
def test_edit_distance(first, second, distance):
    assert edit_distance(list(first), list(second)) == distance
