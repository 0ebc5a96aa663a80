"""Measures the code for phones: made from a desktop picture alone, and from both pictures.

    python -m benchmarks.fidelity.phones --pages DIR [--only ID,ID] [--cache DIR] [--keep DIR]

DIR is a folder captured with `--viewports 1280,375`. Every page is analysed twice, its code
rendered at the phone's width, and compared with the original's own phone rendering.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.fidelity.analysed import decode_png
from benchmarks.fidelity.compare import score_look
from benchmarks.fidelity.ink import with_ink
from benchmarks.fidelity.measures import PageScore
from benchmarks.fidelity.pipeline import percepts_of
from benchmarks.fidelity.tools import write_files
from benchmarks.fidelity.truth import CorpusPage, load_pages, load_viewport, truth_page
from engine.codegen import CodegenOptions, generate
from engine.imaging import decode
from engine.vision import schema_from_percepts
from engine.vision.percepts import Percepts
from workers.render import Browser, find_chromium

_TARGET = "html-css"
_PHONE = (375, 812)
# A page that is cut on the desktop is cut for phones where what was seen ends, with this margin.
_CUT_MARGIN = 24
_SHOWN = ("block", "text", "position", "color", "surfaces", "pictures", "ssim", "words", "height")


@dataclass(frozen=True, slots=True)
class PhoneScore:
    """What a page's code for phones measures; `made_from` is "desktop" or "both"."""

    id: str
    made_from: str
    look: dict[str, float]


def main() -> int:
    """Prints the measures by page and their means; returns 2 when it cannot run."""
    args = _arguments()
    pages = load_pages(args.pages, [name for name in args.only.split(",") if name])
    narrow = load_viewport(args.pages, _PHONE[0])
    chosen = [page for page in pages if page.id in narrow]
    if not chosen:
        print("No page has another viewport: capture with --viewports 1280,375.", file=sys.stderr)
        return 2
    if find_chromium() is None:
        print("No Chromium: install chromium or set STRUCTRA_CHROMIUM.", file=sys.stderr)
        return 2
    scores = asyncio.run(_measure(chosen, narrow, args.cache, args.keep))
    _show(scores)
    if args.out:
        rows = [{"id": s.id, "made_from": s.made_from, **s.look} for s in scores]
        args.out.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=Path, required=True, help="folder with both viewports")
    parser.add_argument("--only", default="", help="page ids, separated by commas")
    parser.add_argument("--cache", type=Path, help="where OCR output is kept")
    parser.add_argument("--keep", type=Path, help="write code and renderings below this folder")
    parser.add_argument("--out", type=Path, help="write the numbers to this file")
    return parser.parse_args()


async def _measure(
    pages: list[CorpusPage],
    narrow: dict[str, CorpusPage],
    cache: Path | None,
    keep: Path | None,
) -> list[PhoneScore]:
    scores = []
    async with Browser() as browser:
        for page in pages:
            phone, png = _cut(narrow[page.id], page)
            seen = [percepts_of(page.screenshot.read_bytes(), cache), percepts_of(png, cache)]
            for made_from, given in (("desktop", seen[:1]), ("both", seen)):
                folder = keep / page.id / made_from if keep else None
                look = await _look(browser, phone, png, given, folder)
                scores.append(PhoneScore(page.id, made_from, look))
    return scores


def _cut(phone: CorpusPage, desktop: CorpusPage) -> tuple[CorpusPage, bytes]:
    """Returns the phone's page and picture as far as the desktop's picture reaches."""
    data = phone.screenshot.read_bytes()
    if desktop.truth["document_height"] <= desktop.truth["height"]:
        return phone, data
    known = {text["text"].casefold() for text in desktop.truth["texts"]}
    shared = [text for text in phone.truth["texts"] if text["text"].casefold() in known]
    end = max((text["y"] + text["h"] for text in shared), default=phone.truth["height"])
    height = min(int(end) + _CUT_MARGIN, int(phone.truth["height"]))
    truth = {**phone.truth, "height": height, "document_height": height}
    for name in ("texts", "images", "icons", "controls", "surfaces", "bands", "landmarks"):
        kept = [item for item in phone.truth[name] if item["y"] < height]
        truth[name] = [{**item, "h": min(item["h"], height - item["y"])} for item in kept]
    pixels = np.ascontiguousarray(decode(data)[:height])
    png = cv2.imencode(".png", pixels)[1].tobytes()
    return replace(phone, truth=truth, page=truth_page(truth)), png


async def _look(
    browser: Browser, phone: CorpusPage, png: bytes, seen: list[Percepts], keep: Path | None
) -> dict[str, float]:
    """Returns how the code made from `seen` looks on the phone."""
    schema = schema_from_percepts(seen)
    files = {
        file.path: file.content.encode() if isinstance(file.content, str) else file.content
        for file in generate(schema, _TARGET, CodegenOptions())
    }
    rendering = await browser.render(files, [_PHONE], accessibility=False, blocks=True)
    snapshot = rendering.snapshots[_PHONE[0]]
    if keep:
        rules = "\n".join(rule.description for rule in schema.responsive_rules)
        extra = {"rendered.png": snapshot.png, "original.png": png, "rules.txt": rules.encode()}
        write_files(keep, files | extra)
    original = decode_png(png)
    page = replace(phone, page=with_ink(phone.page, original))
    score = PageScore(phone.id, phone.kind)
    score_look(score, _TARGET, page, rendering, decode_png(snapshot.png), original)
    wanted, made = phone.truth["document_height"], snapshot.page.height
    return {**score.look[_TARGET], "height": min(wanted, made) / max(wanted, made)}


def _show(scores: list[PhoneScore]) -> None:
    console = Console(width=None if sys.stdout.isatty() else 150)
    table = Table(title="Phone renderings, made from")
    for name in ("page", "from", *_SHOWN):
        table.add_column(name)
    for score in scores:
        table.add_row(score.id, score.made_from, *_cells(score.look))
    for made_from in ("desktop", "both"):
        looks = [score.look for score in scores if score.made_from == made_from]
        known = {
            name: fmean(look[name] for look in looks if name in look)
            for name in _SHOWN
            if any(name in look for look in looks)
        }
        table.add_row("MEAN", made_from, *_cells(known))
    console.print(table)


def _cells(look: dict[str, float]) -> list[str]:
    return [f"{look[name]:.3f}" if name in look else "-" for name in _SHOWN]


if __name__ == "__main__":
    sys.exit(main())
