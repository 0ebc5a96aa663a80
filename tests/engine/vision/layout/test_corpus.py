"""Layout over the whole corpus, with perfect perception."""

from statistics import mean

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from benchmarks.fidelity.oracle import percepts_from_truth
from benchmarks.fidelity.truth import CorpusPage, corpus_folder, load_pages
from benchmarks.fidelity.truth_structure import truth_structure
from engine.fidelity.arrangement import grids_right, order_agreement
from engine.fidelity.boxes import F1
from engine.fidelity.kinds import kinds_f1
from engine.fidelity.structure import structure_of
from engine.schema import validate
from engine.vision import schema_from_percepts
from tests.engine.vision.layout.seen import walk

FOLDER = corpus_folder()
pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(FOLDER is None, reason="the page corpus is not beside the repository"),
]
Laid = list[tuple[CorpusPage, canonical_schema_pb2.CanonicalSchema]]


@pytest.fixture(scope="module")
def laid() -> Laid:
    assert FOLDER is not None
    return [
        (page, schema_from_percepts([percepts_from_truth(page.truth)]))
        for page in load_pages(FOLDER)
    ]


def test_every_schema_can_generate_code(laid: Laid) -> None:
    errors = [
        (page.id, problem.path, problem.message)
        for page, schema in laid
        for problem in validate(schema)
        if problem.severity == canonical_schema_pb2.PROBLEM_SEVERITY_ERROR
    ]
    assert errors == []


def test_no_text_is_lost_or_said_twice(laid: Laid) -> None:
    kept = []
    for page, schema in laid:
        seen = " ".join(line.text for line in percepts_from_truth(page.truth).lines).split()
        shown = " ".join(
            f"{node.text} {node.control.placeholder} {node.control.value}"
            for node in walk(schema.root)
        ).split()
        kept.append(len(shown) / len(seen))
    assert min(kept) > 0.93
    assert max(kept) < 1.03


def test_reading_order_is_the_originals(laid: Laid) -> None:
    agreed = [
        value
        for page, schema in laid
        if (value := order_agreement(structure_of(schema), truth_structure(page.truth))) is not None
    ]
    assert mean(agreed) > 0.97


def test_grids_have_the_originals_columns(laid: Laid) -> None:
    found = [
        grids_right(structure_of(schema), truth_structure(page.truth)) for page, schema in laid
    ]
    assert sum(right for right, _ in found) / sum(wanted for _, wanted in found) > 0.65


def test_kinds_are_the_originals(laid: Laid) -> None:
    total = F1(0, 0, 0)
    for page, schema in laid:
        total = sum(
            kinds_f1(structure_of(schema), truth_structure(page.truth)).values(), start=total
        )
    assert total.value > 0.7


def test_overlays_are_rare(laid: Laid) -> None:
    nodes = [node for _, schema in laid for node in walk(schema.root)]
    overlays = sum(node.layout.position == node_pb2.POSITION_OVERLAY for node in nodes)
    assert overlays < 0.03 * len(nodes)
