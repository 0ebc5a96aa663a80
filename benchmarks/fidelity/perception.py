"""Measures perception alone against the corpus: what was read, where, how big, what colour.

    python -m benchmarks.fidelity.perception [--pages ID ...] [--cache DIR] [--folder DIR]

With --cache the OCR's output is kept in DIR and reused, so that everything after
it can be worked on quickly; times then leave out the OCR. Times are CPU seconds of the process.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidocr import RapidOCR

from benchmarks.fidelity.truth import CorpusPage, corpus_folder, load_pages
from engine.fidelity.boxes import F1, match
from engine.fidelity.color import ciede2000, parse_hex
from engine.fidelity.measured import Page, Picture, Surface
from engine.fidelity.paint import pictures_f1, surfaces_f1
from engine.fidelity.words import edit_distance, score_words, words_of
from engine.imaging import decode
from engine.vision.perception.ocr import OcrEngine, OcrLine
from engine.vision.perception.perceive import assemble
from engine.vision.percepts import Box, Percepts, PictureKind, TextLine

_ICON_SIDE = 64
_INK = 12


@dataclass(frozen=True, slots=True)
class PageResult:
    """The measures of one page; shares are 0 to 1, sizes pixels, colours CIEDE2000."""

    id: str
    words: float
    precision: float
    wer: float
    line_iou: float
    size_error: float
    size_within_1: float
    weight: float
    color: float
    background: float
    surfaces: float
    pictures: float
    pictures_painted: float
    rest_seconds: float
    ocr_seconds: float
    bare_seconds: float


def main() -> int:
    """Prints a line for each page and the means; writes build/perception.json."""
    arguments = _arguments()
    folder = Path(arguments.folder) if arguments.folder else corpus_folder()
    if folder is None:
        print("No corpus: set STRUCTRA_CORPUS or pass --folder.", file=sys.stderr)
        return 2
    ocr = OcrEngine()
    bare = RapidOCR(params={"Global.log_level": "error"}) if arguments.bare else None
    results, f1s = [], []
    for page in load_pages(folder, arguments.pages or ()):
        result, scores = _measure(page, ocr, bare, arguments.cache)
        results.append(result)
        f1s.append(scores)
        _show(result)
    means = _means(results)
    print("-" * 40)
    _show(means)
    pooled = {name: sum((scores[name] for scores in f1s), F1(0, 0, 0)).value for name in f1s[0]}
    print("pooled F1:", {name: round(value, 3) for name, value in pooled.items()})
    target = Path("build/perception.json")
    target.parent.mkdir(exist_ok=True)
    target.write_text(
        json.dumps(
            {
                "mean": asdict(means),
                "pooled": pooled,
                "pages": [asdict(result) for result in results],
            },
            indent=1,
        ),
        "utf-8",
    )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", nargs="*", help="page ids; all by default")
    parser.add_argument("--folder", help="a folder laid out as the corpus")
    parser.add_argument("--cache", type=Path, help="where OCR output is kept")
    parser.add_argument("--bare", action="store_true", help="also time RapidOCR as it comes")
    return parser.parse_args()


def _measure(
    page: CorpusPage, ocr: OcrEngine, bare: RapidOCR | None, cache: Path | None
) -> tuple[PageResult, dict[str, F1]]:
    pixels = decode(page.screenshot.read_bytes())
    started = time.process_time()
    lines = _read(ocr, pixels, cache, page.id)
    read = time.process_time()
    percepts = assemble(pixels, lines)
    done = time.process_time()
    bare_seconds = 0.0
    if bare:
        bare(pixels)
        bare_seconds = time.process_time() - done
    made, original = _page_of(percepts), page.page
    painted = _painted_pictures(pixels, original)
    scores = {
        "surfaces": surfaces_f1(made, original),
        "pictures": pictures_f1(made, original)[0],
        "pictures_painted": pictures_f1(_with_pictures(made, made.pictures), painted)[0],
    }
    words = score_words(
        [line.text for line in percepts.lines], [text.text for text in original.texts]
    )
    pairs = _line_pairs(page.truth, percepts.lines)
    sizes = [abs(line.font_size - text["font_size"]) for line, text, _ in pairs]
    result = PageResult(
        id=page.id,
        words=words.recovered,
        precision=words.precision,
        wer=_word_errors(page.truth, percepts.lines),
        line_iou=_mean([line.box.iou(box) for line, _, box in pairs]),
        size_error=median(sizes) if sizes else 0.0,
        size_within_1=_mean([float(size <= 1) for size in sizes]),
        weight=_mean(
            [float(_bold(line.weight) == _bold(t["font_weight"])) for line, t, _ in pairs]
        ),
        color=_mean([_delta(line.color, text["color_px"]) for line, text, _ in pairs]),
        background=_mean([_delta(line.background, t["background_px"]) for line, t, _ in pairs]),
        surfaces=scores["surfaces"].value,
        pictures=scores["pictures"].value,
        pictures_painted=scores["pictures_painted"].value,
        rest_seconds=done - read,
        ocr_seconds=read - started,
        bare_seconds=bare_seconds,
    )
    return result, scores


def _read(
    ocr: OcrEngine, pixels: NDArray[np.uint8], cache: Path | None, name: str
) -> list[OcrLine]:
    if cache is None:
        return ocr.read(pixels)
    kept = cache / f"{name}.pkl"
    if kept.exists():
        found: list[OcrLine] = pickle.loads(kept.read_bytes())  # noqa: S301 - our own file
        return found
    cache.mkdir(parents=True, exist_ok=True)
    found = ocr.read(pixels)
    kept.write_bytes(pickle.dumps(found))
    return found


def _page_of(percepts: Percepts) -> Page:
    return Page(
        width=percepts.width,
        height=percepts.height,
        background=percepts.background,
        surfaces=tuple(
            Surface(
                surface.box, surface.fill, surface.border_color, shadow=surface.shadow is not None
            )
            for surface in percepts.surfaces
        ),
        pictures=tuple(
            Picture(
                picture.box,
                icon=max(picture.box.w, picture.box.h) <= _ICON_SIDE,
                background=picture.background,
            )
            for picture in percepts.pictures
            if picture.kind is not PictureKind.SHAPE and not picture.shape
        ),
        texts=(),
        controls=(),
    )


def _with_pictures(page: Page, pictures: Sequence[Picture]) -> Page:
    return Page(
        page.width, page.height, page.background, texts=(), surfaces=(),
        pictures=tuple(pictures), controls=(),
    )  # fmt: skip


def _painted_pictures(pixels: NDArray[np.uint8], page: Page) -> Page:
    """The original's pictures, each cut down to what it paints; unpainted ones left out."""
    kept = []
    for picture in page.pictures:
        large = max(picture.box.w, picture.box.h) > _ICON_SIDE
        box = picture.box if large else _painted(pixels, picture.box)
        if box:
            kept.append(Picture(box, picture.icon, picture.background))
    return _with_pictures(page, kept)


