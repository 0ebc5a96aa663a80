import json

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from tests.workers.ai.designs import reading
from workers.ai.reading import InvalidReadingError, answer_schema, parse_reading, short_names


def test_enums_are_spelled_as_in_the_published_documents():
    assert "css-gradient" in short_names(canonical_schema_pb2.BackgroundType.DESCRIPTOR)
    assert "table-header-cell" in short_names(node_pb2.SemanticRole.DESCRIPTOR)
    assert "minimal" in short_names(canonical_schema_pb2.ZIndexStrategy.DESCRIPTOR)


def test_both_spellings_are_read():
    short = parse_reading(json.dumps(reading()))
    long = parse_reading(json.dumps(reading(confidenceLevel="CONFIDENCE_LEVEL_HIGH")))
    assert short == long


def test_a_fence_around_the_answer_is_no_problem():
    plain = json.dumps(reading())
    assert parse_reading(f"```json\n{plain}\n```") == parse_reading(plain)


def test_absent_and_null_mean_the_same():
    assert parse_reading(json.dumps(reading(layering=None))) == parse_reading(json.dumps(reading()))


def test_every_problem_is_named_with_its_path():
    broken = reading(
        confidenceLevel="total",
        sections=[{"id": "a", "role": "x", "layout": "floats", "description": ""}],
        extra=1,
        nodes={"id": "a"},
    )
    with pytest.raises(InvalidReadingError) as caught:
        parse_reading(json.dumps(broken))
    paths = {p.partition(":")[0] for p in caught.value.problems}
    assert paths == {
        "$.confidenceLevel",
        "$.sections[0].description",
        "$.sections[0].nodeId",
        "$.sections[0].layout",
        "$.extra",
        "$.nodes",
    }


@pytest.mark.parametrize("text", ["", "Sure! Here is it:", "[]", "null", '{"sections": ', '"x"'])
def test_what_is_no_object_is_refused(text):
    with pytest.raises(InvalidReadingError):
        parse_reading(text)


@pytest.mark.parametrize("columns", [[1], "many", 1.5, 10**12])
def test_values_of_a_wrong_type_are_refused(columns):
    node = {"id": "a", "columns": columns, "reason": "r"}
    with pytest.raises(InvalidReadingError):
        parse_reading(json.dumps(reading(nodes=[node])))


def test_the_schema_is_flat_and_names_every_field():
    schema = answer_schema()
    assert set(reading()) <= set(schema["properties"])
    text = json.dumps(schema)
    assert "$ref" not in text
    assert len(text) < 8_000
