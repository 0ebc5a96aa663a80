import pytest

from benchmarks.fidelity.factoring import factored_share
from engine.schema import from_json
from tests.engine.codegen.pages import landing, landing_document


def test_three_cards_are_stated_once():
    assert factored_share(landing()) == pytest.approx(1)


def test_a_page_without_repeats_says_nothing():
    document = landing_document()
    del document["root"]["children"][2:]
    document["components"] = []
    document["responsiveRules"] = []
    document["sections"] = document["sections"][:2]

    assert factored_share(from_json(document)) is None
