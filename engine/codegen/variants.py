"""Parts like styles into what they have in common and what sets each apart: base and modifiers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.codegen.element import Style

# A declaration with the condition it holds under: (condition, property, value).
Declaration = tuple[str, str, str]

# What a shorthand resets: one of these may not come before it in another rule.
_LONGHANDS = {
    "gap": ("row-gap", "column-gap"),
    "margin": ("margin-top", "margin-right", "margin-bottom", "margin-left"),
    "padding": ("padding-block", "padding-inline", "padding-top", "padding-right",
                "padding-bottom", "padding-left"),
    "padding-block": ("padding-top", "padding-bottom"),
    "padding-inline": ("padding-left", "padding-right"),
    "border": ("border-top", "border-right", "border-bottom", "border-left"),
    "flex": ("flex-grow", "flex-shrink"),
    "overflow": ("overflow-x",),
    "inset": ("top",),
}  # fmt: skip
# The share of a style's declarations that its base must hold to be worth a second class,
# and how many declarations that must be.
_SHARED_LEAST, _COUNT_LEAST = 0.5, 3


@dataclass(frozen=True, slots=True)
class Family:
    """Like styles: their `base`, and by a style's place in the list what it adds to that."""

    base: Style
    extras: dict[int, Style]


def families(styles: Sequence[Style]) -> list[Family]:
    """Returns the families of different styles, each style in one, in the order of the list.

    A style that is like no other is its family's base. Base and extra of a
    style together look as the style does, if the rules of all bases and extras
    come in the order of this list.
    """
    declared = [_declarations(style) for style in styles]
    rest = list(range(len(styles)))
    found: list[Family] = []
    while rest:
        members, common = _family(rest, declared)
        rest = [index for index in rest if index not in members]
        extras = {index: _style(styles[index], declared[index] - common) for index in members}
        found.append(Family(_style(styles[members[0]], common), extras))
    return found


def _family(
    rest: Sequence[int], declared: Sequence[frozenset[Declaration]]
) -> tuple[list[int], frozenset[Declaration]]:
    """Returns the first of `rest` with those that are like it, and what all of them declare."""
    members, common = [rest[0]], declared[rest[0]]
    for index in rest[1:]:
        grown = [*members, index]
        shared = _overridable(common & declared[index], [declared[i] for i in grown])
        largest = max(len(declared[i]) for i in grown)
        if len(shared) >= max(_COUNT_LEAST, _SHARED_LEAST * largest):
            members, common = grown, shared
    return members, common


def _overridable(
    common: frozenset[Declaration], members: Sequence[frozenset[Declaration]]
) -> frozenset[Declaration]:
    """Returns `common` without the longhands that a shorthand in a member's own rule resets."""
    while True:
        reset = {
            longhand
            for member in members
            for _, name, _ in member - common
            for longhand in _LONGHANDS.get(name, ())
        }
        kept = frozenset(entry for entry in common if entry[1] not in reset)
        if kept == common:
            return common
        common = kept


def _declarations(style: Style) -> frozenset[Declaration]:
    return frozenset(
        (condition, name, value)
        for condition, rule in style.ordered()
        for name, value in rule.items()
    )


def _style(source: Style, taken: frozenset[Declaration]) -> Style:
    """Returns the part of `source` that is in `taken`, in its order."""
    part = Style()
    for condition, rule in source.ordered():
        for name, value in rule.items():
            if (condition, name, value) in taken:
                part.set(name, value, condition)
    return part
