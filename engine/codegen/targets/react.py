"""React components in TypeScript with Tailwind's utility classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.codegen.document import Document
from engine.codegen.jsx import STEP
from engine.codegen.options import GeneratedFile
from engine.codegen.react_parts import ReactParts
from engine.codegen.tailwind_theme import config_v3
from engine.codegen.targets.tailwind import name_utilities, source

TSX = "text/tsx"


def generate(document: Document) -> list[GeneratedFile]:
    """Returns src/App.tsx, a file per component, and the source of the style sheet."""
    utilities = name_utilities(document)
    parts = ReactParts(document.body, class_string)
    app = app_file(parts, document, "./components/", 'import "./index.css";')
    files = [
        GeneratedFile("src/App.tsx", TSX, app),
        *component_files(parts, "src/components/"),
        GeneratedFile("src/index.css", "text/css", source(document)),
    ]
    if document.options.tailwind_version == 3:
        config = config_v3(document.tokens.used, utilities.steps, ["./src/**/*.tsx"])
        files.append(GeneratedFile("tailwind.config.js", "text/javascript", config))
    return files


def class_string(classes: list[str]) -> str:
    """Returns className's value as a string."""
    return f'"{" ".join(classes)}"'


def component_files(
    parts: ReactParts, folder: str, imports: Callable[[str], Sequence[str]] | None = None
) -> list[GeneratedFile]:
    """Returns a file per component; `imports` gives lines that go before the others."""
    files = []
    for part in parts.parts():
        lines = [*(imports(part.source) if imports else ()), *import_lines(part.uses, "./")]
        head = "\n".join(lines) + "\n\n" if lines else ""
        files.append(GeneratedFile(f"{folder}{part.name}.tsx", TSX, f"{head}{part.source}\n"))
    return files


def import_lines(uses: Sequence[str], folder: str) -> list[str]:
    """Returns the imports of components, sorted, types with the component they belong to."""
    by_file: dict[str, list[str]] = {}
    for name in uses:
        is_type = name.startswith("type ")
        file = name.removeprefix("type ").removesuffix("Props") if is_type else name
        by_file.setdefault(file, []).append(name)
    lines = []
    for file in sorted(by_file):
        names = sorted(by_file[file], key=lambda name: name.startswith("type "))
        lines.append(f'import {{ {", ".join(names)} }} from "{folder}{file}";')
    return lines


def app_file(
    parts: ReactParts,
    document: Document,
    components: str,
    first: str,
    wrapper: Callable[[list[str]], str] = class_string,
    name: str = "App",
) -> str:
    """Returns the page's own component."""
    body = document.body
    lines, uses, data = parts.page(3)
    imports = [*import_lines(uses, components), *([first] if first else [])]
    opening = f"<div className={wrapper(body.classes)}>" if body.classes else "<>"
    closing = "</div>" if body.classes else "</>"
    head = [f"{STEP * 2}{opening}"]
    function = [
        f"export default function {name}() {{",
        f"{STEP}return (",
        *head,
        *lines,
        f"{STEP * 2}{closing}",
        f"{STEP});",
        "}",
    ]
    blocks = ["\n".join(imports), *data, "\n".join(function)]
    return "\n\n".join(block for block in blocks if block) + "\n"
