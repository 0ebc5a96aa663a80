import json

import pytest
from structra.v1 import canonical_schema_pb2 as schema_pb2
from structra.v1 import node_pb2

from tests.workers.ai.designs import offline, reading
from workers.ai.merge import merge
from workers.ai.reading import parse_reading
from workers.ai.tree import Tree


def merged(**changes):
    return merge(offline(), parse_reading(json.dumps(reading(**changes))))


def find(schema, node_id):
    return Tree(schema.root).get(node_id)


def test_a_reading_is_taken_over_and_the_offline_schema_left_alone():
    before = offline()
    result = merge(before, parse_reading(json.dumps(reading())))
    assert before == offline()
    assert result.problems == []
    schema = result.schema
    title = find(schema, "title")
    assert (title.kind, title.heading_level) == (node_pb2.NODE_KIND_HEADING, 1)
    assert title.decision.role == node_pb2.DECISION_ROLE_ANALYZER
    assert title.decision.reason == "Largest text."
    assert find(schema, "header").role == node_pb2.SEMANTIC_ROLE_HEADER
    assert find(schema, "logo").media.alt == "Company logo"
    assert [s.id for s in schema.sections] == ["header", "hero", "plans"]
    assert schema.layout_strategy.main_approach == schema_pb2.LAYOUT_KIND_HYBRID
    assert schema.meta.confidence_level == schema_pb2.CONFIDENCE_LEVEL_HIGH
    assert (schema.meta.title, schema.meta.language) == ("Ship pages faster", "en")
    assert list(schema.assumptions) == ["Link targets are unknown.", "Cards are not links."]
    assert [a.area for a in schema.ambiguities] == ["hero"]
    assert schema.responsive_rules[0].columns == 1


def test_bounds_styles_and_tokens_stay_as_measured():
    schema, before = merged().schema, offline()
    known = Tree(before.root)
    for node in Tree(schema.root).nodes():
        measured = known.find(node.id)
        if measured is not None:
            assert node.bounds == measured.bounds
            assert node.style == measured.style
    assert schema.css_variables == before.css_variables
    assert schema.viewports == before.viewports


def test_a_group_wraps_its_children_in_place():
    header = find(merged().schema, "header")
    assert [c.id for c in header.children] == ["logo", "main-nav"]
    group = header.children[1]
    assert [c.id for c in group.children] == ["nav1", "nav2"]
    assert group.role == node_pb2.SEMANTIC_ROLE_NAV
    assert group.bounds == node_pb2.Bounds(x=1000, y=20, width=180, height=40)
    assert group.decision.role == node_pb2.DECISION_ROLE_LAYOUT_ENGINEER


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"childIds": ["nav1"]}, "at least two"),
        ({"childIds": ["nav2", "nav1"]}, "adjacent"),
        ({"childIds": ["nav1", "title"]}, "one parent"),
        ({"childIds": ["nav1", "nowhere"]}, "one parent"),
        ({"childIds": ["logo", "nav1", "nav2"]}, "change that node"),
        ({"id": "hero"}, "new id"),
        ({"id": "1 x"}, "new id"),
        ({"kind": "button"}, "container, list or tabs"),
    ],
)
def test_an_impossible_group_is_left_out_and_named(change, problem):
    group = {**reading()["groups"][0], **change}
    result = merged(groups=[group])
    assert any(problem in p for p in result.problems), result.problems
    assert [c.id for c in find(result.schema, "header").children] == ["logo", "nav1", "nav2"]


def test_recognition_mistakes_are_corrected():
    assert find(merged().schema, "cta").text == "Start now"


@pytest.mark.parametrize(
    "invented",
    ["Start your free trial", "Buy now", "", "Start now — only today, only here, only for you"],
)
def test_invented_text_is_refused_and_recorded(invented):
    decision = {"id": "cta", "text": invented, "reason": "It sells better."}
    schema = merged(nodes=[decision]).schema
    assert find(schema, "cta").text == "5tart now"
    refused = [a for a in schema.ambiguities if a.area == "node cta"]
    assert len(refused) == (1 if invented else 0)
    if invented:
        assert refused[0].chosen == "5tart now"
        assert list(refused[0].alternatives) == ["5tart now", invented]


