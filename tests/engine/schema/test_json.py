"""The published JSON form."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from structra.v1 import canonical_schema_pb2 as pb

from engine.schema import SchemaFormatError, diff, from_json, json_schema, normalise, to_json
from tests.engine.codegen.pages import dashboard, landing, landing_document

Page = Callable[[], pb.CanonicalSchema]
_PAGES = [landing, dashboard]


@pytest.mark.parametrize("page", _PAGES)
def test_a_document_can_be_read_back(page: Page) -> None:
    document = json.loads(json.dumps(to_json(page())))
    assert from_json(document) == page()


def test_documented_fields_are_always_there() -> None:
    document = to_json(landing())
    assert {
        "meta", "sections", "components", "layoutStrategy", "backgroundStrategy", "layering",
        "responsiveRules", "assumptions", "ambiguities", "cssAnimations", "cssEffects",
        "cssVariables", "modernCSS", "sourceCode", "frameworkDetected", "codeQuality",
        "collectionMetadata", "revisionHistory",
    } <= set(document)  # fmt: skip
    assert document["sourceCode"] is None
    assert document["frameworkDetected"] is None
    assert document["meta"]["confidenceLevel"] == "high"
    assert document["root"]["children"][1]["role"] == "hero"
    assert "control" not in document["root"]


def test_published_values_are_carried() -> None:
    document: dict[str, Any] = {
        "backgroundStrategy": {
            "type": "css-gradient", "shape": "wave", "position": "bottom",
            "technique": {"usesMask": False, "usesAspectRatio": None, "usesCalc": True,
                          "usesClipPath": False, "usesCustomProperties": True},
            "reason": "A gradient is enough.",
        },
        "layering": {"zIndexStrategy": "minimal", "positioning": "sticky", "reason": "One level."},
        "cssEffects": {"filters": {"blur": "4px", "hueRotate": None}, "backdropFilter": None,
                       "transforms": {"rotate": "2deg"}},
        "modernCSS": {
            "containerQueries": {"enabled": True, "containerType": "inline-size",
                                 "containerName": "card"},
            "hasSelector": {"enabled": False, "useCases": []},
            "cssLayers": {"enabled": True, "layers": ["base"]},
            "cssNesting": {"enabled": False},
        },
        "codeQuality": {"score": None, "issues": [
            {"type": "magic-number", "severity": "high", "description": "13px", "location": "a:1"},
        ], "suggestions": []},
        "revisionHistory": [{"id": "1", "timestamp": "2026-01-31T12:00:00Z", "action": "created",
                             "changes": "", "schemaVersion": "1.0"}],
        "cssAnimations": [{"name": "rise", "type": "keyframe", "duration": "1s",
                           "timingFunction": "ease", "target": "section", "properties": []}],
    }  # fmt: skip
    again = to_json(from_json(document))
    for name, value in document.items():
        assert _without_nulls(again[name]) == _without_nulls(value)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


@pytest.mark.parametrize("spelling", ["grid", "LAYOUT_KIND_GRID", "GRID", 1])
def test_every_spelling_of_a_value_is_read(spelling: object) -> None:
    schema = from_json({"layoutStrategy": {"mainApproach": spelling}})
    assert schema.layout_strategy.main_approach == pb.LAYOUT_KIND_GRID


@pytest.mark.parametrize(
    ("document", "path", "rule"),
    [
        ({"metta": {}}, "metta", "UNKNOWN_FIELD"),
        ({"sections": [{"id": "a", "layut": "grid"}]}, "sections[0].layut", "UNKNOWN_FIELD"),
        ({"sections": {}}, "sections", "WRONG_TYPE"),
        ({"sections": [{"id": 7}]}, "sections[0].id", "WRONG_TYPE"),
        ({"sections": [{"asymmetric": "yes"}]}, "sections[0].asymmetric", "WRONG_TYPE"),
        ({"sections": [{"layout": "circle"}]}, "sections[0].layout", "UNKNOWN_VALUE"),
        ({"root": {"bounds": {"x": "1"}}}, "root.bounds.x", "WRONG_TYPE"),
        ({"root": {"bounds": {"x": float("nan")}}}, "root.bounds.x", "WRONG_TYPE"),
        ({"root": {"headingLevel": 1.5}}, "root.headingLevel", "WRONG_TYPE"),
        ({"root": {"text": "\ud800"}}, "root.text", "WRONG_TYPE"),
        ({"cssVariables": {"colors": {"--a": 1}}}, 'cssVariables.colors["--a"]', "WRONG_TYPE"),
        ({"revisionHistory": [{"timestamp": "soon"}]}, "revisionHistory[0].timestamp",
         "WRONG_TYPE"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_reported_with_its_path(
    document: dict[str, Any], path: str, rule: str
) -> None:
    with pytest.raises(SchemaFormatError) as caught:
        from_json(document)
    assert [(problem.path, problem.rule) for problem in caught.value.problems] == [(path, rule)]


def test_all_misfits_are_reported_together() -> None:
    with pytest.raises(SchemaFormatError) as caught:
        from_json({"a": 1, "meta": {"b": 2, "title": 3}, "sections": [{"c": 4}]})
    assert [problem.path for problem in caught.value.problems] == [
        "a", "meta.b", "meta.title", "sections[0].c",
    ]  # fmt: skip


def test_deep_documents_are_refused_before_the_stack_is() -> None:
    document: dict[str, Any] = {}
    for _ in range(5000):
        document = {"children": [document]}
    with pytest.raises(SchemaFormatError) as caught:
        from_json({"root": document})
    assert caught.value.problems[0].rule == "TOO_DEEP"


def _conforms(value: Any, schema: dict[str, Any], top: dict[str, Any]) -> bool:
    """Checks the part of JSON Schema that `json_schema` uses."""
    if "$ref" in schema:
        return _conforms(value, top["$defs"][schema["$ref"].rsplit("/", 1)[1]], top)
    if "anyOf" in schema:
        return any(_conforms(value, option, top) for option in schema["anyOf"])
    if "enum" in schema and value not in schema["enum"]:
        return False
    match schema["type"]:
        case "object":
            if not isinstance(value, dict) or set(schema.get("required", ())) - set(value):
                return False
            known, extra = schema.get("properties", {}), schema["additionalProperties"]
            return all(
                _conforms(item, known[key], top)
                if key in known
                else extra is not False and _conforms(item, extra, top)
                for key, item in value.items()
            )
        case "array":
            return isinstance(value, list) and all(
                _conforms(i, schema["items"], top) for i in value
            )
        case "null":
            return value is None
        case kind:
            types: dict[str, Any] = {
                "string": str, "boolean": bool, "integer": int, "number": (int, float),
            }  # fmt: skip
            return isinstance(value, types[kind]) and (kind == "boolean" or value is not True)


@pytest.mark.parametrize("page", _PAGES)
def test_documents_conform_to_the_json_schema(page: Page) -> None:
    schema = json_schema()
    assert _conforms(to_json(page()), schema, schema)
    wrong = to_json(page())
    wrong["layoutStrategy"]["mainApproach"] = "LAYOUT_KIND_GRID"
    assert not _conforms(wrong, schema, schema)


def test_the_json_schema_is_small_enough_for_a_prompt() -> None:
    assert len(json.dumps(json_schema(), separators=(",", ":"))) < 20_000


def test_normalising_records_what_is_taken_for_granted() -> None:
    document = landing_document()
    document["assumptions"] = []
    document["root"]["children"][1]["children"][0]["children"][0] |= {
        "text": "  Ship \n faster ", "headingLevel": 0,
    }  # fmt: skip
    del document["root"]["children"][1]["children"][0]["children"][1]["id"]
    schema = normalise(from_json(document))
    words = schema.root.children[1].children[0]
    assert words.children[0].text == "Ship faster"
    assert words.children[0].heading_level == 2
    assert words.children[1].id == "n1"
    assert len(schema.assumptions) == 3
    assert normalise(schema) == schema


def test_a_difference_is_addressed_by_id() -> None:
    before, after = landing(), landing()
    after.sections[1].role = "primary"
    after.root.children[1].children[0].children[0].text = "Ship slower"
    after.components.add(name="Extra")
    del after.root.children[3]
    changes = {change.path: (change.before, change.after) for change in diff(before, after)}
    assert changes["sections[hero].role"] == ("hero", "primary")
    assert changes["root.children[hero].children[hero-words].children[claim].text"] == (
        "Ship faster with less work", "Ship slower",
    )  # fmt: skip
    assert changes["components[Extra]"][0] is None
    assert changes["root.children[bottom]"][1] is None
    assert diff(before, before) == []
