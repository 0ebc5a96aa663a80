"""The machine's Chromium, and how it is set up so that pages look the same everywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import playwright.async_api as pw

# What makes Chromium paint the same everywhere, and keeps it off the network.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    # Whatever might slip past interception finds no name and a dead proxy.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    "--renderer-process-limit=2",
)
_ENVIRONMENT_NAME = "STRUCTRA_CHROMIUM"
_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge",
)
# Where macOS keeps applications that put nothing on the PATH.
_APPLICATIONS = (
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def find_chromium(environ: Mapping[str, str] | None = None) -> Path | None:
    """Returns Chromium's path, or None when there is none.

    `STRUCTRA_CHROMIUM` decides when it is set: to a path, to a name on the
    PATH, or to "none" to use no browser. Else the usual names are looked for.
    """
    values = os.environ if environ is None else environ
    path = values.get("PATH")
    chosen = values.get(_ENVIRONMENT_NAME, "")
    if chosen:
        found = None if chosen == "none" else shutil.which(chosen, path=path)
        return Path(found) if found else None
    for name in _NAMES:
        found = shutil.which(name, path=path)
        if found:
            return Path(found)
    return next((item for item in _APPLICATIONS if item.exists()), None)


def may_sandbox() -> bool:
    """Whether Chromium can set its sandbox up: not as root, nor where it is switched off.

    STRUCTRA_CHROMIUM_SANDBOX=off does that, in containers: they refuse the user namespaces
    that it needs, and take its place.
    """
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return not is_root and os.environ.get("STRUCTRA_CHROMIUM_SANDBOX") != "off"


async def new_context(
    chromium: pw.Browser, viewport: pw.ViewportSize | None = None
) -> pw.BrowserContext:
    """Returns a context of its own storage; `viewport` is 1280 x 720 unless given."""
    return await chromium.new_context(
        viewport=viewport,
        service_workers="block",
        accept_downloads=False,
        reduced_motion="reduce",
        color_scheme="light",
        locale="en-US",
        device_scale_factor=1,
    )


async def take_picture(page: pw.Page, width: int, height: int) -> bytes:
    """Returns the upper `width` x `height` CSS pixels of a page as a PNG."""
    return await page.screenshot(
        full_page=True,
        animations="disabled",
        clip={"x": 0, "y": 0, "width": width, "height": height},
    )
