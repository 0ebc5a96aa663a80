"""What can go wrong when rendering."""

from __future__ import annotations


class BrowserUnavailableError(Exception):
    """No Chromium was found, or it could not be started.

    Attributes:
        reason: "NOT_FOUND", "NOT_INSTALLED" (the `verify` extra) or "START_FAILED".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class RenderError(Exception):
    """A page could not be rendered.

    Attributes:
        reason: "TIMEOUT", "NO_ENTRY" (the entry file is not among the files),
            "TOO_LARGE" (the page is taller than allowed) or "CRASHED".
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
