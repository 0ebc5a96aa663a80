"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Takes a stage, what is done of it, and its total (None while that is not known).

    Units are bytes for "dumping", "checking" and "restoring", else things.
    """

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Takes how far the work is."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Shows nothing."""
    del stage, done, total
