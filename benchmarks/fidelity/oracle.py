"""Perfect perception: turns a page's ground truth into percepts.

It separates layout's faults from perception's, and lets layout be measured
without images or OCR. Run `python -m benchmarks.fidelity.oracle TRUTH.json` to
see what it yields.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from structra.v1 import canonical_schema_pb2

from engine.vision import schema_from_percepts
from engine.vision.layout.metrics import DEFAULT_FACES, text_width
from engine.vision.percepts import (
    Box,
    Family,
    FormMark,
    Mark,
    Percepts,
    Picture,
    PictureKind,
    Surface,
    TextLine,
    TextSpan,
)

Json = dict[str, Any]

_MARKS = {"checkbox": Mark.CHECKBOX, "radio": Mark.RADIO, "switch": Mark.SWITCH}
_FIELDS = {"text-input", "textarea", "select", "file"}
_MONO = ("mono", "menlo", "monaco", "consolas", "courier")
_SERIF = ("lora", "georgia", "times", "cherry swash", "sonsie one")
_FULL_WIDTH_SLACK = 3.0
_ICON_SIDE = 48.0
_ROUND_RADIUS = 0.45


def percepts_from_truth(truth: Json) -> Percepts:
    """Returns what a faultless perception would report for the page that `truth` describes."""
    width, height = float(truth["width"]), float(truth["height"])
    lines = [line for text in truth["texts"] for line in _lines(text, height)]
    surfaces = sorted(_surfaces(truth, width, height), key=lambda surface: -surface.box.area)
    background = truth.get("edge_background_px") or truth["page_background"]
    return Percepts(
        width=int(width),
        height=int(height),
        background=background,
        lines=tuple(sorted(lines, key=lambda line: (line.box.y, line.box.x))),
        surfaces=tuple(surfaces),
        pictures=tuple(_pictures(truth, lines, height)),
        marks=tuple(_marks(truth)),
        rules=(),
    )


def schema_of(truth: Json, pixels: NDArray[np.uint8]) -> canonical_schema_pb2.CanonicalSchema:
    """Returns the schema that layout makes of a page that was seen without fault.

    `pixels` (BGR) give pictures their mean colours.
    """
    percepts = percepts_from_truth(truth)
    pictures = tuple(
        replace(picture, color=_mean_color(pixels, picture.box)) for picture in percepts.pictures
    )
    return schema_from_percepts([replace(percepts, pictures=pictures)])


def _mean_color(pixels: NDArray[np.uint8], box: Box) -> str:
    part = pixels[int(box.y) : int(box.bottom) + 1, max(int(box.x), 0) : int(box.right) + 1]
    if part.size == 0:
        return "#888888"
    blue, green, red = (round(float(value)) for value in part.reshape(-1, 3).mean(axis=0))
    return f"#{red:02x}{green:02x}{blue:02x}"


def load(path: Path) -> Percepts:
    """Reads a truth file and returns its percepts."""
    return percepts_from_truth(json.loads(path.read_text(encoding="utf-8")))


def _box(entry: Json, height: float | None = None) -> Box:
    y, bottom = float(entry["y"]), float(entry["y"] + entry["h"])
    if height is not None:
        bottom = min(bottom, height)
    return Box(float(entry["x"]), y, float(entry["w"]), max(bottom - y, 0.0))


def _family(name: str) -> Family:
    lowered = name.lower()
    if any(part in lowered for part in _MONO):
        return Family.MONO
    return Family.SERIF if any(part in lowered for part in _SERIF) else Family.SANS


def _lines(text: Json, height: float) -> list[TextLine]:
    family = _family(text["font_family"])
    size, weight = float(text["font_size"]), int(text["font_weight"])
    boxes = [_box(line) for line in text.get("lines") or [text]]
    boxes = [box for box in boxes if box.w > 0 and box.y + box.h / 2 < height]
    words = text["text"].split()
    space = text_width(" ", DEFAULT_FACES[family], size, weight)
    reference = text_width(" ".join(words), DEFAULT_FACES[family], size, weight)
    reference -= space * (len(boxes) - 1)
    scale = sum(box.w for box in boxes) / reference if reference > 0 else 1.0
    out = []
    for number, box in enumerate(boxes):
        rest = len(boxes) - number - 1
        taken = _take(words, box.w, rest, family, size, weight, scale)
        words = words[len(taken) :]
        if not taken:
            continue
        out.append(
            TextLine(
                text=" ".join(taken),
                box=box,
                baseline=box.center_y + 0.346 * size,
                font_size=size,
                weight=weight,
                family=family,
                color=text.get("color_px") or text["color"],
                background=text.get("background_px") or text["background"] or "#ffffff",
                confidence=1.0,
                italic=text.get("font_style") == "italic",
                underline="underline" in (text.get("decoration") or ""),
            )
        )
    return _with_spans(out, text)


def _take(
    words: list[str],
    width: float,
    rest: int,
    family: Family,
    size: float,
    weight: int,
    scale: float,
) -> list[str]:
    """Returns the words of the next line: as many as best fill its measured width."""
    if rest <= 0:
        return words
    face = DEFAULT_FACES[family]
    best, best_error = 1, float("inf")
    for count in range(1, max(len(words) - rest, 1) + 1):
        error = abs(text_width(" ".join(words[:count]), face, size, weight) * scale - width)
        if error < best_error:
            best, best_error = count, error
    return words[:best]


def _with_spans(lines: list[TextLine], text: Json) -> list[TextLine]:
    runs = text.get("runs") or []
    if len({_look(run, text) for run in runs}) < 2:
        return lines
    tagged = [(word, run) for run in runs for word in run["text"].split()]
    out = []
    for line in lines:
        words = line.text.split()
        mine, tagged = tagged[: len(words)], tagged[len(words) :]
        out.append(_spanned(line, text, mine))
    return out


def _look(run: Json, text: Json) -> tuple[str, int, bool, bool]:
    family = run.get("font_family") or text["font_family"]
    return (
        run.get("color") or text["color"],
        int(run.get("font_weight") or text["font_weight"]),
        run.get("font_style") == "italic",
        _family(family) is Family.MONO,
    )


def _spanned(line: TextLine, text: Json, tagged: list[tuple[str, Json]]) -> TextLine:
    groups: list[tuple[Json, list[str]]] = []
    for word, run in tagged:
        if groups and _look(groups[-1][0], text) == _look(run, text):
            groups[-1][1].append(word)
        else:
            groups.append((run, [word]))
    if len(groups) < 2:
        return line
    letters = sum(len(word) + 1 for word, _ in tagged)
    x, spans = line.box.x, []
    for run, words in groups:
        color, weight, italic, mono = _look(run, text)
        width = line.box.w * sum(len(word) + 1 for word in words) / letters
        box = Box(x, line.box.y, width, line.box.h)
        x += width
        underline = "underline" in (run.get("decoration") or "")
        spans.append(TextSpan(" ".join(words), box, color, weight, italic, underline, mono))
    return TextLine(**{**_as_dict(line), "spans": tuple(spans)})


def _as_dict(line: TextLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in TextLine.__slots__}


def _surfaces(truth: Json, width: float, height: float) -> list[Surface]:
    out: list[Surface] = []
    for entry in truth["surfaces"]:
        _add(out, _surface(entry, width, height))
    for entry in truth["bands"] + truth["landmarks"]:
        if entry.get("background") and entry["background"] != truth["page_background"]:
            _add(out, _surface(entry, width, height))
    for entry in truth["controls"]:
        if entry["kind"] in _MARKS:
            continue
        if entry["filled"] or entry["bordered"] or entry["kind"] in _FIELDS:
            border = {"width": 1, "color": "#cccccc"} if entry["bordered"] else None
            _add(out, _surface({**entry, "border": border}, width, height))
    for entry in truth["images"]:
        if entry["kind"] == "gradient" and entry["w"] * entry["h"] > 0:
            _add(out, _surface({**entry, "background": entry.get("color")}, width, height))
    return out


def _add(surfaces: list[Surface], surface: Surface | None) -> None:
    if surface and not any(surface.box.iou(other.box) > 0.97 for other in surfaces):
        surfaces.append(surface)


def _surface(entry: Json, width: float, height: float) -> Surface | None:
    box = _box(entry, height)
    if box.w < 1 or box.h < 1:
        return None
    border = entry.get("border") or {}
    sides = bool(border)
    radius = str(entry.get("radius") or "0").split()[0].removesuffix("px")
    pixels = 0.0 if radius.endswith("%") else float(radius or 0)
    if radius.endswith("%"):
        pixels = min(box.w, box.h) * float(radius[:-1]) / 100
    return Surface(
        box=box,
        fill=entry.get("background"),
        border_color=border.get("color"),
        border_width=float(border.get("width") or 0),
        border_sides=(sides, sides, sides, sides),
        radius=min(pixels, box.w / 2, box.h / 2),
        full_width=box.x <= _FULL_WIDTH_SLACK and box.right >= width - _FULL_WIDTH_SLACK,
    )


def _pictures(truth: Json, lines: list[TextLine], height: float) -> list[Picture]:
    out = []
    for entry in truth["images"]:
        box = _box(entry, height)
        if entry["kind"] in {"gradient", "page-gradient", "page-background"} or box.area <= 0:
            continue
        covered = any(box.contains(line.box, 2) for line in lines)
        out.append(
            Picture(
                box=box,
                kind=_picture_kind(entry, box),
                color="#888888",
                background=covered and box.area > 100,
                circular=_round(entry, box),
            )
        )
    out.extend(
        Picture(box=_box(entry), kind=PictureKind.ICON, color=entry.get("color") or "#888888")
        for entry in truth["icons"]
        if entry["w"] * entry["h"] > 0 and entry["y"] < height
    )
    return out


def _picture_kind(entry: Json, box: Box) -> PictureKind:
    if entry["kind"] == "canvas":
        return PictureKind.CHART
    if max(box.w, box.h) <= _ICON_SIDE and entry["kind"] != "img":
        return PictureKind.ICON
    if _round(entry, box):
        return PictureKind.AVATAR
    return PictureKind.ILLUSTRATION if entry["kind"] == "svg" else PictureKind.PHOTO


def _round(entry: Json, box: Box) -> bool:
    radius = str(entry.get("radius") or "0").split()[0]
    if radius.endswith("%"):
        return float(radius[:-1]) / 100 >= _ROUND_RADIUS
    return float(radius.removesuffix("px") or 0) >= _ROUND_RADIUS * min(box.w, box.h) > 0


def _marks(truth: Json) -> list[FormMark]:
    return [
        FormMark(
            box=_box(entry),
            mark=_MARKS[entry["kind"]],
            color=entry.get("color") or "#000000",
            checked=bool(entry.get("checked")),
        )
        for entry in truth["controls"]
        if entry["kind"] in _MARKS and entry["w"] * entry["h"] > 0
    ]


def main() -> None:
    """Prints the percepts of the truth file named on the command line."""
    percepts = load(Path(sys.argv[1]))
    for name in ("lines", "surfaces", "pictures", "marks"):
        entries = getattr(percepts, name)
        print(f"{name}: {len(entries)}")
        for entry in entries:
            print("  ", entry)


if __name__ == "__main__":
    main()
