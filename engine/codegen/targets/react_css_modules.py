"""React components in TypeScript, each with a CSS module of its own."""

from __future__ import annotations

import re

from engine.codegen.document import Document
from engine.codegen.naming import ClassNames
from engine.codegen.options import GeneratedFile
from engine.codegen.react_parts import ReactParts
from engine.codegen.stylesheet import class_rules
from engine.codegen.targets.css_modules import class_list, global_styles, module_names
from engine.codegen.targets.react import TSX, app_file, import_lines

_USED = re.compile(r"\{styles\.(\w+)\}")


def generate(document: Document) -> list[GeneratedFile]:
    """Returns src/App.tsx, a file and a module per component, and the global styles."""
    names = ClassNames(document.body)
    written = module_names(names)
    styles = {written[name]: style for name, style in names.styles.items()}

    def expression(classes: list[str]) -> str:
        if len(classes) == 1:
            return f"{{styles.{written[classes[0]]}}}"
        return f"{{`{class_list(classes, written)}`}}"

    def module_of(source: str) -> str:
        used = dict.fromkeys(_USED.findall(source))
        return class_rules((name, styles[name]) for name in used)

    parts = ReactParts(document.body, expression)
    app = app_file(parts, document, "./components/", 'import "./index.css";', expression)
    app_module = module_of(app)
    if app_module:
        app = app.replace(
            'import "./index.css";', 'import styles from "./App.module.css";\nimport "./index.css";'
        )
    files = [GeneratedFile("src/App.tsx", TSX, app)]
    if app_module:
        files.append(GeneratedFile("src/App.module.css", "text/css", f"{app_module}\n"))
    for part in parts.parts():
        rules = module_of(part.source)
        imports = import_lines(part.uses, "./")
        if rules:
            imports.append(f'import styles from "./{part.name}.module.css";')
        head = "\n".join(imports) + "\n\n" if imports else ""
        path = f"src/components/{part.name}"
        files.append(GeneratedFile(f"{path}.tsx", TSX, f"{head}{part.source}\n"))
        if rules:
            files.append(GeneratedFile(f"{path}.module.css", "text/css", f"{rules}\n"))
    files.append(GeneratedFile("src/index.css", "text/css", global_styles(document)))
    return files
