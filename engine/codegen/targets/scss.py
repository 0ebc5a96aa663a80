"""HTML with SCSS: tokens, reset and one nested rule per block."""

from __future__ import annotations

from engine.codegen.animations import animation_rules
from engine.codegen.document import Document
from engine.codegen.element import BREAKPOINT_PX, BREAKPOINTS, Style
from engine.codegen.naming import ClassNames
from engine.codegen.numbers import rem
from engine.codegen.options import GeneratedFile
from engine.codegen.reset import RESET
from engine.codegen.stylesheet import declaration, ordered, root
from engine.codegen.targets.html_css import page

_TYPE = "text/x-scss"
_STEP = "  "


def generate(document: Document) -> list[GeneratedFile]:
    """Returns index.html and its SCSS; `sass styles.scss styles.css` builds the style sheet."""
    names = ClassNames(document.body)
    html = page(document, ['<link rel="stylesheet" href="styles.css" />'])
    main = '@use "scss/tokens";\n@use "scss/reset";\n@use "scss/page";\n'
    return [
        GeneratedFile("index.html", "text/html", html),
        GeneratedFile("styles.scss", _TYPE, main),
        GeneratedFile("scss/_breakpoints.scss", _TYPE, _breakpoints()),
        GeneratedFile("scss/_tokens.scss", _TYPE, root(document.tokens.used) + "\n"),
        GeneratedFile("scss/_reset.scss", _TYPE, RESET + "\n"),
        GeneratedFile("scss/_page.scss", _TYPE, _page(document, names)),
    ]


def _breakpoints() -> str:
    entries = "\n".join(f'  "{name}": {rem(BREAKPOINT_PX[name])},' for name in BREAKPOINTS)
    return (
        '@use "sass:map";\n\n'
        f"$breakpoints: (\n{entries}\n);\n\n"
        "// Applies its content to viewports from a breakpoint on.\n"
        "@mixin from($name) {\n"
        "  @media (min-width: map.get($breakpoints, $name)) {\n"
        "    @content;\n"
        "  }\n"
        "}\n"
    )


def _page(document: Document, names: ClassNames) -> str:
    blocks: dict[str, list[tuple[str, Style]]] = {}
    for name, style in names.styles.items():
        base, _, rest = name.partition("__")
        blocks.setdefault(base, []).append((f"&__{rest}" if rest else "", style))
    parts = ['@use "breakpoints" as *;', _rule("body", document.body.style, [])]
    for base, members in blocks.items():
        own = next((style for rest, style in members if not rest), Style())
        inner = [(rest, style) for rest, style in members if rest]
        parts.append(_rule(f".{base}", own, inner))
    parts.append(animation_rules(document))
    return "\n\n".join(part for part in parts if part) + "\n"


def _rule(selector: str, style: Style, inner: list[tuple[str, Style]], depth: int = 0) -> str:
    indent = _STEP * depth
    groups: list[str] = []
    base = style.rules.get("", {})
    if base:
        lines = [declaration(name, value, indent + _STEP) for name, value in ordered(base)]
        groups.append("\n".join(lines))
    for condition, rule in style.ordered():
        if not condition:
            continue
        head = f'@include from("{condition}")' if condition in BREAKPOINTS else f"&{condition}"
        lines = [f"{indent}{_STEP}{head} {{"]
        lines += [declaration(name, value, indent + _STEP * 2) for name, value in ordered(rule)]
        groups.append("\n".join([*lines, f"{indent}{_STEP}}}"]))
    groups += [_rule(name, own, [], depth + 1) for name, own in inner]
    return f"{indent}{selector} {{\n" + "\n\n".join(groups) + f"\n{indent}}}"