def test_prices_are_not_corrected():
    decision = {"id": "card1-price", "text": "$99", "reason": "Looks like it."}
    assert find(merged(nodes=[decision]).schema, "card1-price").text == "$19"


def test_text_is_not_put_where_none_was_recognised():
    decision = {"id": "logo", "text": "ACME", "reason": "The logo says so."}
    assert find(merged(nodes=[decision]).schema, "logo").text == ""


@pytest.mark.parametrize(
    ("node_id", "kind", "possible"),
    [
        ("title", "heading", True),
        ("title", "input", True),
        ("title", "image", False),
        ("title", "container", False),
        ("logo", "icon", True),
        ("logo", "text", False),
        ("card0", "list", True),
        ("card0", "link", True),
        ("card0", "text", False),
        ("cards", "image", False),
    ],
)
def test_kinds_change_only_within_what_the_content_allows(node_id, kind, possible):
    result = merged(nodes=[{"id": node_id, "kind": kind, "reason": "So."}])
    changed = find(result.schema, node_id).kind
    wanted = node_pb2.NodeKind.Value(f"NODE_KIND_{kind.upper()}")
    assert (changed == wanted) is possible
    assert bool(result.problems) is not possible


def test_a_text_that_is_an_input_becomes_its_placeholder():
    schema = merged(nodes=[{"id": "nav1", "kind": "input", "reason": "A field."}]).schema
    field = find(schema, "nav1")
    assert (field.text, field.control.placeholder) == ("", "Pricing")


def test_unknown_nodes_are_named_wherever_they_are_referred_to():
    base = reading()
    result = merged(
        nodes=[{"id": "ghost", "kind": "text", "reason": "?"}],
        sections=[*base["sections"], {**base["sections"][0], "id": "x", "nodeId": "ghost"}],
        components=[{**base["components"][0], "nodeIds": ["card0", "ghost"]}],
        responsiveRules=[{**base["responsiveRules"][0], "nodeId": "ghost"}],
    )
    assert sorted(p.partition(":")[0] for p in result.problems) == [
        "components[0].nodeIds[1]",
        "nodes[0].id",
        "responsiveRules[0].nodeId",
        "sections[3].nodeId",
    ]
    assert list(result.schema.components[0].node_ids) == ["card0"]
    assert [s.id for s in result.schema.sections] == ["header", "hero", "plans"]


def test_components_are_written_on_their_nodes():
    schema = merged().schema
    assert [find(schema, f"card{i}").component for i in range(3)] == ["PlanCard"] * 3
    assert schema.components[0].reusable


@pytest.mark.parametrize(
    "change",
    [
        {"name": "x} body{display:none"},
        {"duration": "1s; } * { display: none"},
        {"timingFunction": "url(https://evil.example)"},
        {"properties": ["opacity;}"]},
    ],
)
def test_animations_that_are_not_css_are_refused(change):
    animation = {
        "name": "fade-in",
        "type": "keyframe",
        "duration": "150ms",
        "timingFunction": "ease-out",
        "target": "section",
        "properties": ["opacity"],
    }
    assert merged(cssAnimations=[animation]).problems == []
    result = merged(cssAnimations=[{**animation, **change}])
    assert len(result.problems) == 1
    assert not result.schema.css_animations


def test_long_and_broken_sentences_are_cut_and_joined():
    strategy = {"mainApproach": "grid", "reason": "a\nb\u2028c\x00" + "d" * 5000}
    reason = merged(layoutStrategy=strategy).schema.layout_strategy.reason
    assert reason.startswith("a b c d")
    assert len(reason) == 400


def test_a_title_that_is_not_on_the_page_is_not_taken():
    assert merged(title="The best page in the world").schema.meta.title == ""
