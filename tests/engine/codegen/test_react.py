"""React renders generated components to the same document that the HTML targets print."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.codegen import generate
from engine.schema.tree import walk
from tests.engine.codegen.pages import dashboard, landing
from tests.engine.codegen.tools import needs, run, write

Page = Callable[[], canonical_schema_pb2.CanonicalSchema]


def scattered() -> canonical_schema_pb2.CanonicalSchema:
    """Returns a page whose cards have no name and stand in different places."""
    schema = landing()
    del schema.components[:]
    for visit in walk(schema.root):
        visit.node.component = ""
    cards = schema.root.children[2].children[1]
    moved = cards.children[2]
    moved.bounds.y += 800
    schema.root.children[2].children.append(moved)
    del cards.children[2]
    return schema


def mixed() -> canonical_schema_pb2.CanonicalSchema:
    """Returns a page with four cards of one component, of which two have no icon."""
    schema = landing()
    cards = schema.root.children[2].children[1]
    cards.layout.columns = 4
    cards.children.add().CopyFrom(cards.children[2])
    for visit in walk(cards.children[3]):
        visit.node.id = visit.node.id.replace("card-2", "card-3")
    schema.components[0].node_ids.append("card-3")
    for number in (1, 3):
        del cards.children[number].children[0]
    return schema


_SCRIPT = "render_react.cjs"
_NEEDED = needs("node_modules/react-dom", "node_modules/typescript")
# What says where a field begins; the printers write these in their own ways.
_UNCOMPARED = frozenset({"checked", "selected", "value"})

Token = tuple[str, ...]


class _Tokens(HTMLParser):
    """Lists a document's elements, attributes and texts below body in document order."""

    def __init__(self, *, classes: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._classes = classes
        self._text = ""
        self.found: list[Token] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._flush()
        kept = sorted(
            f"{name}={re.sub(' +', ' ', value or '')}"
            for name, value in attrs
            if name not in _UNCOMPARED and (self._classes or name != "class")
        )
        self.found.append((tag, *kept))

    def handle_endtag(self, tag: str) -> None:
        del tag
        self._flush()

    def handle_data(self, data: str) -> None:
        self._text += data

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        words = " ".join(self._text.split())
        if words:
            self.found.append(("#text", words))
        self._text = ""


def _tokens(markup: str, *, classes: bool) -> list[Token]:
    parser = _Tokens(classes=classes)
    parser.feed(markup)
    parser.close()
    return parser.found


def _printed(page: Page, target: str, *, classes: bool) -> list[Token]:
    """Returns what an HTML target has in its body."""
    files = {file.path: str(file.content) for file in generate(page(), target)}
    body = files["index.html"].split("<body", 1)[1].split(">", 1)[1].split("</body>")[0]
    return _tokens(body, classes=classes)


def _rendered(folder: Path, entry: str, *, classes: bool) -> list[Token]:
    """Returns what React renders."""
    result = run(folder, _SCRIPT, entry)
    assert result.returncode == 0, result.stderr
    assert not result.stderr
    return _tokens(result.stdout, classes=classes)


@_NEEDED
@pytest.mark.parametrize("page", [landing, dashboard, scattered, mixed])
@pytest.mark.parametrize(
    ("target", "entry", "boxes"),
    # In Next.js the layout is the body; else a box stands for it.
    [("react", "src/App.tsx", 1), ("nextjs", "app/page.tsx", 0)],
)
def test_react_renders_what_the_tailwind_target_prints(
    page: Page, target: str, entry: str, boxes: int, tmp_path: Path
) -> None:
    write(tmp_path, generate(page(), target))
    rendered = _rendered(tmp_path, entry, classes=True)

    assert rendered[boxes:] == _printed(page, "tailwind", classes=True)


@_NEEDED
@pytest.mark.parametrize("page", [landing, dashboard, scattered, mixed])
def test_react_with_css_modules_renders_what_the_html_target_prints(
    page: Page, tmp_path: Path
) -> None:
    write(tmp_path, generate(page(), "react-css-modules"))
    rendered = _rendered(tmp_path, "src/App.tsx", classes=False)

    assert rendered == _printed(page, "html-css", classes=False)


def test_what_repeats_in_different_places_is_a_component() -> None:
    files = {file.path: str(file.content) for file in generate(scattered(), "react")}
    sources = "".join(files.values())

    assert sources.count("<h3") == 1
    assert "src/components/Article.tsx" in files
    assert len(re.findall(r"<Article\b", files["src/components/Features.tsx"])) == 2


def wordy() -> canonical_schema_pb2.CanonicalSchema:
    """Returns a page of running text with links, of code, and of quotes."""
    schema = landing()
    hero = schema.root.children[1]
    text = next(v.node for v in walk(hero) if v.node.kind == node_pb2.NODE_KIND_TEXT)
    code = node_pb2.Node()
    code.CopyFrom(text)
    code.id = "code"
    code.role = node_pb2.SEMANTIC_ROLE_CODE_BLOCK
    code.text = (
        'def main():\n    print("a < b", {1: 2}, "and much more than fits on one line, surely")'
    )
    text.text = "Read (the manual), or else the other manual that is longer still: both help."
    for part, link in (
        ("Read (", False), ("the manual", True), ("), or else ", False),
        ("the other manual that is longer still", True), (": both help.", False),
    ):  # fmt: skip
        run_ = text.runs.add(text=part, link=link)
        if link:
            run_.color.value = "#1d4ed8"
    hero.children.append(code)
    return schema


@_NEEDED
def test_code_keeps_its_lines_in_react(tmp_path: Path) -> None:
    write(tmp_path, generate(wordy(), "react"))
    result = run(tmp_path, _SCRIPT, "src/App.tsx")

    assert "def main():\n    print(&quot;a &lt; b&quot;, {1: 2}" in result.stdout
    assert _rendered(tmp_path, "src/App.tsx", classes=True)[1:] == _printed(
        wordy, "tailwind", classes=True
    )


@needs("node_modules/prettier/bin/prettier.cjs")
@pytest.mark.parametrize("page", [scattered, wordy])
def test_components_of_what_repeats_are_formatted_as_prettier_does(
    page: Page, tmp_path: Path
) -> None:
    files = generate(page(), "react")
    write(tmp_path, files)
    names = [file.path for file in files if file.path.endswith(".tsx")]
    result = run(tmp_path, "node_modules/prettier/bin/prettier.cjs", "--check", *names)
    assert result.returncode == 0, result.stderr
