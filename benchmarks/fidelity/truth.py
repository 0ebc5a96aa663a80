"""Reads a folder of pages with ground truth (the corpus's layout)."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.fidelity.truth_order import document_order
from engine.fidelity.color import ciede2000, parse_hex
from engine.fidelity.measured import Control, Page, Picture, Surface, Text
from engine.geometry import Box

_BUTTON_KINDS = {"button", "link-button"}
# The share of the way from background to declared colour that thin ink reaches
# when it is not translucent.
_SOLID_INK = 0.7
# Small pictures that the truth lists among the images, such as inline SVGs.
_ICON_SIZE = 64
# Truth surfaces that coincide with a band are the same painted box.
_SAME_BOX = 0.9


@dataclass(frozen=True, slots=True)
class CorpusPage:
    """One page: where its screenshot is, its ground truth, and what kind it is."""

    id: str
    kind: str
    screenshot: Path
    truth: dict[str, Any]
    page: Page

    @property
    def original_elements(self) -> int:
        """The number of elements of the original document."""
        return int(self.truth["counts"]["elements"])


def corpus_folder() -> Path | None:
    """Returns the corpus: `STRUCTRA_CORPUS`, else `../shared/corpus` beside the repository."""
    chosen = os.environ.get("STRUCTRA_CORPUS")
    folder = Path(chosen) if chosen else Path(__file__).parents[3] / "shared" / "corpus"
    return folder if (folder / "index.json").exists() else None


def load_pages(folder: Path, only: Sequence[str] = ()) -> list[CorpusPage]:
    """Returns the folder's pages in the order of its index; all, or those in `only`.

    Raises:
        ValueError: an id in `only` is not in the index.
    """
    index = json.loads((folder / "index.json").read_text("utf-8"))["pages"]
    known = {entry["id"] for entry in index}
    unknown = sorted(set(only) - known)
    if unknown:
        raise ValueError(f"No such pages in {folder}: {', '.join(unknown)}")
    return [_load(folder, entry) for entry in index if not only or entry["id"] in only]


def load_viewport(folder: Path, width: int) -> dict[str, CorpusPage]:
    """Returns the pages that were captured at another viewport as well, as seen there, by id."""
    index = json.loads((folder / "index.json").read_text("utf-8"))["pages"]
    return {
        entry["id"]: _load(folder, {**entry, **entry["viewports"][str(width)]})
        for entry in index
        if str(width) in entry.get("viewports", ())
    }


def _load(folder: Path, entry: dict[str, Any]) -> CorpusPage:
    truth = json.loads((folder / entry["truth"]).read_text("utf-8"))
    return CorpusPage(
        id=entry["id"],
        kind=entry["kind"],
        screenshot=folder / entry["screenshot"],
        truth=truth,
        page=truth_page(truth),
    )


def truth_page(truth: dict[str, Any]) -> Page:
    """Returns the original page as a measured page, its texts in document order."""
    return Page(
        width=truth["width"],
        height=truth["height"],
        background=truth["page_background_px"] or truth["page_background"],
        texts=tuple(_text(truth["texts"][index]) for index in document_order(truth)),
        surfaces=tuple(_surfaces(truth)),
        pictures=tuple(_pictures(truth)),
        controls=tuple(_control(item) for item in truth["controls"]),
        gradients=tuple(box_of(item) for item in truth["images"] if item["kind"] == "gradient"),
    )


def box_of(item: dict[str, Any]) -> Box:
    """Returns the box of a truth entry."""
    return Box(item["x"], item["y"], item["w"], item["h"])


def _text(item: dict[str, Any]) -> Text:
    box = box_of(item)
    return Text(
        text=" ".join(item["text"].split()),
        box=box,
        lines=tuple(box_of(line) for line in item.get("lines", ())) or (box,),
        color=ink_color(item),
        font_size=item["font_size"],
        heading=item["heading"] or 0,
        placeholder="source" in item,
    )


def ink_color(item: dict[str, Any]) -> str:
    """Returns the declared colour, or the painted one where the ink is translucent.

    Antialiasing keeps thin ink from reaching its declared colour; opacity keeps
    it much farther away.
    """
    declared, painted, under = item["color"], item["color_px"], item["background_px"]
    if not painted or not under or item["color_alpha"] < 1:
        return str(painted or declared)
    full = ciede2000(parse_hex(declared), parse_hex(under))
    reached = ciede2000(parse_hex(painted), parse_hex(under))
    if full and reached / full < _SOLID_INK:
        return str(painted)
    return str(declared)


def _surfaces(truth: dict[str, Any]) -> list[Surface]:
    """Returns cards, bars and bands that are painted unlike the page."""
    found = [
        Surface(
            box=box_of(item),
            fill=item["background"],
            border=item["border"]["color"] if item["border"] else None,
            shadow=bool(item["shadow"]),
        )
        for item in truth["surfaces"]
    ]
    page = truth["page_background"]
    for band in truth["bands"]:
        if not band["background"] or band["background_image"] or band["background"] == page:
            continue
        box = box_of(band)
        if all(box.iou(known.box) < _SAME_BOX for known in found):
            found.append(Surface(box=box, fill=band["background"]))
    return found


def _pictures(truth: dict[str, Any]) -> list[Picture]:
    painted = [box_of(item) for item in truth["controls"] if _is_painted(item)]
    lines = [box_of(line) for text in truth["texts"] for line in text.get("lines", ())]
    pictures = [
        Picture(
            box=box_of(item),
            icon=item["kind"] == "svg" and max(item["w"], item["h"]) <= _ICON_SIZE,
            background="background" in item["kind"],
            decoration=item.get("host_only", False) or _adorns(item, painted, lines),
        )
        for item in truth["images"]
        if "gradient" not in item["kind"]
    ]
    return pictures + [
        Picture(box=box_of(item), icon=True, decoration=item.get("host_only", False))
        for item in truth["icons"]
    ]


def _is_painted(control: dict[str, Any]) -> bool:
    return bool(control["filled"] or control["bordered"]) or _control(control).kind == "input"


def _adorns(image: dict[str, Any], controls: Sequence[Box], lines: Sequence[Box]) -> bool:
    """Returns whether a background is the own sign of a control or a box with a text.

    The arrow of a list, a tick, a lens, the arrows of a column that can be sorted.
    """
    box = box_of(image)
    return (
        "background" in image["kind"]
        and box.h <= _ICON_SIZE
        and (
            any(box.iou(control) >= _SAME_BOX for control in controls)
            or any(box.contains(line) for line in lines)
        )
    )


def _control(item: dict[str, Any]) -> Control:
    kind = item["kind"]
    if kind in _BUTTON_KINDS:
        kind = "button"
    elif kind != "link":
        kind = "input"
    return Control(box_of(item), kind, " ".join((item["label"] or "").split()))
