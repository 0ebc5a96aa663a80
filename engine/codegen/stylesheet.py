"""Prints stylesheets as prettier formats them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.codegen.element import BREAKPOINT_PX, BREAKPOINTS, Style
from engine.codegen.numbers import rem

_MAX_LINE = 80
# The order in which properties are written: from the outside of the box to its text.
_ORDER = (
    "container-type", "container-name", "position", "inset", "top", "z-index", "display",
    "appearance", "grid-area", "grid-column", "grid-row", "grid-template-columns",
    "grid-template-rows", "flex", "flex-direction", "flex-wrap", "flex-grow", "flex-shrink",
    "align-items", "align-self", "justify-content", "justify-self", "gap", "row-gap",
    "column-gap", "width", "min-width", "max-width", "height", "min-height", "margin",
    "margin-top", "margin-right", "margin-bottom", "margin-left", "padding", "padding-block",
    "padding-top", "padding-bottom", "padding-inline", "padding-left", "padding-right",
    "list-style-type", "overflow", "overflow-x", "table-layout", "border", "border-top",
    "border-right", "border-bottom", "border-left", "border-collapse", "border-radius",
    "background-color", "background-image", "background-size", "background-position",
    "background-repeat", "box-shadow", "opacity", "object-fit", "resize", "color",
    "accent-color", "font-family", "font-size", "font-style", "font-weight", "line-height",
    "letter-spacing", "text-align", "vertical-align", "text-decoration-line", "text-transform",
    "white-space", "overflow-wrap", "cursor", "pointer-events",
)  # fmt: skip
_RANK = {name: index for index, name in enumerate(_ORDER)}


def ordered(rule: Mapping[str, str]) -> list[tuple[str, str]]:
    """Returns declarations in the order in which they are written."""
    return sorted(rule.items(), key=lambda item: (_RANK.get(item[0], len(_ORDER)), item[0]))


def block(selector: str, rule: Mapping[str, str], indent: str = "") -> str:
    """Returns one rule set."""
    lines = [f"{indent}{selector} {{"]
    lines += [declaration(name, value, indent + "  ") for name, value in ordered(rule)]
    lines.append(f"{indent}}}")
    return "\n".join(lines)


def declaration(name: str, value: str, indent: str) -> str:
    """Returns one declaration, broken over lines where prettier breaks it."""
    line = f"{indent}{name}: {value};"
    parts = split_list(value)
    inner = indent + "  "
    if name == "transition" and len(parts) > 1:
        return f"{indent}{name}:\n{inner}" + f",\n{inner}".join(parts) + ";"
    if len(line) <= _MAX_LINE:
        return line
    if name.startswith("grid-template"):
        return f"{indent}{name}:\n{inner}" + f"\n{inner}".join(_words(value)) + ";"
    if len(parts) > 1:
        return f"{indent}{name}:\n" + "\n".join(_filled(parts, inner))
    function, bracket, rest = value.partition("(")
    if bracket and rest.endswith(")") and _closes_at_end(value):
        arguments = f",\n{inner}".join(split_list(rest[:-1]))
        return f"{indent}{name}: {function}(\n{inner}{arguments}\n{indent});"
    return line


def _filled(parts: list[str], indent: str) -> list[str]:
    lines, current = [], indent
    for index, part in enumerate(parts):
        item = part + ("," if index < len(parts) - 1 else ";")
        if current != indent and len(current) + 1 + len(item) > _MAX_LINE:
            lines.append(current)
            current = indent
        current += item if current == indent else f" {item}"
    return [*lines, current]


def _closes_at_end(value: str) -> bool:
    """Returns whether the first bracket is closed by the last letter."""
    depth = 0
    for index, letter in enumerate(value):
        depth += (letter == "(") - (letter == ")")
        if letter == ")" and not depth:
            return index == len(value) - 1
    return False


def split_list(value: str) -> list[str]:
    """Splits a CSS value at its top-level commas."""
    return _split(value, ",")


def _words(value: str) -> list[str]:
    """Splits a CSS value at its top-level spaces."""
    return _split(value, " ")


def _split(value: str, mark: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for index, letter in enumerate(value):
        depth += (letter == "(") - (letter == ")")
        if letter == mark and not depth:
            parts.append(value[start:index].strip())
            start = index + 1
    parts.append(value[start:].strip())
    return parts


def media(breakpoint_: str) -> str:
    """Returns the at-rule for viewports from a breakpoint on."""
    return f"@media (min-width: {rem(BREAKPOINT_PX[breakpoint_])})"


def root(tokens: Mapping[str, str]) -> str:
    """Returns the rule that defines the custom properties."""
    lines = [":root {"]
    lines += [declaration(name, value, "  ") for name, value in tokens.items()]
    return "\n".join([*lines, "}"])


def class_rules(styles: Iterable[tuple[str, Style]]) -> str:
    """Returns the rules of classes: base and states first, then one block per breakpoint."""
    items = list(styles)
    parts = [
        block(f".{name}{state}", rule)
        for name, style in items
        for state, rule in style.ordered()
        if state not in BREAKPOINTS
    ]
    for breakpoint_ in BREAKPOINTS:
        inner = [
            block(f".{name}", style.rules[breakpoint_], "  ")
            for name, style in items
            if style.rules.get(breakpoint_)
        ]
        if inner:
            parts.append(f"{media(breakpoint_)} {{\n" + "\n\n".join(inner) + "\n}")
    return "\n\n".join(parts)
