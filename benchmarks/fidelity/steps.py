"""The steps that run in the pool's processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from structra.v1 import canonical_schema_pb2

from benchmarks.fidelity.analysed import Analysed, decode_png
from benchmarks.fidelity.baselines import lines_page
from benchmarks.fidelity.compare import score_code, score_look, score_structure
from benchmarks.fidelity.factoring import factored_share
from benchmarks.fidelity.ink import with_ink
from benchmarks.fidelity.measures import PageScore
from benchmarks.fidelity.tools import write_files
from benchmarks.fidelity.truth import CorpusPage
from engine.assess import assess
from workers.render import Rendering

Pixels = NDArray[np.uint8]


def prepare(
    page: CorpusPage,
    targets: tuple[str, ...],
    percepts: str,
    cache: Path | None,
    time_ocr: bool,
) -> Analysed:
    """Returns the page's code by target, from real perception, an oracle's or bare OCR lines."""
    if percepts == "lines":
        pixels = decode_png(page.screenshot.read_bytes())
        return Analysed(b"", {"lines": lines_page(pixels)}, b"", None, None, None, 0.0)
    # Imported late, as the engine loads models that the baseline does not need.
    from benchmarks.fidelity.pipeline import analyse, analyse_oracle  # noqa: PLC0415

    if percepts == "oracle":
        return analyse_oracle(page, targets)
    return analyse(page, targets, cache, time_ocr=time_ocr)


def score(
    page: CorpusPage,
    analysed: Analysed,
    renderings: Mapping[str, Rendering],
    invalid: Mapping[str, list[str] | None],
) -> tuple[PageScore, dict[str, Pixels]]:
    """Returns the page's score and the pictures for the gallery by title."""
    result = PageScore(page.id, page.kind, predicted=analysed.predicted)
    original = decode_png(page.screenshot.read_bytes())
    page = replace(page, page=with_ink(page.page, original))
    pictures = {"Original": original}
    if analysed.overlay:
        pictures["Detected"] = decode_png(analysed.overlay)
    if analysed.schema:
        schema = canonical_schema_pb2.CanonicalSchema.FromString(analysed.schema)
        score_structure(result, page, schema)
        result.evidence = dict(assess(schema).evidence)
        factored = factored_share(schema)
        if factored is not None:
            result.structure["factored"] = factored
    for target, rendering in renderings.items():
        wide = rendering.snapshots[int(page.page.width)]
        pixels = decode_png(wide.png)
        score_look(result, target, page, rendering, pixels, original)
        errors = invalid[target]
        score_code(
            result,
            target,
            page,
            rendering,
            analysed.files[target],
            None if errors is None else len(errors),
        )
        result.losses[f"{target} code"] += [f"html {error}" for error in (errors or [])[:5]]
        pictures[target] = pixels
    if analysed.seconds is not None:
        result.cost["seconds"] = analysed.seconds
        if analysed.ocr_seconds:
            result.cost["ocr_seconds"] = analysed.ocr_seconds
            result.cost["beyond_ocr"] = analysed.seconds / analysed.ocr_seconds - 1
    if analysed.memory_mb:
        result.cost["memory_mb"] = analysed.memory_mb
    return result, pictures


def keep(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes generated files for a look at them."""
    write_files(folder, files)
