# ruff: noqa: ARG002 - all analyzers have one signature.
"""Analyzers for CPU processes in tests: quick, slow, or with a fault."""

from __future__ import annotations

import os
import time

from structra.v1.canonical_schema_pb2 import CanonicalSchema

from tests.workers.ai.designs import offline


class QuickAnalyzer:
    """Finds the same page in every picture, without delay."""

    def analyze(self, pages, options, progress) -> CanonicalSchema:
        for stage, share in (("ocr", 0.3), ("regions", 0.7), ("layout", 0.9)):
            progress(stage, share)
        return offline()


class SlowAnalyzer(QuickAnalyzer):
    """Takes its time."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def analyze(self, pages, options, progress) -> CanonicalSchema:
        progress("ocr", 0.1)
        time.sleep(self._seconds)
        return super().analyze(pages, options, progress)


class CrashingAnalyzer(QuickAnalyzer):
    """Ends its process over wide pictures, as broken native code would."""

    def analyze(self, pages, options, progress) -> CanonicalSchema:
        if max(page.pixels.shape[1] for page in pages) > 400:
            os.abort()
        return super().analyze(pages, options, progress)


class FailingAnalyzer(QuickAnalyzer):
    """Has a fault in its code."""

    def analyze(self, pages, options, progress) -> CanonicalSchema:
        raise ZeroDivisionError("a fault of ours")
