"""Turns declarations into Tailwind's utility classes.

Version 4 and 3 share the names; values that Tailwind 3 has no step for are added
to its configuration (see `tailwind_theme`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.codegen.element import BREAKPOINTS, Style
from engine.codegen.numbers import number
from engine.codegen.stylesheet import ordered
from engine.schema.css_values import pixels

_REFERENCE = re.compile(r"var\((--[\w-]+)\)\Z")
_ANY_REFERENCE = re.compile(r"var\((--[\w-]+)\)")
_NEGATED = re.compile(r"calc\(-1 \* var\((--[\w-]+)\)\)\Z")
_EQUAL_TRACKS = re.compile(r"(?:repeat\((\d+), )?minmax\(0, 1fr\)\)?\Z")
_BORDER = re.compile(r"([\d.]+)px (solid|dashed|dotted) var\((--[\w-]+)\)\Z")
_STATES = {
    ":hover": "hover:",
    ":focus-visible": "focus-visible:",
    ":checked": "checked:",
    "::placeholder": "placeholder:",
}

# Declarations that are one word of Tailwind's.
_WORDS: Mapping[tuple[str, str], str] = {
    ("display", "none"): "hidden",
    ("flex-direction", "column"): "flex-col",
    ("flex-direction", "row"): "flex-row",
    ("flex-wrap", "wrap"): "flex-wrap",
    ("flex-wrap", "nowrap"): "flex-nowrap",
    ("flex", "1 1 0"): "flex-1",
    ("flex-grow", "1"): "grow",
    ("flex-shrink", "0"): "shrink-0",
    ("position", "sticky"): "sticky",
    ("top", "0"): "top-0",
    ("z-index", "1"): "z-10",
    ("width", "100%"): "w-full",
    ("max-width", "100%"): "max-w-full",
    ("min-width", "0"): "min-w-0",
    ("grid-area", "1 / 1 / -1 / -1"): "col-span-full row-span-full",
    ("border", "0"): "border-0",
    ("border-collapse", "collapse"): "border-collapse",
    ("border-radius", "50%"): "rounded-full",
    ("border-radius", "0"): "rounded-none",
    ("background-color", "transparent"): "bg-transparent",
    ("background-size", "cover"): "bg-cover",
    ("background-position", "center"): "bg-center",
    ("background-repeat", "no-repeat"): "bg-no-repeat",
    ("object-fit", "cover"): "object-cover",
    ("overflow", "hidden"): "overflow-hidden",
    ("overflow-x", "auto"): "overflow-x-auto",
    ("appearance", "none"): "appearance-none",
    ("resize", "vertical"): "resize-y",
    ("table-layout", "fixed"): "table-fixed",
    ("vertical-align", "top"): "align-top",
    ("list-style-type", "disc"): "list-disc",
    ("list-style-type", "circle"): "list-[circle]",
    ("list-style-type", "square"): "list-[square]",
    ("font-style", "italic"): "italic",
    ("font-style", "normal"): "not-italic",
    ("text-transform", "uppercase"): "uppercase",
    ("text-transform", "none"): "normal-case",
    ("text-decoration-line", "underline"): "underline",
    ("letter-spacing", "normal"): "tracking-normal",
    ("white-space", "nowrap"): "whitespace-nowrap",
    ("cursor", "pointer"): "cursor-pointer",
    ("pointer-events", "none"): "pointer-events-none",
}
_ALIGN = {
    "flex-start": "start", "flex-end": "end", "start": "start", "end": "end", "center": "center",
    "stretch": "stretch", "baseline": "baseline", "space-between": "between",
    "space-around": "around", "space-evenly": "evenly",
}  # fmt: skip
_ALIGNED = {
    "align-items": "items",
    "align-self": "self",
    "justify-content": "justify",
    "justify-self": "justify-self",
    "text-align": "text",
}
_SPACED = {
    "gap": "gap", "row-gap": "gap-y", "column-gap": "gap-x", "padding": "p",
    "padding-inline": "px", "padding-block": "py", "padding-top": "pt", "padding-right": "pr",
    "padding-bottom": "pb", "padding-left": "pl", "margin-top": "mt", "margin-right": "mr",
    "margin-bottom": "mb", "margin-left": "ml", "width": "w", "height": "h", "min-width": "min-w",
    "max-width": "max-w", "min-height": "min-h",
}  # fmt: skip
_COLORED = {"color": "text", "background-color": "bg", "accent-color": "accent"}
_WEIGHTS = {
    "100": "thin", "200": "extralight", "300": "light", "400": "normal", "500": "medium",
    "600": "semibold", "700": "bold", "800": "extrabold", "900": "black",
}  # fmt: skip
_SPANS = {"grid-column": "col", "grid-row": "row"}
# Properties whose values are tokens of a namespace, and ones whose values stand in brackets.
_NAMED = {
    "border-radius": ("rounded", "--radius-"),
    "box-shadow": ("shadow", "--shadow-"),
    "font-family": ("font", "--font-"),
    "letter-spacing": ("tracking", "--tracking-"),
}
_ARBITRARY = {"grid-template-rows": "grid-rows", "flex": "flex", "background-image": "bg"}
_LEADINGS = {"1": "none", "1.25": "tight", "1.375": "snug", "1.5": "normal", "2": "loose"}


class Utilities:
    """Maps styles to classes and remembers the steps of the spacing scale that were used."""

    def __init__(self, tokens: Mapping[str, str], version: int) -> None:
        self._tokens = tokens
        self._version = version
        self.steps: set[float] = set()

    def classes(self, style: Style) -> list[str]:
        """Returns the classes of a style: base, then breakpoints, then states."""
        found: list[str] = []
        for condition, rule in style.ordered():
            prefix = f"{condition}:" if condition in BREAKPOINTS else _STATES.get(condition, "")
            for name, value in ordered(rule):
                found += [prefix + utility for utility in self._utilities(name, value)]
        return list(dict.fromkeys(found))

    def _utilities(self, name: str, value: str) -> list[str]:
        word = _WORDS.get((name, value))
        if word is not None:
            return word.split(" ")
        if name == "display":
            return [value]
        if name in _ALIGNED:
            return [f"{_ALIGNED[name]}-{_ALIGN.get(value, value)}"]
        if name in _SPACED:
            return self._spaced(name, value)
        if name in _COLORED:
            return [f"{_COLORED[name]}-{_name(value, '--color-')}"]
        return self._special(name, value)

    def _special(self, name: str, value: str) -> list[str]:
        match name:
            case "font-size":
                return self._font_size(value)
            case "font-weight":
                return [f"font-{_WEIGHTS.get(value, f'[{value}]')}"]
            case "line-height":
                return [f"leading-{_LEADINGS.get(value, f'[{value}]')}"]
            case "opacity":
                return self._opacity(value)
            case "grid-template-columns":
                return self._columns(value)
            case "grid-area":
                row, column = (part.strip() for part in value.split("/"))
                return [f"col-start-{column}", f"row-start-{row}"]
            case "grid-column" | "grid-row":
                return [f"{_SPANS[name]}-{value.replace(' ', '-')}"]
            case "flex-grow":
                return [f"grow-[{value}]"]
            case "border" | "border-top" | "border-right" | "border-bottom" | "border-left":
                return self._border(value, name.removeprefix("border").removeprefix("-"))
        if name in _NAMED:
            utility, prefix = _NAMED[name]
            return [f"{utility}-{_name(value, prefix)}"]
        if name in _ARBITRARY:
            return [f"{_ARBITRARY[name]}-[{_arbitrary(value)}]"]
        return [f"[{name}:{_arbitrary(value)}]"]

    def _spaced(self, name: str, value: str) -> list[str]:
        utility = _SPACED[name]
        if name == "gap" and " " in value:
            above, beside = value.split(" ")
            return [*self._spaced("row-gap", above), *self._spaced("column-gap", beside)]
        if value == "0":
            return [f"{utility}-0"]
        negated = _NEGATED.match(value)
        reference = _REFERENCE.match(value) or negated
        if reference is None:
            if value.endswith("px") and "(" not in value:
                return [f"{utility}-px" if value == "1px" else f"{utility}-{self._step(value)}"]
            return [f"{utility}-[{self._expression(value)}]"]
        token = reference.group(1)
        if name == "max-width" and token.startswith("--width-"):
            return [f"max-w-{token.removeprefix('--width-')}"]
        step = self._step(self._tokens[token])
        if step is None:
            return [f"{utility}-{self._variable(token)}"]
        return [f"{'-' if negated else ''}{utility}-{step}"]

    def _step(self, value: str) -> str | None:
        """Returns a length in steps of the spacing scale, 4 pixels each."""
        px = pixels(value)
        if px is None:
            return None
        steps = round(px) / 4
        self.steps.add(steps)
        return number(steps, 2)

    def _variable(self, token: str) -> str:
        return f"({token})" if self._version == 4 else f"[var({token})]"

    def _expression(self, value: str) -> str:
        """Returns a calculation whose distances are steps of the scale."""

        def replace(match: re.Match[str]) -> str:
            token = match.group(1)
            if self._version == 3:
                return match.group(0)
            if token.startswith("--width-"):
                return f"var(--container-{token.removeprefix('--width-')})"
            step = self._step(self._tokens[token])
            return f"var({token})" if step is None else f"--spacing({step})"

        return _arbitrary(_ANY_REFERENCE.sub(replace, value))

    def _font_size(self, value: str) -> list[str]:
        key = _name(value, "--text-")
        if f"--color-{key}" in self._tokens:
            token = f"--text-{key}"
            return [
                f"text-(length:{token})" if self._version == 4 else f"text-[length:var({token})]"
            ]
        return [f"text-{key}"]

    def _columns(self, value: str) -> list[str]:
        equal = _EQUAL_TRACKS.match(value)
        if equal is not None:
            return [f"grid-cols-{equal.group(1) or 1}"]
        return [f"grid-cols-[{self._expression(value)}]"]

    def _border(self, value: str, side: str = "") -> list[str]:
        match = _BORDER.match(value)
        if match is None:
            return [f"[border{side and '-' + side}:{_arbitrary(value)}]"]
        width, line, token = match.groups()
        utility = f"border-{side[0]}" if side else "border"
        thick = utility if width == "1" else f"{utility}-{self._border_width(width)}"
        classes = [thick, f"border-{token.removeprefix('--color-')}"]
        return classes if line == "solid" else [*classes, f"border-{line}"]

    def _border_width(self, width: str) -> str:
        known = width in {"2", "4", "8"} or (self._version == 4 and "." not in width)
        return width if known else f"[{width}px]"

    def _opacity(self, value: str) -> list[str]:
        percent = number(float(value) * 100, 0)
        known = self._version == 4 or int(percent) % 5 == 0
        return [f"opacity-{percent}" if known else f"opacity-[{value}]"]


def _name(value: str, prefix: str) -> str:
    """Returns what a token is called after its prefix."""
    match = _REFERENCE.match(value)
    return match.group(1).removeprefix(prefix) if match else f"[{_arbitrary(value)}]"


def _arbitrary(value: str) -> str:
    """Returns a value as it stands in square brackets."""
    return value.replace(", ", ",").replace(" ", "_")
