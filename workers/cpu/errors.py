"""Errors of CPU work that runs in processes of its own."""

from __future__ import annotations


class CpuProcessDiedError(Exception):
    """Is raised when the process that did the work ended before the work did.

    It may have crashed in native code, or been killed for its memory. Another
    process has taken its place; the same work may end that one too.
    """

    def __init__(self) -> None:
        super().__init__("The process that did the work ended before the work did.")
