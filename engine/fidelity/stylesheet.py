"""Counts lengths in generated styles that belong to no scale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_DECLARATION = re.compile(r"(?<![\w-])(--[\w-]+|[a-z-]+)\s*:\s*([^;{}]+)(?=[;}])")
_LENGTH = re.compile(r"(?<![\w.#-])-?(\d*\.?\d+)(px|rem|em|pt|ch)\b")
_CLASS = re.compile(r'class(?:Name)?="([^"]*)"')
_ARBITRARY = re.compile(r"(?:^|[\s:])-?([a-z][a-z-]*)-\[([^\]]*)\]")
# Properties whose lengths are conventions of drawing, not of layout.
_DRAWN = re.compile(r"^(border|outline|box-shadow|text-shadow|filter|transition|animation|clip)")
# Hairlines and the like; below this no scale is meant.
_HAIRLINE = 2.0


@dataclass(frozen=True, slots=True)
class MagicNumber:
    """A literal length outside custom properties. `where` is the property or utility."""

    where: str
    value: str


def magic_numbers_in_css(css: str) -> list[MagicNumber]:
    """Returns the literal lengths of declarations that are not custom properties.

    Lengths in custom properties are the scale itself; percentages, fractions,
    viewport units, conditions of at-rules and hairlines are no magic numbers.
    """
    return [
        MagicNumber(name, match.group(0))
        for name, value in _declarations(css)
        for match in _LENGTH.finditer(value)
        if _is_magic(name, match)
    ]


def magic_numbers_in_classes(markup: str) -> list[MagicNumber]:
    """Returns the utilities with arbitrary lengths, as in `mt-[13px]`; zero is on every scale."""
    found = []
    for names in _CLASS.findall(markup):
        for utility, value in _ARBITRARY.findall(names):
            if any(float(match.group(1)) for match in _LENGTH.finditer(value)):
                found.append(MagicNumber(utility, value))
    return found


def _declarations(css: str) -> Iterator[tuple[str, str]]:
    plain = _COMMENT.sub("", css)
    for match in _DECLARATION.finditer(plain):
        name, value = match.group(1), match.group(2)
        if not name.startswith("--"):
            yield name, value


def _is_magic(name: str, match: re.Match[str]) -> bool:
    number = abs(float(match.group(1)))
    if number == 0 or _DRAWN.match(name):
        return False
    return not (match.group(2) == "px" and number <= _HAIRLINE)
