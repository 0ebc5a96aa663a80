"""Measures fidelity over a folder of pages: `python -m benchmarks.fidelity --help`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.fidelity.gallery import write_gallery
from benchmarks.fidelity.measures import PageScore
from benchmarks.fidelity.report import show, show_pages, summary, write_json
from benchmarks.fidelity.runner import RunOptions, run_pages
from benchmarks.fidelity.truth import corpus_folder, load_pages
from workers.render import find_chromium

_BUILD = Path(__file__).parents[2] / "build"
_WIDTH = 150
_EXAMPLES = """examples:
  make bench-fidelity                                  all pages of the corpus
  make bench-fidelity PAGES=../other/pages             another folder of the same layout
  python -m benchmarks.fidelity --only shop-home,nes --cache --keep build/pages
  python -m benchmarks.fidelity --percepts oracle      layout and code alone, perception perfect
  python -m benchmarks.fidelity --percepts lines       the crude baseline, to judge the measures
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.fidelity",
        description="Analyses screenshots offline, generates code, renders it, and compares.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--pages",
        type=Path,
        default=Path(os.environ["PAGES"]) if os.environ.get("PAGES") else None,
        help="folder with index.json, screens and truth (default: PAGES, else the corpus)",
    )
    parser.add_argument("--only", default="", help="page ids, separated by commas")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="pages at once")
    parser.add_argument("--targets", default="html-css,tailwind", help="targets, by commas")
    parser.add_argument("--percepts", choices=("seen", "oracle", "lines"), default="seen")
    parser.add_argument(
        "--cache", action="store_true", help="reuse what OCR read, while it is unchanged"
    )
    parser.add_argument("--no-ocr-time", action="store_true", help="do not time bare OCR")
    parser.add_argument("--no-gallery", action="store_true", help="do not write the gallery")
    parser.add_argument("--keep", type=Path, help="write the generated code below this folder")
    parser.add_argument("--out", type=Path, default=_BUILD, help="folder for the reports")
    return parser.parse_args()


def main() -> int:
    """Runs the bench; returns 2 when it cannot run, 1 when a page failed."""
    args = _arguments()
    # Wide enough for the tables where there is no terminal to ask.
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    folder = args.pages or corpus_folder()
    if folder is None:
        console.print("No pages: set PAGES=folder with index.json, screens/ and truth/.")
        return 2
    if find_chromium() is None:
        console.print("No Chromium: install chromium or set STRUCTRA_CHROMIUM to its path.")
        return 2
    pages = load_pages(folder, [name for name in args.only.split(",") if name])
    lines = args.percepts == "lines"
    options = RunOptions(
        targets=("lines",) if lines else tuple(args.targets.split(",")),
        jobs=max(1, args.jobs),
        percepts=args.percepts,
        cache=_BUILD / "cache" / "fidelity" if args.cache else None,
        time_ocr=not args.no_ocr_time and not args.cache,
        gallery=not args.no_gallery,
        keep=args.keep,
    )
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("pages", total=len(pages))

        def done(score: PageScore) -> None:
            progress.update(task, advance=1, description=score.id)

        result = asyncio.run(run_pages(pages, options, done))
    measured = [score for score in result.scores if not score.error]
    target = options.targets[0]
    show_pages(console, measured, target)
    show(console, result.scores, options.targets)
    data = summary(result.scores, options.targets)
    suffix = "" if args.percepts == "seen" else f"-{args.percepts}"
    write_json(args.out / f"fidelity{suffix}.json", data)
    console.print(f"Numbers: {args.out / f'fidelity{suffix}.json'}")
    if options.gallery:
        path = args.out / f"fidelity{suffix}.html"
        write_gallery(path, result.gallery, data["means"], target)
        console.print(f"Gallery: {path}")
    return 1 if len(measured) < len(result.scores) else 0


if __name__ == "__main__":
    sys.exit(main())
