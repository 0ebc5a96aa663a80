"""Text from pictures is data in every language that is generated."""

from __future__ import annotations

import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.codegen import TARGETS, InvalidSchemaError, generate
from engine.schema import SchemaFormatError, from_json
from tests.engine.codegen.pages import Json, dashboard_document, landing_document
from tests.engine.codegen.tools import needs, run, write

HOSTILE = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "{alert(1)}",
    "${alert(1)}",
    "`;alert(1);`",
    "</style><script>alert(1)</script>",
    "*/ body { display: none } /*",
    '\\"); alert(1); //',
    "&lt;script&gt; &amp; &#x3c;",
    "<!-- --><![CDATA[ ]]>",
    "\u2028\u2029\u202e\ufeff",
    "\x00\x01\x1b[31m\x7f",
    "{{constructor.constructor('alert(1)')()}}",
    "{/* comment */}",
    "</textarea></pre></select>",
    "javascript:alert(1)",
    " leading and trailing ",
    "a\nb\tc",
    "😀 مرحبا עברית 漢字",
]  # fmt: skip


class _Auditor(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "style", "base"}:
            self.bad.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.bad.append(name)
            address = (value or "").strip().lower()
            if name in {"href", "src"} and address.startswith(("javascript:", "vbscript:")):
                self.bad.append(address)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _fill(document: Json, words: str) -> Json:
    """Puts `words` into every place of a document that takes free text."""

    def visit(node: Json) -> None:
        if node.get("text"):
            node["text"] = words
        control = node.get("control")
        if control:
            control |= {"placeholder": words, "value": words, "label": words}
        if "media" in node and node["kind"] == "image":
            node["media"] |= {"alt": words}
        for child in node.get("children", ()):
            visit(child)

    visit(document["root"])
    document["meta"]["title"] = words
    for section in document["sections"]:
        section["description"] = words
    return document


def _audit(html: str) -> _Auditor:
    auditor = _Auditor()
    auditor.feed(html)
    auditor.close()
    return auditor


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("target", ["html-css", "tailwind", "bootstrap", "scss"])
def test_markup_runs_nothing(words: str, target: str) -> None:
    for page in (landing_document(), dashboard_document()):
        files = generate(from_json(_fill(page, words)), target)
        html = next(str(file.content) for file in files if file.path == "index.html")
        assert not _audit(html).bad
        for file in files:
            if file.path.endswith((".css", ".scss")):
                assert "alert" not in str(file.content)
                assert "display: none }" not in str(file.content)


def test_text_survives_as_it_was() -> None:
    words = 'Tom & "Jerry" <tom@example.com> {x} ${y} `z` \\n'
    html = str(generate(from_json(_fill(landing_document(), words)), "html-css")[0].content)
    assert words in " ".join("".join(_audit(html).text).split())


@needs("node_modules/typescript/bin/tsc")
@pytest.mark.parametrize("target", ["react", "react-css-modules", "nextjs", "css-modules"])
def test_scripts_carry_text_as_data(target: str, tmp_path: Path) -> None:
    """Parses every file and looks for calls of `alert`, which only hostile text mentions."""
    checks = tmp_path / "check.cjs"
    checks.write_text(
        """
const ts = require("typescript");
const fs = require("fs");
for (const path of JSON.parse(process.argv[2])) {
  const kind = path.endsWith(".tsx") ? ts.ScriptKind.TSX : ts.ScriptKind.JS;
  const source = ts.createSourceFile(path, fs.readFileSync(path, "utf8"), 99, true, kind);
  for (const problem of source.parseDiagnostics) {
    console.log(path, ts.flattenDiagnosticMessageText(problem.messageText, " "));
  }
  const visit = (node) => {
    if (ts.isIdentifier(node) && /^(alert|constructor)$/.test(node.text)) console.log(path, "runs");
    ts.forEachChild(node, visit);
  };
  visit(source);
}
"""
    )
    paths = []
    for number, words in enumerate(HOSTILE):
        for name, page in (("l", landing_document()), ("d", dashboard_document())):
            folder = tmp_path / f"{name}{number}"
            files = generate(from_json(_fill(page, words)), target)
            write(folder, files)
            paths += [
                str(folder / file.path)
                for file in files
                if file.path.endswith((".tsx", ".js")) and "config" not in file.path
            ]
    write(tmp_path, [])
    result = run(tmp_path, str(checks), json.dumps(paths))
    assert result.returncode == 0, result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("colors", "red; } body { display: none"),
        ("colors", "url(https://example.com/x)"),
        ("spacing", "1rem/**/"),
        ("spacing", "expression(alert(1))"),
        ("typography", '"</style>"'),
        ("typography", "a\\3b b"),
    ],
)
def test_tokens_cannot_break_out(path: str, value: str) -> None:
    document = landing_document()
    document["cssVariables"][path]["--bad"] = value
    with pytest.raises(InvalidSchemaError):
        generate(from_json(document), "html-css")


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", " JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
        "vbscript:x", "\x01javascript:alert(1)",
    ],
)  # fmt: skip
def test_addresses_cannot_run(address: str) -> None:
    document = landing_document()
    document["root"]["children"][0]["children"][1]["children"][0]["href"] = address
    with pytest.raises(InvalidSchemaError):
        generate(from_json(document), "html-css")


@pytest.mark.parametrize("target", list(TARGETS))
def test_random_schemas_never_break_the_generators(target: str) -> None:
    """Mutates valid documents at random: code comes out, or a typed refusal, never a crash."""
    source = random.Random(f"seed-{target}")  # noqa: S311 - reproducible, not secret
    made = 0
    for _ in range(120):
        document = source.choice([landing_document, dashboard_document])()
        for _ in range(source.randint(1, 6)):
            _mutate(document, source)
        try:
            files = generate(from_json(document), target)
        except (SchemaFormatError, InvalidSchemaError):
            continue
        made += 1
        for file in files:
            if file.path.endswith(".html"):
                assert not _audit(str(file.content)).bad
            assert not re.search(r"[\x00-\x08\x0b-\x1f]", str(file.content)), file.path
    assert made > 10


def _mutate(document: Json, source: random.Random) -> None:
    """Changes one value somewhere to another of its type, or removes or repeats it."""
    places: list[tuple[Json | list[object], str | int]] = []

    def collect(value: object) -> None:
        items = (
            value.items()
            if isinstance(value, dict)
            else enumerate(value)
            if isinstance(value, list)
            else ()
        )
        for key, inner in items:
            places.append((value, key))  # type: ignore[arg-type]
            collect(inner)

    collect(document["root"])
    holder, key = source.choice(places)
    value = holder[key]  # type: ignore[index]
    if isinstance(value, str):
        if key in {"text", "placeholder", "value", "label", "alt", "iconName"}:
            holder[key] = source.choice([*HOSTILE, "", "a" * 2000])  # type: ignore[index]
    elif isinstance(value, int | float):
        holder[key] = source.choice([0, 1, 3, 7.5, 40, 100_000, 0.0001])  # type: ignore[index]
    elif isinstance(holder, list) and isinstance(key, int) and source.random() < 0.5:
        del holder[key]
    elif isinstance(holder, dict) and source.random() < 0.5:
        del holder[str(key)]
