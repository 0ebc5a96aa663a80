"""HTML with Bootstrap 5: its components and utilities first, a small style sheet for the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.codegen.animations import animation_rules
from engine.codegen.document import Document
from engine.codegen.element import Element
from engine.codegen.naming import ClassNames
from engine.codegen.options import GeneratedFile
from engine.codegen.reset import ACCESS, FIT, HEADINGS
from engine.codegen.stylesheet import class_rules, root
from engine.codegen.targets.html_css import body_rules, page
from engine.schema.css_values import pixels

_BOOTSTRAP = "node_modules/bootstrap/dist/css/bootstrap.min.css"
_WORDS: Mapping[tuple[str, str], str] = {
    ("display", "flex"): "d-flex",
    ("display", "inline-flex"): "d-inline-flex",
    ("display", "inline-block"): "d-inline-block",
    ("display", "block"): "d-block",
    ("display", "grid"): "d-grid",
    ("flex-direction", "column"): "flex-column",
    ("flex-wrap", "wrap"): "flex-wrap",
    ("flex-grow", "1"): "flex-grow-1",
    ("flex-shrink", "0"): "flex-shrink-0",
    ("align-items", "flex-start"): "align-items-start",
    ("align-items", "center"): "align-items-center",
    ("align-items", "flex-end"): "align-items-end",
    ("align-self", "flex-start"): "align-self-start",
    ("align-self", "center"): "align-self-center",
    ("align-self", "flex-end"): "align-self-end",
    ("align-self", "stretch"): "align-self-stretch",
    ("justify-content", "center"): "justify-content-center",
    ("justify-content", "flex-end"): "justify-content-end",
    ("justify-content", "space-between"): "justify-content-between",
    ("justify-content", "space-around"): "justify-content-around",
    ("justify-content", "space-evenly"): "justify-content-evenly",
    ("width", "100%"): "w-100",
    ("max-width", "100%"): "mw-100",
    ("overflow", "hidden"): "overflow-hidden",
    ("overflow-x", "auto"): "overflow-x-auto",
    ("object-fit", "cover"): "object-fit-cover",
    ("text-align", "start"): "text-start",
    ("text-align", "center"): "text-center",
    ("text-align", "end"): "text-end",
    ("text-transform", "uppercase"): "text-uppercase",
    ("text-decoration-line", "underline"): "text-decoration-underline",
    ("white-space", "nowrap"): "text-nowrap",
    ("font-weight", "300"): "fw-light",
    ("font-weight", "400"): "fw-normal",
    ("font-weight", "500"): "fw-medium",
    ("font-weight", "600"): "fw-semibold",
    ("font-weight", "700"): "fw-bold",
    ("font-style", "italic"): "fst-italic",
    ("position", "sticky"): "sticky-top",
}
_SPACED = {
    "gap": "gap", "row-gap": "row-gap", "column-gap": "column-gap", "padding": "p",
    "padding-inline": "px", "padding-block": "py", "padding-top": "pt", "padding-right": "pe",
    "padding-bottom": "pb", "padding-left": "ps", "margin-top": "mt", "margin-right": "me",
    "margin-bottom": "mb", "margin-left": "ms",
}  # fmt: skip
# Bootstrap's spacers, in pixels.
_SPACERS = {0: 0, 4: 1, 8: 2, 16: 3, 24: 4, 48: 5}
_COMPONENTS = {
    "button": "btn", "input": "form-control", "textarea": "form-control",
    "select": "form-select", "badge": "badge", "table": "table", "checkbox": "form-check-input",
    "radio": "form-check-input", "range": "form-range",
}  # fmt: skip

RESET = f"""\
{HEADINGS},
p,
ul,
pre,
blockquote,
figure,
hr,
table {{
  margin: 0;
}}

{HEADINGS},
pre,
code {{
  font: inherit;
  letter-spacing: inherit;
  color: inherit;
}}

ul {{
  padding: 0;
  list-style: none;
}}

a {{
  color: inherit;
  text-decoration: none;
}}

{FIT}

img {{
  height: auto;
}}

hr {{
  border: 0;
  opacity: 1;
}}

.btn,
.form-control,
.form-select {{
  letter-spacing: inherit;
}}

.table > :not(caption) > * > * {{
  padding: 0;
  border: 0;
  background-color: transparent;
  box-shadow: none;
  color: inherit;
}}

{ACCESS}"""


def generate(document: Document) -> list[GeneratedFile]:
    """Returns index.html, styles.css for what Bootstrap has no class for, and package.json."""
    utilities = {
        id(element): _take_utilities(element, document) for element in document.body.walk()
    }
    names = ClassNames(document.body)
    for element in document.body.walk():
        component = _COMPONENTS.get(element.name if element.shared else element.tag)
        own = [component] if component else []
        element.classes = [*own, *utilities[id(element)], *element.classes]
    head = [
        "<link",
        '  rel="stylesheet"',
        f'  href="{_BOOTSTRAP}"',
        "/>",
        '<link rel="stylesheet" href="styles.css" />',
    ]
    html = page(document, head, " ".join(document.body.classes))
    package = {"private": True, "dependencies": {"bootstrap": "^5.3.0"}}
    return [
        GeneratedFile("index.html", "text/html", html),
        GeneratedFile("styles.css", "text/css", _stylesheet(document, names)),
        GeneratedFile("package.json", "application/json", json.dumps(package, indent=2) + "\n"),
    ]


def _stylesheet(document: Document, names: ClassNames) -> str:
    parts = [root(document.tokens.used), RESET, *body_rules(document.body)]
    parts += [class_rules(names.styles.items()), animation_rules(document)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _take_utilities(element: Element, document: Document) -> list[str]:
    """Moves what Bootstrap has a class for from the style to classes.

    Its utilities are important, so that only properties that never change are taken.
    """
    base = element.style.rules.get("", {})
    fixed = [
        name
        for name in base
        if not any(name in rule for at, rule in element.style.rules.items() if at)
    ]
    if any(at for at in element.style.rules if at in {"sm", "md", "lg"}):
        # What flows differently on wide viewports is kept together in the style sheet.
        fixed = [name for name in fixed if name not in {"gap", "row-gap", "column-gap"}]
    found: list[str] = []
    for name in fixed:
        utility = _utility(name, base[name], document)
        if utility is not None:
            found.append(utility)
            element.style.drop(name)
    return found


def _utility(name: str, value: str, document: Document) -> str | None:
    word = _WORDS.get((name, value))
    if word is not None or name not in _SPACED:
        return word
    reference = value.removeprefix("var(").removesuffix(")")
    px = pixels(document.tokens.used.get(reference, value))
    spacer = _SPACERS.get(round(px)) if px is not None else None
    return None if spacer is None else f"{_SPACED[name]}-{spacer}"
