"""Node tools that the bench uses when they are installed: axe-core, html-validate, Tailwind."""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

_TOOLS = Path(__file__).parents[2] / "tests" / "tools" / "node_modules"
_SECONDS = 60.0


def tools_folder() -> Path:
    """Returns the `node_modules` of the tools, by `STRUCTRA_TOOLS` or as the tests have it."""
    chosen = os.environ.get("STRUCTRA_TOOLS")
    return Path(chosen) if chosen else _TOOLS


def axe_source() -> str | None:
    """Returns axe-core's script, None when it is not installed."""
    path = tools_folder() / "axe-core" / "axe.min.js"
    return path.read_text("utf-8") if path.exists() else None


async def html_errors(files: Mapping[str, bytes]) -> list[str] | None:
    """Returns what html-validate's standard rules say, None when it is not installed."""
    tool = tools_folder() / ".bin" / "html-validate"
    if not tool.exists():
        return None
    with tempfile.TemporaryDirectory(prefix="structra-html-") as name:
        folder = Path(name)
        config = {"root": True, "extends": ["html-validate:standard"]}
        (folder / ".htmlvalidate.json").write_text(json.dumps(config), "utf-8")
        write_files(folder, {path: data for path, data in files.items() if path.endswith(".html")})
        output = await _run(str(tool), "--formatter=json", "--ext=html", ".", folder=folder)
    reports = json.loads(output or "[]")
    return [
        f"{message['ruleId']}: {message['message']}"
        for report in reports
        for message in report["messages"]
        if message["severity"] == 2
    ]


async def compile_tailwind(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Returns the files with their Tailwind style sheet built.

    Files without a Tailwind source are returned as they are.

    Raises:
        FileNotFoundError: Tailwind's command line is not installed.
    """
    sources = [name for name, data in files.items() if _is_tailwind_source(name, data)]
    if not sources:
        return dict(files)
    tool = tools_folder() / ".bin" / "tailwindcss"
    if not tool.exists():
        raise FileNotFoundError(f"Tailwind's command line is not at {tool}; run make tools.")
    built = dict(files)
    with tempfile.TemporaryDirectory(prefix="structra-tailwind-", dir=_writable()) as name:
        folder = Path(name)
        write_files(folder, files)
        for source in sources:
            output = folder / "built.css"
            await _run(str(tool), "-i", source, "-o", str(output), folder=folder)
            built[source] = output.read_bytes()
    return built


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _is_tailwind_source(name: str, data: bytes) -> bool:
    return name.endswith(".css") and (b"@import" in data or b"@tailwind" in data)


def _writable() -> Path:
    """Returns a folder from which Tailwind's own package resolves."""
    folder = tools_folder().parent / "node_modules" / ".cache"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _run(*command: str, folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    # html-validate ends with 1 when it has something to say.
    if process.returncode not in {0, 1}:
        raise RuntimeError(f"{command[0]} failed: {err.decode(errors='replace')[:500]}")
    return out.decode()
