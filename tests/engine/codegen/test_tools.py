"""Every target is checked by its own tool."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from structra.v1 import canonical_schema_pb2

from engine.codegen import TARGETS, CodegenOptions, generate
from tests.engine.codegen.pages import dashboard, landing
from tests.engine.codegen.tools import ROOT, TAILWIND_3, needs, run, write

Page = Callable[[], canonical_schema_pb2.CanonicalSchema]
_PRETTIER = "node_modules/prettier/bin/prettier.cjs"
_TSC = "node_modules/typescript/bin/tsc"
_TAILWIND = "node_modules/@tailwindcss/cli/dist/index.mjs"
_TAILWIND_3 = "tailwind3/node_modules/tailwindcss/lib/cli.js"
_SASS = "node_modules/sass/sass.js"
_VALIDATE = "node_modules/html-validate/bin/html-validate.mjs"
_PAGES = [landing, dashboard]
_CLASS = re.compile(r'class(?:Name)?="([^"]*)"')
_TEXT_ON_LINE = re.compile(r">[^<>]*\w[^<>]*<|^\s*[^<\s]")
_COLUMNS = 80
_SELECTOR = re.compile(r"\.((?:\\2c |\\.|[\w-])+)")


def _classes(source: str) -> set[str]:
    return {unescape(name) for names in _CLASS.findall(source) for name in names.split()}


def _defined(css: str) -> set[str]:
    return {re.sub(r"\\(.)", r"\1", name.replace("\\2c ", ",")) for name in _SELECTOR.findall(css)}


@needs(_PRETTIER)
@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("target", list(TARGETS))
def test_code_is_formatted_as_prettier_does(page: Page, target: str, tmp_path: Path) -> None:
    files = generate(page(), target)
    write(tmp_path, files)
    names = [file.path for file in files if not file.path.endswith(("page.js", "ckage.json"))]
    others = [name for name in names if not name.endswith(".html")]
    if others:
        result = run(tmp_path, _PRETTIER, "--check", *others)
        assert result.returncode == 0, result.stderr
    for name in set(names) - set(others):
        own = (tmp_path / name).read_text()
        formatted = run(tmp_path, _PRETTIER, name)
        assert formatted.returncode == 0, formatted.stderr
        assert _with_unbroken_text(formatted.stdout, own) == own


def _with_unbroken_text(formatted: str, own: str) -> str:
    """Returns what Prettier wrote, with its lines of text joined where `own` has them on one."""
    rest = iter(formatted.splitlines())
    lines = []
    for line in own.splitlines():
        taken = next(rest, "")
        broken = len(line) > _COLUMNS and _TEXT_ON_LINE.search(line)
        while broken and len(_solid(taken)) < len(_solid(line)):
            taken += next(rest, _solid(line))
        lines.append(line if broken and _solid(taken) == _solid(line) else taken)
    return "\n".join([*lines, *rest, ""])


def _solid(text: str) -> str:
    return "".join(text.split())


@needs(_TSC, "node_modules/@types/react")
@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("target", ["react", "react-css-modules", "nextjs"])
def test_components_pass_the_type_checker(page: Page, target: str, tmp_path: Path) -> None:
    write(tmp_path, generate(page(), target))
    (tmp_path / "ambient.d.ts").write_text(
        'declare module "*.module.css" { const names: Record<string, string>; export default '
        'names; }\ndeclare module "*.css";\n'
        'declare module "next" { export interface Metadata { title?: string } }\n'
    )
    options = {
        "jsx": "react-jsx", "strict": True, "noEmit": True, "module": "esnext", "target": "es2022",
        "moduleResolution": "bundler", "lib": ["es2022", "dom"], "noUnusedLocals": True,
        "noUnusedParameters": True, "skipLibCheck": True, "types": ["react"],
    }  # fmt: skip
    config = {"compilerOptions": options, "include": ["**/*.tsx", "*.d.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(config))
    result = run(tmp_path, _TSC, "-p", ".")
    assert result.returncode == 0, result.stdout


@needs(_TAILWIND)
@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize(
    ("target", "style", "markup"),
    [("tailwind", "styles.css", "*.html"), ("react", "src/index.css", "src/**/*.tsx")],
)
def test_tailwind_knows_every_class(
    page: Page, target: str, style: str, markup: str, tmp_path: Path
) -> None:
    write(tmp_path, generate(page(), target))
    built = tmp_path / "built.css"
    result = run(tmp_path, _TAILWIND, "-i", style, "-o", str(built))
    assert result.returncode == 0, result.stderr
    used = {name for path in tmp_path.glob(markup) for name in _classes(path.read_text())}
    assert used
    assert used <= _defined(built.read_text())


@needs(_TAILWIND_3)
@pytest.mark.parametrize("page", _PAGES)
def test_tailwind_3_knows_every_class(page: Page, tmp_path: Path) -> None:
    write(tmp_path, generate(page(), "tailwind", CodegenOptions(tailwind_version=3)))
    (tmp_path / "node_modules").unlink()
    (tmp_path / "node_modules").symlink_to(TAILWIND_3, target_is_directory=True)
    result = run(tmp_path, _TAILWIND_3, "-i", "styles.css", "-o", "built.css")
    assert result.returncode == 0, result.stderr
    used = _classes((tmp_path / "index.html").read_text())
    assert used <= _defined((tmp_path / "built.css").read_text())


@needs(_SASS)
@pytest.mark.parametrize("page", _PAGES)
def test_scss_compiles_to_every_class(page: Page, tmp_path: Path) -> None:
    write(tmp_path, generate(page(), "scss"))
    result = run(tmp_path, _SASS, "--no-source-map", "--fatal-deprecation=import", "styles.scss")
    assert result.returncode == 0, result.stderr
    assert _classes((tmp_path / "index.html").read_text()) <= _defined(result.stdout)


@needs("node_modules/bootstrap/dist/css/bootstrap.min.css")
@pytest.mark.parametrize("page", _PAGES)
def test_bootstrap_or_the_style_sheet_knows_every_class(page: Page, tmp_path: Path) -> None:
    write(tmp_path, generate(page(), "bootstrap"))
    bootstrap = (ROOT / "node_modules/bootstrap/dist/css/bootstrap.min.css").read_text()
    own = (tmp_path / "styles.css").read_text()
    used = _classes((tmp_path / "index.html").read_text())
    assert used <= _defined(bootstrap) | _defined(own)
    assert used & {"btn", "form-control", "d-flex"}


@needs(_VALIDATE)
@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("target", ["html-css", "tailwind", "bootstrap", "scss"])
def test_markup_is_valid(page: Page, target: str, tmp_path: Path) -> None:
    write(tmp_path, generate(page(), target))
    config = {"root": True, "extends": ["html-validate:standard", "html-validate:a11y"],
              "rules": {"void-style": ["error", {"style": "selfclose"}]}}  # fmt: skip
    (tmp_path / ".htmlvalidate.json").write_text(json.dumps(config))
    result = run(tmp_path, _VALIDATE, "index.html")
    assert result.returncode == 0, result.stdout
