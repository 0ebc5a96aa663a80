"""All problems, with their paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from structra.v1 import canonical_schema_pb2 as pb

from engine.schema import errors, from_json, validate
from tests.engine.codegen.pages import (
    Json,
    dashboard,
    dashboard_document,
    landing,
    landing_document,
)


def _found(schema: pb.CanonicalSchema) -> set[tuple[str, str]]:
    return {(problem.path, problem.rule) for problem in validate(schema)}


@pytest.mark.parametrize("page", [landing, dashboard])
def test_a_good_schema_has_no_problem(page: Callable[[], pb.CanonicalSchema]) -> None:
    assert validate(page()) == []


def test_an_empty_schema_lacks_every_required_part() -> None:
    found = _found(pb.CanonicalSchema())
    assert {(path, "REQUIRED") for path in ("meta", "sections", "layoutStrategy", "root")} <= found


def _at(document: Json, path: str) -> tuple[Any, Any]:
    """Returns the holder and the key of a path such as "root.children[0].id"."""
    keys: list[str | int] = []
    for part in path.split("."):
        name, *indexes = part.replace("]", "").split("[")
        keys += [name, *(int(index) for index in indexes)]
    holder: Any = document
    for key in keys[:-1]:
        holder = holder.setdefault(key, {}) if isinstance(holder, dict) else holder[key]
    return holder, keys[-1]


_HERO = "root.children[1]"
_CARD = "root.children[2].children[1].children[0]"


@pytest.mark.parametrize(
    ("path", "value", "reported", "rule"),
    [
        ("components[0].parentSection", "gone", "components[0].parentSection",
         "DANGLING_REFERENCE"),
        ("components[0].nodeIds[1]", "gone", "components[0].nodeIds[1]", "DANGLING_REFERENCE"),
        ("sections[1].nodeId", "gone", "sections[1].nodeId", "DANGLING_REFERENCE"),
        (f"{_CARD}.component", "Gone", f"{_CARD}.component", "DANGLING_REFERENCE"),
        ("sections[1].id", "top", "sections[1].id", "DUPLICATE"),
        (f"{_CARD}.id", "hero", f"{_CARD}.id", "DUPLICATE"),
        ("layoutStrategy.reason", " ", "layoutStrategy.reason", "REQUIRED"),
        ("meta.inputType", ["image", "image"], "meta.inputType", "DUPLICATE"),
        (f"{_HERO}.style.background.color.token", "--gone",
         f"{_HERO}.style.background.color.token", "UNKNOWN_TOKEN"),
        (f"{_HERO}.layout.padding.top.token", "--color-ink",
         f"{_HERO}.layout.padding.top.token", "WRONG_TOKEN_KIND"),
        (f"{_HERO}.layout.columnTracks", ["1fr"], f"{_HERO}.layout.columnTracks",
         "TRACKS_DO_NOT_MATCH"),
        (f"{_HERO}.layout.columnTracks", ["1fr", "1fr; }"], f"{_HERO}.layout.columnTracks[1]",
         "INVALID_CSS"),
        (f"{_HERO}.children[0].layout.columnSpan", 3,
         f"{_HERO}.children[0].layout.columnSpan", "SPAN_TOO_WIDE"),
        (f"{_HERO}.children[0].children[0].runs", [{"text": "other"}],
         f"{_HERO}.children[0].children[0].runs", "RUNS_DO_NOT_JOIN"),
        (f"{_HERO}.children[1].kind", "input", f"{_HERO}.children[1].control", "REQUIRED"),
        (f"{_HERO}.children[1].children", [{"id": "x", "kind": "text"}],
         f"{_HERO}.children[1].children", "CANNOT_NEST"),
        (f"{_HERO}.children[1].media.path", "M0 0<", f"{_HERO}.children[1].media.path",
         "INVALID_PATH"),
        ("root.kind", "text", "root.kind", "ROOT_NOT_CONTAINER"),
        ("root.children[0].confidence", 2, "root.children[0].confidence", "FIELD_FLOAT_GTE_LTE"),
        ("meta.schemaVersion", "2.0", "meta.schemaVersion", "FIELD_STRING_CONST"),
        ("cssVariables.colors.--a;b", "#ffffff", 'cssVariables.colors["--a;b"]', "INVALID_TOKEN"),
        ("responsiveRules", [{"breakpoint": "mobile", "nodeId": "gone"}],
         "responsiveRules[0].nodeId", "DANGLING_REFERENCE"),
        ("cssAnimations", [{"name": "a b", "type": "transition"}], "cssAnimations[0].name",
         "INVALID_CSS"),
        ("assumptions", [], "assumptions", "ASSUMPTION_NOT_RECORDED"),
    ],
)  # fmt: skip
def test_an_error_is_found_where_it_is(path: str, value: object, reported: str, rule: str) -> None:
    document = landing_document()
    holder, key = _at(document, path)
    holder[key] = value
    problems = validate(from_json(document))
    assert (reported, rule) in {(problem.path, problem.rule) for problem in errors(problems)}
    assert all(problem.message for problem in problems)


@pytest.mark.parametrize(
    ("path", "value", "reported", "rule"),
    [
        ("assumptions", ["The font is Arial."], "assumptions", "ASSUMPTION_NOT_RECORDED"),
        ("components[0].parentSection", "", "components[0].parentSection", "NOT_SET"),
        (f"{_CARD}.bounds.x", 0, f"{_CARD}.bounds", "OUTSIDE_PARENT"),
        (f"{_CARD}.text", "hello", f"{_CARD}.text", "TEXT_NOT_SHOWN"),
        ("ambiguities", [{"area": "hero", "issue": "?", "alternatives": ["a"], "chosen": "b"}],
         "ambiguities[0].chosen", "NOT_AN_ALTERNATIVE"),
        ("cssAnimations", [{"name": "grow", "type": "transition", "properties": ["width"]}],
         "cssAnimations[0].properties[0]", "ANIMATES_LAYOUT"),
        ("viewports", [{"width": 375, "height": 800}, {"width": 1280, "height": 800}],
         "viewports", "NOT_SORTED"),
    ],
)  # fmt: skip
def test_a_warning_does_not_stop_generation(
    path: str, value: object, reported: str, rule: str
) -> None:
    document = landing_document()
    holder, key = _at(document, path)
    holder[key] = value
    problems = validate(from_json(document))
    assert (reported, rule) in {(problem.path, problem.rule) for problem in problems}
    assert not errors(problems)


def test_links_cannot_lie_in_buttons() -> None:
    document = dashboard_document()
    form = document["root"]["children"][0]["children"][1]["children"][2]
    form["children"][3]["children"] = [{"id": "inner", "kind": "link", "text": "x"}]
    assert ("NESTED_INTERACTIVE" in {rule for _, rule in _found(from_json(document))}) is True


def test_every_problem_is_reported_at_once_and_errors_come_first() -> None:
    document = landing_document()
    document["sections"][0]["nodeId"] = "gone"
    document["components"][0]["parentSection"] = "gone"
    document["root"]["children"][1]["children"][1]["href"] = "javascript:alert(1)"
    document["root"]["children"][1]["text"] = "ignored"
    problems = validate(from_json(document))
    assert {problem.rule for problem in problems} == {
        "DANGLING_REFERENCE", "UNSAFE_URL", "TEXT_NOT_SHOWN",
    }  # fmt: skip
    severities = [problem.severity for problem in problems]
    assert severities == sorted(severities, reverse=True)


def test_trees_that_would_exhaust_the_generators_are_refused() -> None:
    schema = landing()
    node = schema.root
    for number in range(80):
        node = node.children.add(id=f"deep-{number}", kind=1)
    assert ("root", "TOO_DEEP") in _found(schema)
    wide = landing()
    for number in range(20_001):
        wide.root.children.add(id=f"wide-{number}", kind=1)
    assert ("root", "TOO_MANY_NODES") in _found(wide)
