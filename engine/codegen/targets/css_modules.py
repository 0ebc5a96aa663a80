"""A page as a function that returns HTML, with a CSS module."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engine.codegen.animations import animation_rules
from engine.codegen.document import Document
from engine.codegen.factoring import camel
from engine.codegen.markup import render
from engine.codegen.naming import ClassNames
from engine.codegen.options import GeneratedFile
from engine.codegen.reset import RESET
from engine.codegen.stylesheet import class_rules, root
from engine.codegen.targets.html_css import body_rules

_CLASS = re.compile(r'class="([\w -]+)"')


def generate(document: Document) -> list[GeneratedFile]:
    """Returns page.js, its CSS module and the global styles, for any bundler."""
    classes = ClassNames(document.body)
    names = module_names(classes)
    rendered = "\n".join(render(child, 1) for child in document.body.elements())
    html = _CLASS.sub(
        lambda match: f'class="{class_list(match[1].split(), names)}"', _literal(rendered)
    )
    source = (
        'import styles from "./page.module.css";\n'
        'import "./global.css";\n\n'
        "/** Returns the page's content as HTML. */\n"
        "export function renderPage() {\n"
        f"  return `\n{html}\n`;\n}}\n"
    )
    styles = {names[name]: style for name, style in classes.styles.items()}
    return [
        GeneratedFile("page.js", "text/javascript", source),
        GeneratedFile("page.module.css", "text/css", class_rules(styles.items()) + "\n"),
        GeneratedFile("global.css", "text/css", global_styles(document)),
    ]


def class_list(classes: Sequence[str], names: Mapping[str, str]) -> str:
    """Returns what stands for `classes` in a template literal; `names` are those in the module."""
    return " ".join(f"${{styles.{names[name]}}}" for name in classes)


def module_names(names: ClassNames) -> dict[str, str]:
    """Returns the classes' names in modules: camelCase, unique, by their usual name."""
    result: dict[str, str] = {}
    for name in names.styles:
        base = camel(name.replace("__", "-"))
        fresh, count = base, 1
        while fresh in result.values():
            count += 1
            fresh = f"{base}{count}"
        result[name] = fresh
    return result


def global_styles(document: Document) -> str:
    """Returns tokens, reset, the page's own rules and animations."""
    parts = [root(document.tokens.used), RESET, *body_rules(document.body)]
    parts.append(animation_rules(document))
    return "\n\n".join(part for part in parts if part) + "\n"


def _literal(text: str) -> str:
    """Returns text as it stands in a template literal."""
    return text.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
