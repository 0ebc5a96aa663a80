"""HTML with one stylesheet."""

from __future__ import annotations

from engine.codegen.animations import animation_rules
from engine.codegen.document import Document
from engine.codegen.element import Element
from engine.codegen.markup import escape_attribute, escape_text, render
from engine.codegen.naming import ClassNames
from engine.codegen.options import GeneratedFile
from engine.codegen.reset import RESET
from engine.codegen.stylesheet import block, class_rules, media, root

_STYLES = "styles.css"


def generate(document: Document) -> list[GeneratedFile]:
    """Returns index.html and styles.css."""
    names = ClassNames(document.body)
    html = page(document, [f'<link rel="stylesheet" href="{_STYLES}" />'])
    return [
        GeneratedFile("index.html", "text/html", html),
        GeneratedFile(_STYLES, "text/css", stylesheet(document, names)),
    ]


def page(document: Document, head: list[str], body_class: str = "") -> str:
    """Returns the HTML page, or only what is in its body when a fragment was asked for."""
    content = [render(child, 0 if document.options.fragment else 2) for child in
               document.body.elements()]  # fmt: skip
    if document.options.fragment:
        return "\n".join(content) + "\n"
    attribute = f' class="{escape_attribute(body_class)}"' if body_class else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{escape_attribute(document.language)}">',
        "  <head>",
        '    <meta charset="utf-8" />',
        '    <meta name="viewport" content="width=device-width, initial-scale=1" />',
        f"    <title>{escape_text(document.title)}</title>",
        *(f"    {line}" for line in head),
        "  </head>",
        f"  <body{attribute}>",
        *content,
        "  </body>",
        "</html>",
    ]
    return "\n".join(lines) + "\n"


def stylesheet(document: Document, names: ClassNames) -> str:
    """Returns the stylesheet: tokens, reset, the page, classes, animations."""
    parts = [root(document.tokens.used), RESET, *body_rules(document.body)]
    parts.append(class_rules(names.styles.items()))
    parts.append(animation_rules(document))
    return "\n\n".join(part for part in parts if part) + "\n"


def body_rules(body: Element) -> list[str]:
    """Returns the page's own rules."""
    rules = []
    for condition, rule in body.style.ordered():
        if not condition:
            rules.append(block("body", rule))
        else:
            rules.append(f"{media(condition)} {{\n{block('body', rule, '  ')}\n}}")
    return rules
