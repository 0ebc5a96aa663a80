"""Runs pages through analysis, generation, rendering and scoring."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fidelity.gallery import GalleryPage, thumbnail
from benchmarks.fidelity.measures import PageScore
from benchmarks.fidelity.tools import axe_source, compile_tailwind, html_errors
from benchmarks.fidelity.truth import CorpusPage
from workers.render import Browser, BrowserLimits, Rendering

# The viewports besides the original's at which pages must not scroll sideways.
_NARROW = ((375, 812), (768, 1024))
_ORIGINAL_HEIGHT = 900


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What to run. `percepts` is "seen" (real perception), "oracle" or "lines"."""

    targets: tuple[str, ...] = ("html-css", "tailwind")
    jobs: int = 2
    percepts: str = "seen"
    cache: Path | None = None
    time_ocr: bool = True
    gallery: bool = True
    keep: Path | None = None


@dataclass
class RunResult:
    """Scores in the order of the pages, and the gallery's pages."""

    scores: list[PageScore] = field(default_factory=list)
    gallery: list[GalleryPage] = field(default_factory=list)


async def run_pages(
    pages: Sequence[CorpusPage], options: RunOptions, done: Callable[[PageScore], None]
) -> RunResult:
    """Runs all pages, `options.jobs` at a time. `done` is called after each."""
    context = multiprocessing.get_context("spawn")
    limit = asyncio.Semaphore(options.jobs)
    limits = BrowserLimits(timeout=60, concurrency=options.jobs)
    with ProcessPoolExecutor(options.jobs, mp_context=context) as pool:
        async with Browser(limits=limits, axe_source=axe_source()) as browser:
            runner = _Runner(options, pool, browser)

            async def one(page: CorpusPage) -> GalleryPage:
                async with limit:
                    shown = await runner.run(page)
                done(shown.score)
                return shown

            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one(page)) for page in pages]
    gallery = [task.result() for task in tasks]
    return RunResult([item.score for item in gallery], gallery)


class _Runner:
    def __init__(self, options: RunOptions, pool: ProcessPoolExecutor, browser: Browser) -> None:
        self._options = options
        self._pool = pool
        self._browser = browser

    async def run(self, page: CorpusPage) -> GalleryPage:
        score = PageScore(page.id, page.kind)
        shown = GalleryPage(score)
        try:
            await self._run(page, shown)
        except Exception as error:  # noqa: BLE001 - one page's failure is reported, not fatal
            score.error = f"{type(error).__name__}: {error}"
        return shown

    async def _run(self, page: CorpusPage, shown: GalleryPage) -> None:
        # Imported late: the pool's processes load the engine, this one need not.
        from benchmarks.fidelity import steps  # noqa: PLC0415

        loop = asyncio.get_running_loop()
        options = self._options
        first = await loop.run_in_executor(
            self._pool,
            steps.prepare,
            page,
            options.targets,
            options.percepts,
            options.cache,
            options.time_ocr,
        )
        renderings: dict[str, Rendering] = {}
        invalid: dict[str, list[str] | None] = {}
        for target, files in first.files.items():
            if options.keep:
                steps.keep(options.keep / page.id / target, files)
            built = await compile_tailwind(files)
            width = int(page.page.width)
            renderings[target] = await self._browser.render(
                built, [(width, _ORIGINAL_HEIGHT), *_NARROW], blocks=True
            )
            invalid[target] = await html_errors(files)
        score, pictures = await loop.run_in_executor(
            self._pool, steps.score, page, first, renderings, invalid
        )
        shown.score = score
        if options.gallery:
            shown.pictures = {title: thumbnail(pixels) for title, pixels in pictures.items()}
