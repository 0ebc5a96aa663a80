"""Drives one headless Chromium that renders untrusted generated pages.

A page is served from memory by request interception: it can reach neither the
network nor the file system, and runs no scripts of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import mimetypes
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resource_files
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote, urlsplit

from workers.render.axe import check_accessibility
from workers.render.blocks import find_blocks
from workers.render.chromium import (
    ARGUMENTS,
    find_chromium,
    may_sandbox,
    new_context,
    take_picture,
)
from workers.render.errors import BrowserUnavailableError, RenderError
from workers.render.extraction import to_page, to_stats
from workers.render.result import Rendering, Snapshot

if TYPE_CHECKING:
    import playwright.async_api as pw

# A name that RFC 2606 reserves, so that it can never be someone's host.
_ORIGIN = "http://page.invalid"
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; script-src 'none'; form-action 'none'; base-uri 'none'"
)
# Resolves once the page has been laid out and painted at the viewport's width.
_SETTLED = """
(width) => new Promise((done) => {
  const next = () => innerWidth === width
    ? requestAnimationFrame(() => requestAnimationFrame(() => done()))
    : requestAnimationFrame(next);
  next();
})
"""


@dataclass(frozen=True, slots=True)
class BrowserLimits:
    """Bounds on what a page may cost.

    `timeout` is seconds for one `render` call; `max_height` is the tallest
    screenshot in CSS pixels, the rest is cut off; `concurrency` is the number
    of pages at once; after `pages_per_process` pages Chromium is started anew,
    which bounds its memory.
    """

    timeout: float = 20.0
    max_height: int = 16384
    concurrency: int = 2
    pages_per_process: int = 200


class Browser:
    """One Chromium, started when first needed and shared by all pages.

    Use as an async context manager: leaving it ends Chromium and its children.
    """

    def __init__(
        self,
        executable: Path | None = None,
        limits: BrowserLimits | None = None,
        axe_source: str | None = None,
    ) -> None:
        """Takes Chromium's path (default: as `find_chromium` says), and axe-core's script.

        Without `axe_source` accessibility is not checked.
        """
        self._executable = executable or find_chromium()
        self._limits = limits or BrowserLimits()
        self._axe_source = axe_source
        self._slots = asyncio.Semaphore(self._limits.concurrency)
        self._starting = asyncio.Lock()
        self._driver: pw.Playwright | None = None
        self._chromium: pw.Browser | None = None
        self._active = 0
        self._served = 0
        self._extract = resource_files("workers.render").joinpath("extract.js").read_text("utf-8")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends Chromium and its driver. May be called more than once."""
        async with self._starting:
            await self._stop()

    async def render(
        self,
        files: Mapping[str, bytes],
        viewports: Sequence[tuple[int, int]],
        *,
        entry: str = "index.html",
        screenshots: bool = True,
        accessibility: bool = True,
        blocks: bool = False,
    ) -> Rendering:
        """Renders `files[entry]` at each viewport (width, height) and measures it.

        `files` maps relative paths to contents. Accessibility is checked at
        the first viewport, if axe-core was given; so are Design2Code's text
        blocks looked for, if `blocks` are asked for.

        Raises:
            BrowserUnavailableError: there is no Chromium, or it does not start.
            RenderError: the page could not be rendered in time.
        """
        if entry not in files:
            raise RenderError("NO_ENTRY", f"There is no file {entry!r} to render.")
        async with self._slots:
            try:
                async with asyncio.timeout(self._limits.timeout):
                    return await self._render(
                        files,
                        viewports,
                        entry,
                        screenshots,
                        accessibility=accessibility,
                        blocks=blocks,
                    )
            except TimeoutError:
                raise RenderError(
                    "TIMEOUT", f"The page did not render within {self._limits.timeout:g} s."
                ) from None

    async def _render(
        self,
        files: Mapping[str, bytes],
        viewports: Sequence[tuple[int, int]],
        entry: str,
        screenshots: bool,
        *,
        accessibility: bool,
        blocks: bool,
    ) -> Rendering:
        from playwright.async_api import Error as PlaywrightError  # noqa: PLC0415 - an extra

        chromium = await self._started()
        blocked: list[str] = []
        violations, found = None, None
        snapshots: dict[int, Snapshot] = {}
        try:
            async with self._page(chromium, files, blocked) as page:
                for index, (width, height) in enumerate(viewports):
                    # Loaded anew, as a resize may still be under way when it is measured.
                    await page.set_viewport_size({"width": width, "height": height})
                    await page.goto(f"{_ORIGIN}/{entry}", wait_until="load")
                    await page.evaluate(_SETTLED, width)
                    snapshots[width] = await self._snapshot(page, width, height, screenshots)
                    if index == 0 and accessibility and self._axe_source:
                        violations = await check_accessibility(page, self._axe_source)
                    if index == 0 and blocks:
                        # Last, as it recolours the page.
                        found = await find_blocks(page)
        except PlaywrightError as error:
            raise RenderError("CRASHED", f"Chromium could not render the page: {error}") from error
        return Rendering(snapshots, violations, found, tuple(dict.fromkeys(blocked)))

    async def _snapshot(
        self, page: pw.Page, width: int, height: int, screenshots: bool
    ) -> Snapshot:
        measured: dict[str, Any] = await page.evaluate(self._extract)
        png = b""
        if screenshots:
            shown = min(measured["height"], self._limits.max_height)
            png = await take_picture(page, width, shown)
        return Snapshot(
            viewport_width=width,
            viewport_height=height,
            page=to_page(measured),
            overflow=max(0.0, float(measured["scrollWidth"]) - width),
            stats=to_stats(measured["stats"]),
            png=png,
        )

    @contextlib.asynccontextmanager
    async def _page(
        self, chromium: pw.Browser, files: Mapping[str, bytes], blocked: list[str]
    ) -> AsyncIterator[pw.Page]:
        async def answer(route: pw.Route) -> None:
            url = urlsplit(route.request.url)
            path = unquote(url.path).lstrip("/")
            content = files.get(path) if f"{url.scheme}://{url.netloc}" == _ORIGIN else None
            if content is None:
                blocked.append(route.request.url)
                await route.abort("blockedbyclient")
                return
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            if kind.startswith("text/"):
                kind += "; charset=utf-8"
            await route.fulfill(
                status=200,
                headers={"content-type": kind, "content-security-policy": _POLICY},
                body=content,
            )

        self._active += 1
        context = await new_context(chromium)
        try:
            await context.route("**/*", answer)
            yield await context.new_page()
        finally:
            self._active -= 1
            self._served += 1
            await asyncio.shield(context.close())

    async def _started(self) -> pw.Browser:
        async with self._starting:
            worn = self._served >= self._limits.pages_per_process and self._active == 0
            if self._chromium is not None and (worn or not self._chromium.is_connected()):
                await self._stop()
            if self._chromium is None:
                await self._start()
                self._served = 0
            assert self._chromium is not None  # noqa: S101 - _start sets it or raises
            return self._chromium

    async def _start(self) -> None:
        if self._executable is None:
            raise BrowserUnavailableError(
                "NOT_FOUND",
                "No Chromium was found. Install chromium, or set STRUCTRA_CHROMIUM to its path.",
            )
        try:
            from playwright.async_api import (  # noqa: PLC0415 - an extra
                Error,
                async_playwright,
            )
        except ImportError as error:
            raise BrowserUnavailableError(
                "NOT_INSTALLED", "Rendering needs the extra: pip install 'structra[verify]'."
            ) from error
        self._driver = await async_playwright().start()
        try:
            self._chromium = await self._driver.chromium.launch(
                executable_path=self._executable,
                args=list(ARGUMENTS),
                chromium_sandbox=may_sandbox(),
                timeout=self._limits.timeout * 1000,
                env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            )
        except Error as error:
            await self._stop()
            raise BrowserUnavailableError(
                "START_FAILED", f"Chromium at {self._executable} did not start: {error}"
            ) from error

    async def _stop(self) -> None:
        chromium, self._chromium = self._chromium, None
        driver, self._driver = self._driver, None
        if chromium is not None:
            await chromium.close()
        if driver is not None:
            await driver.stop()


# Secrets of the worker's environment are none of the browser's business.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "FONTCONFIG_PATH", "FONTCONFIG_FILE")
