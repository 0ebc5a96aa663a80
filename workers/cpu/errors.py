"""Errors of CPU work, which runs in processes of its own."""

from __future__ import annotations


class CpuProcessDiedError(Exception):
    """Is raised when the process that did the work ended before the work did.

    It may have crashed in native code, or been killed for its memory. Another
    process has taken its place; the same work may end that one too.
    """

    def __init__(self) -> None:
        super().__init__("The process that did the work ended before the work did.")


class WorkRefusedError(Exception):
    """Is raised by work whose input can never be worked on.

    Attributes:
        reason: An ErrorReason without its prefix.
        message: What is wrong, and what to send instead.
    """

    def __init__(self, reason: str, message: str) -> None:
        # Both are arguments of the base, so that the error survives being pickled.
        super().__init__(reason, message)
        self.reason = reason
        self.message = message


class WorkFailedError(Exception):
    """Is raised when work failed in an unforeseen way: the same work would fail again.

    Attributes:
        detail: The traceback from the process that did it.
    """

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary, detail)
        self.summary = summary
        self.detail = detail

    def __str__(self) -> str:
        return self.summary
