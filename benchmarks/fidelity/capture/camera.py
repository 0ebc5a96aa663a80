"""Renders a finished page in Chromium, measures it, and takes its picture."""

from __future__ import annotations

import contextlib
import mimetypes
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from benchmarks.fidelity.capture.measure import EXTENT, SETTLE, STILL, TEXTLESS, measure_script
from benchmarks.fidelity.capture.pixels import (
    check_icons,
    check_images,
    check_texts,
    page_colors,
)
from benchmarks.fidelity.capture.sources import Mirror, PageSource
from engine.imaging import decode
from workers.render.chromium import ARGUMENTS, may_sandbox, new_context, take_picture

if TYPE_CHECKING:
    import playwright.async_api as pw

Json = dict[str, Any]

# Pages are cut here, in CSS pixels, as the corpus's are.
MAX_HEIGHT = 2400
# The same contents take more room on narrow screens, so other viewports are cut later.
_MAX_HEIGHT_NARROW = 7200
_LOAD_MILLISECONDS = 30_000
# Scripts that draw charts or move things into place after loading get this long.
_REST_MILLISECONDS = 1_500
_SCREENS = {375: 812, 768: 1024}
_DESKTOP_HEIGHT = 900


@dataclass(frozen=True, slots=True)
class Capture:
    """A page at one width: its picture, its truth, and the addresses that had no answer."""

    png: bytes
    truth: Json
    missing: tuple[str, ...]


class Camera:
    """One Chromium that captures pages. Use as an async context manager."""

    def __init__(self, executable: Path, mirror: Mirror) -> None:
        self._executable = executable
        self._mirror = mirror
        self._stack = contextlib.AsyncExitStack()
        self._chromium: pw.Browser | None = None

    async def __aenter__(self) -> Self:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - an extra

        driver = await self._stack.enter_async_context(async_playwright())
        self._chromium = await driver.chromium.launch(
            executable_path=self._executable,
            args=list(ARGUMENTS),
            chromium_sandbox=may_sandbox(),
        )
        self._stack.push_async_callback(self._chromium.close)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()

    async def take(self, source: PageSource, width: int, *, whole: bool = False) -> Capture:
        """Captures a page at a viewport of `width` CSS pixels, `whole` pages beyond the usual cut.

        Raises:
            playwright.async_api.Error: the page did not load, or Chromium broke down.
        """
        missing: list[str] = []
        async with self._page(source, width, missing) as page:
            await page.goto(source.url, wait_until="load", timeout=_LOAD_MILLISECONDS)
            await page.add_style_tag(content=STILL)
            await page.evaluate(SETTLE)
            await page.wait_for_timeout(_REST_MILLISECONDS)
            extent: Json = await page.evaluate(EXTENT)
            height = min(int(extent["height"]), _MAX_HEIGHT_NARROW if whole else MAX_HEIGHT)
            measured: Json = await page.evaluate(
                measure_script(), {"width": width, "height": height}
            )
            png = await take_picture(page, width, height)
            await page.add_style_tag(content=TEXTLESS)
            bare = decode(await take_picture(page, width, height))
        truth = _truth(source, measured, decode(png), bare)
        truth["width"], truth["height"] = width, height
        truth["document_height"] = extent["height"]
        truth["horizontal_overflow"] = extent["width"] if extent["width"] > width else None
        return Capture(png, truth, tuple(dict.fromkeys(missing)))

    @contextlib.asynccontextmanager
    async def _page(
        self, source: PageSource, width: int, missing: list[str]
    ) -> AsyncIterator[pw.Page]:
        async def answer(route: pw.Route) -> None:
            file = self._mirror.find(route.request.url, source.root)
            if file is None:
                missing.append(route.request.url)
                await route.abort("blockedbyclient")
                return
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            await route.fulfill(
                status=200,
                headers={"content-type": kind, "access-control-allow-origin": "*"},
                body=file.read_bytes(),
            )

        assert self._chromium is not None, "Use Camera as a context manager."
        height = _SCREENS.get(width, _DESKTOP_HEIGHT)
        context = await new_context(self._chromium, {"width": width, "height": height})
        try:
            await context.route("**/*", answer)
            yield await context.new_page()
        finally:
            await context.close()


def _truth(source: PageSource, measured: Json, shown: Any, bare: Any) -> Json:
    check_texts(measured, shown, bare)
    check_icons(measured, shown, bare)
    check_images(measured, shown)
    elements = measured.pop("elements")
    truth = {"id": source.id, "kind": source.kind, **measured, **page_colors(shown)}
    truth["counts"] = {**_counts(truth), "elements": elements}
    return truth


def _counts(truth: Json) -> Json:
    return {
        "texts": len(truth["texts"]),
        "words": sum(len(text["text"].split()) for text in truth["texts"]),
        "images": len(truth["images"]),
        "image_kinds": _kinds(truth["images"]),
        "icons": len(truth["icons"]),
        "controls": len(truth["controls"]),
        "control_kinds": _kinds(truth["controls"]),
        **{name: len(truth[name]) for name in ("landmarks", "bands", "containers", "surfaces")},
    }


def _kinds(items: list[Json]) -> dict[str, int]:
    kinds = [item["kind"] for item in items]
    return {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)}
