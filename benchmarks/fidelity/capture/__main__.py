"""Captures finished pages as a folder to measure on: `python -m benchmarks.fidelity.capture -h`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.fidelity.capture.camera import Camera, Capture
from benchmarks.fidelity.capture.sources import (
    Mirror,
    PageSource,
    SourceError,
    page_source,
    read_list,
)
from workers.render import find_chromium

_WIDTH = 1280
_EXAMPLES = """examples:
  python -m benchmarks.fidelity.capture --out ../pages site/index.html site/pricing.html
  python -m benchmarks.fidelity.capture --out ../pages --list pages.txt --mirror mirror.json
  python -m benchmarks.fidelity.capture --out ../pages --list pages.txt --viewports 1280,375
  python -m benchmarks.fidelity --pages ../pages

A list has lines of 'id kind path [root]', paths relative to the list. A page may ask for any file
below its root (else of the npm package that it lies in, else of its own folder), and for what the
mirror stands for: a JSON object of address prefix to local path, such as
  {"https://cdn.jsdelivr.net/npm/bootstrap@5.2.3/": "node_modules/bootstrap"}
Nothing goes to the network; what has no answer is listed for each page.
"""


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fidelity.capture",
        description="Renders finished HTML pages and writes screenshots with ground truth.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="*", type=Path, help="HTML files; each file's name is its id"
    )
    parser.add_argument("--list", type=Path, help="a file with lines of 'id kind path [root]'")
    parser.add_argument("--out", type=Path, required=True, help="folder to write or add to")
    parser.add_argument("--mirror", type=Path, help="JSON: what stands for addresses elsewhere")
    parser.add_argument("--only", default="", help="ids of the list, separated by commas")
    parser.add_argument(
        "--viewports", default=str(_WIDTH), help="widths by commas; the first is the page's own"
    )
    return parser.parse_args(words)


def main(words: Sequence[str] | None = None) -> int:
    """Captures the pages; returns 2 when it cannot run, 1 when a page failed."""
    args = _arguments(words)
    executable = find_chromium()
    if executable is None:
        print("No Chromium: install chromium or set STRUCTRA_CHROMIUM.", file=sys.stderr)
        return 2
    try:
        pages = [page_source(file) for file in args.files]
        pages += read_list(args.list) if args.list else []
        mirror = Mirror.read(args.mirror) if args.mirror else Mirror()
        widths = [int(width) for width in args.viewports.split(",")]
    except (SourceError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    only = {name for name in args.only.split(",") if name}
    chosen = [page for page in pages if not only or page.id in only]
    if not chosen:
        print("No pages: name HTML files, or a --list of them.", file=sys.stderr)
        return 2
    return asyncio.run(capture(chosen, args.out, executable, mirror, widths))


async def capture(
    pages: Sequence[PageSource],
    out: Path,
    executable: Path,
    mirror: Mirror,
    widths: Sequence[int] = (_WIDTH,),
) -> int:
    """Captures pages into `out`, beside those that its index has; returns 1 when one failed."""
    from playwright.async_api import Error as PlaywrightError  # noqa: PLC0415 - an extra

    failed = 0
    async with Camera(executable, mirror) as camera:
        for page in pages:
            try:
                taken = {
                    width: await camera.take(page, width, whole=number > 0)
                    for number, width in enumerate(widths)
                }
            except PlaywrightError as error:
                print(f"{page.id}: {error}", file=sys.stderr)
                failed = 1
                continue
            _write(out, page, taken)
            _report(page, next(iter(taken.values())))
    return failed


def _write(out: Path, page: PageSource, taken: dict[int, Capture]) -> None:
    """Writes a page's files, and its entry in place of the one that the index may have."""
    (out / "screens").mkdir(parents=True, exist_ok=True)
    (out / "truth").mkdir(exist_ok=True)
    places = {}
    for number, (width, shot) in enumerate(taken.items()):
        name = page.id if number == 0 else f"{page.id}@{width}"
        places[width] = {"screenshot": f"screens/{name}.png", "truth": f"truth/{name}.json"}
        (out / places[width]["screenshot"]).write_bytes(shot.png)
        text = json.dumps(shot.truth, indent=1, ensure_ascii=False)
        (out / places[width]["truth"]).write_text(text + "\n", "utf-8")
    first, *others = taken
    truth = taken[first].truth
    entry: dict[str, Any] = {
        "id": page.id,
        "kind": page.kind,
        "package": page.package,
        "path": page.path.relative_to(page.root).as_posix(),
        **places[first],
        **{name: truth[name] for name in ("width", "height", "document_height", "counts")},
    }
    if others:
        entry["viewports"] = {str(width): places[width] for width in others}
    index = out / "index.json"
    known = json.loads(index.read_text("utf-8"))["pages"] if index.exists() else []
    kept = [other for other in known if other["id"] != page.id]
    index.write_text(json.dumps({"pages": [*kept, entry]}, indent=1) + "\n", "utf-8")


def _report(page: PageSource, shot: Capture) -> None:
    counts = shot.truth["counts"]
    names = ("texts", "images", "icons", "controls", "bands", "containers", "surfaces")
    shown = " ".join(f"{name} {counts[name]}" for name in names)
    unpainted = len(shot.truth.get("unpainted_texts", ()))
    print(f"{page.id:24s} {shot.truth['height']:5d} {shown} unpainted {unpainted}")
    for url in shot.missing:
        print(f"    no answer: {url[:120]}")


if __name__ == "__main__":
    sys.exit(main())
