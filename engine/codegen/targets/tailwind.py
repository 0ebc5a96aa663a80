"""HTML with Tailwind's utility classes."""

from __future__ import annotations

from engine.codegen.animations import animation_rules
from engine.codegen.document import Document
from engine.codegen.options import GeneratedFile
from engine.codegen.tailwind_theme import config_v3, stylesheet_v3, stylesheet_v4
from engine.codegen.targets.html_css import page
from engine.codegen.utilities import Utilities

_STYLES = "styles.css"


def generate(document: Document) -> list[GeneratedFile]:
    """Returns index.html and the source of its style sheet, for Tailwind 3 with its configuration.

    `npx @tailwindcss/cli -i styles.css -o dist.css` builds the style sheet.
    """
    utilities = name_utilities(document)
    html = page(
        document,
        [f'<link rel="stylesheet" href="{_STYLES}" />'],
        " ".join(document.body.classes),
    )
    files = [
        GeneratedFile("index.html", "text/html", html),
        GeneratedFile(_STYLES, "text/css", source(document)),
    ]
    if document.options.tailwind_version == 3:
        config = config_v3(document.tokens.used, utilities.steps, ["./*.html"])
        files.append(GeneratedFile("tailwind.config.js", "text/javascript", config))
    return files


def name_utilities(document: Document) -> Utilities:
    """Gives every element its utility classes."""
    utilities = Utilities(document.tokens.used, document.options.tailwind_version)
    for element in document.body.walk():
        element.classes = utilities.classes(element.style)
    return utilities


def source(document: Document) -> str:
    """Returns the style sheet that Tailwind builds from."""
    tokens = document.tokens.used
    v4 = document.options.tailwind_version == 4
    parts = [stylesheet_v4(tokens) if v4 else stylesheet_v3(tokens), animation_rules(document)]
    return "\n\n".join(part for part in parts if part) + "\n"