def _painted(pixels: NDArray[np.uint8], box: Box) -> Box | None:
    left, top = max(int(box.x), 0), max(int(box.y), 0)
    window = pixels[top : int(np.ceil(box.bottom)), left : int(np.ceil(box.right))]
    if window.size == 0 or min(window.shape[:2]) < 2:
        return None
    frame = np.concatenate([window[0], window[-1], window[:, 0], window[:, -1]])
    values, counts = np.unique(frame, axis=0, return_counts=True)
    ground = values[counts.argmax()].astype(int)
    marked = np.abs(window.astype(int) - ground).max(axis=2) > _INK
    if counts.max() < 0.5 * len(frame):
        return Box(left, top, window.shape[1], window.shape[0])
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return None
    return Box(
        left + int(columns[0]),
        top + int(rows[0]),
        int(columns[-1] - columns[0]) + 1,
        int(rows[-1] - rows[0]) + 1,
    )


def _line_pairs(
    truth: dict[str, Any], lines: Sequence[TextLine]
) -> list[tuple[TextLine, dict[str, Any], Box]]:
    """Pairs lines read with lines of the truth whose boxes overlap most."""
    wanted = [
        (text, Box(line["x"], line["y"], line["w"], line["h"]))
        for text in truth["texts"]
        for line in text.get("lines") or (text,)
        if text.get("color_px") and text.get("background_px")
    ]
    found = match(lines, wanted, lambda a, b: iou if (iou := a.box.iou(b[1])) >= 0.4 else 0.0)
    return [(lines[i], wanted[j][0], wanted[j][1]) for i, j in found.pairs]


def _word_errors(truth: dict[str, Any], lines: Sequence[TextLine]) -> float:
    """Word error rate within each text of the truth, over all words of the page."""
    edits = total = 0
    for text in truth["texts"]:
        box = Box(text["x"], text["y"], text["w"], text["h"])
        inside = [
            line
            for line in lines
            if box.contains(Box(line.box.center_x, line.box.center_y, 0, 0), 1)
        ]
        # A text may share its line with others, so foreign words are not counted.
        want = words_of(text["text"])
        got = [word for line in inside for word in words_of(line.text)]
        edits += min(edit_distance(got, want), len(want))
        total += len(want)
    return edits / total if total else 0.0


def _bold(weight: int) -> bool:
    return weight >= 600


def _delta(first: str, second: str) -> float:
    return ciede2000(parse_hex(first), parse_hex(second))


def _mean(values: Sequence[float]) -> float:
    return fmean(values) if values else 0.0


def _means(results: Sequence[PageResult]) -> PageResult:
    rows = [asdict(result) for result in results]
    return PageResult(
        id="MEAN", **{key: fmean(row[key] for row in rows) for key in rows[0] if key != "id"}
    )


def _show(result: PageResult) -> None:
    print(
        f"{result.id:20s} words {result.words:.3f}/{result.precision:.3f} wer {result.wer:.3f} "
        f"iou {result.line_iou:.2f} size {result.size_error:.2f}/{result.size_within_1:.2f} "
        f"bold {result.weight:.2f} dE {result.color:.1f}/{result.background:.1f} "
        f"surf {result.surfaces:.2f} pict {result.pictures:.2f}/{result.pictures_painted:.2f} "
        f"s {result.rest_seconds:.2f}+{result.ocr_seconds:.2f} bare {result.bare_seconds:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
