import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workers.render import find_chromium

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.chromium,
    pytest.mark.slow,
    pytest.mark.skipif(find_chromium() is None, reason="no Chromium on this machine"),
    pytest.mark.xdist_group("chromium"),
]


def bench(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.fidelity", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_folder_of_pages_is_measured_from_screenshot_to_report(corpus, tmp_path):
    out = tmp_path / "out"

    run = bench(
        "--pages", str(corpus), "--targets", "html-css", "--jobs", "1", "--out", str(out),
        "--keep", str(tmp_path / "kept"),
    )  # fmt: skip

    assert run.returncode == 0, run.stdout + run.stderr
    data = json.loads((out / "fidelity.json").read_text())
    (page,) = data["pages"]
    look, code = page["look"]["html-css"], page["code"]["html-css"]
    assert look["text"] == 1
    assert look["position"] > 0.9
    assert code["absolute"] == 0
    assert page["cost"]["seconds"] > 0
    assert page["cost"]["ocr_seconds"] > 0
    assert "Plans" in (tmp_path / "kept" / "page" / "html-css" / "index.html").read_text()
    assert "data:image/webp" in (out / "fidelity.html").read_text()


def test_without_pages_or_browser_it_says_what_to_do(corpus, tmp_path):
    no_browser = bench("--pages", str(corpus), STRUCTRA_CHROMIUM="none")
    no_pages = bench(STRUCTRA_CORPUS=str(tmp_path))

    assert no_browser.returncode == 2
    assert "STRUCTRA_CHROMIUM" in no_browser.stdout
    assert no_pages.returncode == 2
    assert "PAGES=folder" in no_pages.stdout
