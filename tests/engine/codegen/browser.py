"""Measures generated pages in headless Chromium, without any driver."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from structra.v1 import canonical_schema_pb2

from engine.codegen import CodegenOptions
from engine.codegen.document import Document, build_document
from engine.codegen.targets import html_css

_SCRIPT = """
<script>
const boxes = {};
for (const element of document.querySelectorAll("[data-node]")) {
  const box = element.getBoundingClientRect();
  boxes[element.dataset.node] = [box.x, box.y, box.width, box.height];
}
const root = document.documentElement;
const { scrollWidth: scroll, clientWidth: width, scrollHeight: height } = root;
const result = { boxes, scroll, width, height };
document.documentElement.innerHTML = "<body><pre id='result'></pre></body>";
document.getElementById("result").textContent = JSON.stringify(result);
</script>
"""
VIEWPORT_HEIGHT = 700
_RESULT = re.compile(r'<pre id="result">(.*?)</pre>', re.DOTALL)
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--virtual-time-budget=2000",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """Boxes by node id as (x, y, width, height), and the page's own extents, in pixels."""

    boxes: dict[str, tuple[float, float, float, float]]
    scroll_width: int
    client_width: int
    height: int


def chromium() -> str | None:
    """Returns the path of a Chromium, None when there is none."""
    chosen = os.environ.get("STRUCTRA_CHROMIUM")
    return chosen or shutil.which("chromium") or shutil.which("chromium-browser")


def measure(schema: canonical_schema_pb2.CanonicalSchema, width: int) -> Measured:
    """Returns where every node lies when the html-css page is shown `width` pixels wide."""
    document = build_document(schema, CodegenOptions())
    return measure_document(document, width)


def measure_document(document: Document, width: int) -> Measured:
    for element in document.body.walk():
        if element.node:
            element.attributes["data-node"] = element.node
    files = html_css.generate(document)
    with tempfile.TemporaryDirectory(prefix="structra-chromium-") as name:
        folder = Path(name)
        for file in files:
            assert isinstance(file.content, str)
            (folder / file.path).write_text(file.content, "utf-8")
        # Chromium's window is at least 500 pixels wide; a frame can be narrower.
        page = folder / "index.html"
        html = page.read_text("utf-8").replace("</body>", _SCRIPT + "</body>")
        page.write_text(html, "utf-8")
        outer = folder / "outer.html"
        outer.write_text(
            f'<!doctype html><body style="margin:0"><iframe id="f" src="index.html" '
            f'style="border:0;width:{width}px;height:{VIEWPORT_HEIGHT}px"></iframe>'
            "<script>onload = () => { document.body.innerHTML = "
            "document.getElementById('f').contentDocument.body.innerHTML; }</script>",
            "utf-8",
        )
        command = [
            chromium() or "chromium", *_FLAGS, "--allow-file-access-from-files",
            f"--user-data-dir={folder / 'profile'}", "--window-size=1400,1000", "--dump-dom",
            outer.as_uri(),
        ]  # fmt: skip
        output = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = _RESULT.search(output.stdout)
    assert found, output.stdout[-500:]
    result = json.loads(unescape(found.group(1)))
    return Measured(
        {node: tuple(box) for node, box in result["boxes"].items()},
        result["scroll"],
        result["width"],
        result["height"],
    )
