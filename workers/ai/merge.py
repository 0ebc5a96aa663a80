"""Puts a model's reading onto the offline schema.

Bounds, styles and tokens stay as they were measured. What the model may change
is listed in `DesignReading`; whatever it refers to must exist, and its texts
must be supported by what was recognised. What is impossible is left out and
named in `problems`, which go back to the model. Texts that are refused are
recorded as ambiguities instead, because asking again would invite another guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, MutableSequence
from dataclasses import dataclass, field
from typing import TypeVar

from structra.internal.v1.design_reading_pb2 import DesignReading
from structra.v1.canonical_schema_pb2 import Ambiguity, CanonicalSchema, CssAnimation

from workers.ai.decisions import decide_node
from workers.ai.grounding import supported_by_page
from workers.ai.grouping import group_nodes
from workers.ai.tree import Tree
from workers.ai.wording import sentence

_Entry = TypeVar("_Entry")

MOST_ENTRIES = 50
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_IDENTIFIER = re.compile(r"^-?[A-Za-z_][A-Za-z0-9_-]{0,63}$")
_TIME = re.compile(r"^\d{1,5}(\.\d{1,3})?m?s$")
_EASING = re.compile(
    r"^(linear|ease|ease-in|ease-out|ease-in-out|step-start|step-end"
    r"|cubic-bezier\(\s*-?[\d.]+(\s*,\s*-?[\d.]+){3}\s*\)|steps\(\s*\d{1,3}(\s*,\s*[a-z-]+)?\s*\))$"
)


@dataclass(slots=True)
class Merged:
    """A schema, and what could not be taken over (`problems`, as path: what is wrong)."""

    schema: CanonicalSchema
    problems: list[str] = field(default_factory=list)


def merge(offline: CanonicalSchema, reading: DesignReading) -> Merged:
    """Returns the offline schema with the model's decisions in it; `offline` is not changed."""
    schema = CanonicalSchema()
    schema.CopyFrom(offline)
    merged = Merged(schema)
    tree = Tree(schema.root)
    for number, decision in enumerate(reading.nodes):
        refused = decide_node(tree, decision, f"nodes[{number}]", merged.problems)
        if refused is not None and len(schema.ambiguities) < MOST_ENTRIES:
            schema.ambiguities.append(refused)
    for number, group in enumerate(reading.groups):
        group_nodes(tree, group, f"groups[{number}]", merged.problems)
    _merge_meta(schema, reading)
    _merge_strategies(schema, reading)
    _merge_parts(schema, reading, tree, merged.problems)
    _merge_animations(schema, reading, merged.problems)
    return merged


def _merge_meta(schema: CanonicalSchema, reading: DesignReading) -> None:
    if reading.confidence_level:
        schema.meta.confidence_level = reading.confidence_level
    if reading.title and supported_by_page(schema.root, reading.title):
        schema.meta.title = sentence(reading.title)
    if _LANGUAGE.match(reading.language):
        schema.meta.language = reading.language


def _merge_strategies(schema: CanonicalSchema, reading: DesignReading) -> None:
    schema.layout_strategy.main_approach = reading.layout_strategy.main_approach
    schema.layout_strategy.reason = sentence(reading.layout_strategy.reason)
    if reading.HasField("background_strategy"):
        schema.background_strategy.CopyFrom(reading.background_strategy)
        schema.background_strategy.reason = sentence(reading.background_strategy.reason)
    if reading.HasField("layering"):
        schema.layering.CopyFrom(reading.layering)
        schema.layering.reason = sentence(reading.layering.reason)
        schema.layering.positioning = sentence(reading.layering.positioning)


def _merge_parts(
    schema: CanonicalSchema, reading: DesignReading, tree: Tree, problems: list[str]
) -> None:
    sections = [
        section
        for number, section in enumerate(reading.sections[:MOST_ENTRIES])
        if _exists(tree, section.node_id, f"sections[{number}].nodeId", problems)
    ]
    if sections:
        del schema.sections[:]
        schema.sections.extend(sections)
        for section in schema.sections:
            section.description = sentence(section.description)
    if reading.components:
        _replace_components(schema, reading, tree, problems)
    rules = [
        rule
        for number, rule in enumerate(reading.responsive_rules[:MOST_ENTRIES])
        if not rule.node_id
        or _exists(tree, rule.node_id, f"responsiveRules[{number}].nodeId", problems)
    ]
    if rules:
        del schema.responsive_rules[:]
        schema.responsive_rules.extend(rules)
        for rule in schema.responsive_rules:
            rule.description = sentence(rule.description)
    _extend_new(schema.assumptions, [sentence(a) for a in reading.assumptions], str)
    _extend_new(schema.ambiguities, [_clean(a) for a in reading.ambiguities], lambda a: a.issue)


def _replace_components(
    schema: CanonicalSchema, reading: DesignReading, tree: Tree, problems: list[str]
) -> None:
    del schema.components[:]
    for node in tree.nodes():
        node.component = ""
    for number, component in enumerate(reading.components[:MOST_ENTRIES]):
        instances = [
            node_id
            for place, node_id in enumerate(component.node_ids)
            if _exists(tree, node_id, f"components[{number}].nodeIds[{place}]", problems)
        ]
        kept = schema.components.add()
        kept.CopyFrom(component)
        kept.responsibility = sentence(component.responsibility)
        kept.reusable = len(instances) > 1
        del kept.node_ids[:]
        kept.node_ids.extend(instances)
        for node_id in instances:
            tree.get(node_id).component = component.name


def _merge_animations(schema: CanonicalSchema, reading: DesignReading, problems: list[str]) -> None:
    """Takes over the animations whose parts are CSS of their kind: they go into style sheets."""
    usable = []
    for number, animation in enumerate(reading.css_animations[:MOST_ENTRIES]):
        found = list(_animation_problems(animation, f"cssAnimations[{number}]"))
        problems.extend(found)
        if not found:
            usable.append(animation)
    if usable:
        del schema.css_animations[:]
        schema.css_animations.extend(usable)


def _animation_problems(animation: CssAnimation, path: str) -> Iterator[str]:
    if not _IDENTIFIER.match(animation.name):
        yield f"{path}.name: must be a CSS identifier"
    if not _TIME.match(animation.duration):
        yield f'{path}.duration: must be a CSS time such as "150ms"'
    if not _EASING.match(animation.timing_function):
        yield f'{path}.timingFunction: must be a CSS easing such as "ease-out"'
    if not all(_IDENTIFIER.match(name) for name in animation.properties):
        yield f"{path}.properties: must be names of CSS properties"


def _exists(tree: Tree, node_id: str, path: str, problems: list[str]) -> bool:
    if tree.find(node_id) is not None:
        return True
    problems.append(f'{path}: there is no node "{sentence(node_id)}"; use the ids that are listed')
    return False


def _clean(ambiguity: Ambiguity) -> Ambiguity:
    return Ambiguity(
        area=sentence(ambiguity.area),
        issue=sentence(ambiguity.issue),
        alternatives=[sentence(a) for a in ambiguity.alternatives],
        chosen=sentence(ambiguity.chosen),
        reason=sentence(ambiguity.reason),
    )


def _extend_new(
    known: MutableSequence[_Entry], more: list[_Entry], key: Callable[[_Entry], str]
) -> None:
    seen = {key(entry) for entry in known}
    for entry in more[:MOST_ENTRIES]:
        if key(entry) and key(entry) not in seen:
            seen.add(key(entry))
            known.append(entry)
