"""The ecosystems' own tools, from tests/tools (`make tools` installs them)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from engine.codegen import GeneratedFile

ROOT = Path(__file__).parents[3] / "tests" / "tools"
MODULES = ROOT / "node_modules"
TAILWIND_3 = ROOT / "tailwind3" / "node_modules"


def needs(*paths: str) -> pytest.MarkDecorator:
    """Skips a test when a tool is not installed."""
    missing = [path for path in paths if not (ROOT / path).exists()]
    absent = shutil.which("node") is None
    reason = "needs node" if absent else f"needs `make tools` for {', '.join(missing)}"
    return pytest.mark.skipif(absent or bool(missing), reason=reason)


def write(folder: Path, files: Iterable[GeneratedFile]) -> None:
    for file in files:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        content = file.content
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    link = folder / "node_modules"
    if not link.exists():
        link.symlink_to(MODULES, target_is_directory=True)


def run(folder: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a tool's script with node in `folder`."""
    return subprocess.run(
        ["node", str(ROOT / script), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
