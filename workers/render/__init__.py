"""Renders generated code in headless Chromium and measures what it shows.

Needs the `verify` extra and a Chromium on the machine.
"""

from workers.render.browser import Browser, BrowserLimits
from workers.render.chromium import find_chromium
from workers.render.errors import BrowserUnavailableError, RenderError
from workers.render.result import AxeViolation, CodeStats, Rendering, Snapshot, TextBlocks

__all__ = [
    "AxeViolation",
    "Browser",
    "BrowserLimits",
    "BrowserUnavailableError",
    "CodeStats",
    "RenderError",
    "Rendering",
    "Snapshot",
    "TextBlocks",
    "find_chromium",
]
