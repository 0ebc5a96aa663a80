"""Tells which neighbours are one component that holds more here and less there."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby

from structra.v1 import node_pb2

from engine.vision.color import SAME_COLOR, distance
from engine.vision.layout.item import Item

Signature = tuple[object, ...]
_GROUPS = {node_pb2.NODE_KIND_CONTAINER, node_pb2.NODE_KIND_LIST}
# How much of what two hold must be alike, as `difflib` measures it: cards that are painted alike
# may have a badge or stars of their own, groups without paint hardly differ.
_CARDS_LEAST, _GROUPS_LEAST = 0.6, 0.75
_SHARED_LEAST = 2
# How far widths and corner radii may lie apart, in pixels.
_SAME_WIDTH, _SAME_RADIUS = 4.0, 3.0


def signature(item: Item) -> Signature:
    """Returns what an item is made of; equal for instances that hold the same."""
    return (
        item.kind,
        item.node.role,
        item.arrangement.value,
        item.surface is not None,
        tuple(signature(child) for child in item.children),
    )


def alike(children: Sequence[Item]) -> list[list[Item]]:
    """Returns the groups of two and more children that are one component, in their order.

    Children that hold the same are; so are cards of one width that are painted alike, and groups
    without paint, which hold nearly the same.
    """
    groups: dict[Signature, list[Item]] = {}
    for child in children:
        if child.children and child.kind in _GROUPS:
            groups.setdefault(signature(child), []).append(child)
    found: list[list[Item]] = []
    for members in groups.values():
        family = next((known for known in found if _are_variants(known[0], members[0])), None)
        if family is None:
            found.append(list(members))
        else:
            family.extend(members)
    places = {id(child): place for place, child in enumerate(children)}
    return [
        sorted(members, key=lambda member: places[id(member)])
        for members in found
        if len(members) > 1
    ]


def _are_variants(first: Item, second: Item) -> bool:
    if first.node.role != second.node.role or first.kind != second.kind:
        return False
    if abs(first.box.w - second.box.w) > _SAME_WIDTH or not _painted_alike(first, second):
        return False
    contents = _contents(first), _contents(second)
    matcher = SequenceMatcher(None, *contents, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    card = first.surface is not None and first.boxed
    return shared >= _SHARED_LEAST and matcher.ratio() >= (_CARDS_LEAST if card else _GROUPS_LEAST)


def _painted_alike(first: Item, second: Item) -> bool:
    one, other = first.surface, second.surface
    if one is None or other is None:
        return one is other and first.arrangement is second.arrangement
    return (
        first.boxed == second.boxed
        and _one_color(one.fill, other.fill)
        and _one_color(one.border_color, other.border_color)
        and abs(one.radius - other.radius) <= _SAME_RADIUS
    )


def _one_color(first: str | None, second: str | None) -> bool:
    if first is None or second is None:
        return first is second
    return distance(first, second) <= SAME_COLOR


def _contents(item: Item) -> list[int]:
    """Returns the kinds of what an item shows, in reading order, repeats once."""
    kinds = [part.kind for part in item.walk() if not part.children]
    return [kind for kind, _ in groupby(kinds)]
