"""Tailwind's theme from the design tokens: `@theme` for version 4, a configuration for 3."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from textwrap import indent

from engine.codegen.numbers import number, rem
from engine.codegen.reset import ACCESS, FIT
from engine.codegen.stylesheet import declaration

_THEMED = ("color", "font", "text", "tracking", "radius", "shadow", "width")
# Namespaces whose defaults are switched off, so that only the design's own values exist.
_RESET = ("color", "text", "radius", "shadow")
_V3_KEYS = {
    "color": "colors",
    "text": "fontSize",
    "radius": "borderRadius",
    "shadow": "boxShadow",
    "font": "fontFamily",
    "tracking": "letterSpacing",
    "width": "maxWidth",
}

BASE = f"""\
@layer base {{
  body {{
    overflow-wrap: break-word;
  }}

  a {{
    text-decoration: none;
  }}

  th {{
    font-weight: inherit;
    text-align: inherit;
  }}

  button,
  input,
  select,
  textarea,
  pre,
  code {{
    font: inherit;
    letter-spacing: inherit;
    color: inherit;
  }}

  hr {{
    height: auto;
    border: 0;
  }}

{indent(FIT, "  ")}

  pre {{
    overflow-x: auto;
    white-space: pre-wrap;
  }}

  a:hover,
  button:hover {{
    opacity: 0.85;
  }}

{indent(ACCESS, "  ")}
}}"""


def stylesheet_v4(tokens: Mapping[str, str]) -> str:
    """Returns the source style sheet for Tailwind 4."""
    lines = ["@theme {"]
    lines += [f"  --{name}-*: initial;" for name in _RESET if _of(tokens, name)]
    plain = []
    for name, value in tokens.items():
        group = _group(name)
        if group == "width":
            lines.append(declaration(f"--container-{name.removeprefix('--width-')}", value, "  "))
        elif group in _THEMED:
            lines.append(declaration(name, value, "  "))
        elif group not in {"space", "size"}:
            plain.append(declaration(name, value, "  "))
    lines.append("}")
    parts = ['@import "tailwindcss";', "\n".join(lines)]
    if plain:
        parts.append("\n".join([":root {", *plain, "}"]))
    return "\n\n".join([*parts, BASE])


def stylesheet_v3(tokens: Mapping[str, str]) -> str:
    """Returns the source style sheet for Tailwind 3."""
    plain = [declaration(name, value, "  ") for name, value in tokens.items()]
    head = "@tailwind base;\n@tailwind components;\n@tailwind utilities;"
    parts = [head]
    if plain:
        parts.append("\n".join([":root {", *plain, "}"]))
    return "\n\n".join([*parts, BASE])


def config_v3(tokens: Mapping[str, str], steps: Iterable[float], content: list[str]) -> str:
    """Returns tailwind.config.js for Tailwind 3: the tokens and the spacing steps in use."""
    theme: dict[str, dict[str, str]] = {}
    extend: dict[str, dict[str, str]] = {
        "spacing": {number(step, 2): rem(step * 4) for step in sorted(steps) if step}
    }
    for name, value in tokens.items():
        group = _group(name)
        if group not in _THEMED:
            continue
        key = name.removeprefix(f"--{group}-")
        target = theme if group in _RESET else extend
        reference = value if group == "width" else f"var({name})"
        target.setdefault(_V3_KEYS[group], {})[key] = reference
    if "colors" in theme:
        theme["colors"] = {
            "transparent": "transparent",
            "current": "currentColor",
            **theme["colors"],
        }
    body = json.dumps(
        {"content": content, "theme": {**theme, "extend": extend}}, indent=2, ensure_ascii=False
    )
    return f"/** @type {{import('tailwindcss').Config}} */\nmodule.exports = {_javascript(body)};\n"


def _javascript(text: str) -> str:
    """Returns JSON as prettier writes JavaScript: bare keys, trailing commas."""
    lines = []
    for line in text.split("\n"):
        name, mark, rest = line.partition('": ')
        key = name.strip().removeprefix('"')
        if mark and key.isidentifier():
            line = line[: len(line) - len(line.lstrip())] + f"{key}: {rest}"  # noqa: PLW2901
        closes = line.rstrip().endswith(("{", "[", ",")) or line == "}"
        lines.append(line if closes else f"{line},")
    return "\n".join(lines)


def _group(name: str) -> str:
    return name[2:].split("-", 1)[0]


def _of(tokens: Mapping[str, str], group: str) -> bool:
    return any(_group(name) == group for name in tokens)
