import pytest

from tests.workers.ai.designs import offline
from workers.ai.grounding import supported_by_page, supports


@pytest.mark.parametrize(
    ("recognised", "claimed"),
    [
        ("5tart now", "Start now"),
        ("SignUp", "Sign up"),
        ("Pricmg", "Pricing"),
        ("lnstall", "Install"),
        ("rn ore details", "more details"),
        ("Ship pages faster", "Ship pages faster."),
        ("caf\u00e9", "cafe\u0301"),
        ("O0", "00"),
    ],
)
def test_corrections_are_supported(recognised, claimed):
    assert supports(recognised, claimed)


@pytest.mark.parametrize(
    ("recognised", "claimed"),
    [
        ("Start", "Start your free trial"),
        ("No", "Go"),
        ("On", "Off"),
        ("$19", "$99"),
        ("2024", "2026"),
        ("Login", "Register"),
        ("", "Anything"),
        ("Something", ""),
        ("\u2022\u2022\u2022", "Secret"),
    ],
)
def test_inventions_are_not(recognised, claimed):
    assert not supports(recognised, claimed)


def test_a_title_may_be_part_of_a_text():
    assert supported_by_page(offline().root, "ship pages")
    assert not supported_by_page(offline().root, "Ship pages slower than ever")
    assert not supported_by_page(offline().root, "...")
