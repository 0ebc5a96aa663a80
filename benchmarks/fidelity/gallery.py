"""Writes the gallery: original, overlay and results side by side, in one file."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.fidelity.measures import CODE, LOOK, STRUCTURE, PageScore

# Keeps 45 pages with four pictures each well below 30 MB.
_WIDTH = 560
_QUALITY = 62


@dataclass
class GalleryPage:
    """One page's pictures, as data URLs by title, in the order shown."""

    score: PageScore
    pictures: dict[str, str] = field(default_factory=dict)


def thumbnail(pixels: NDArray[np.uint8]) -> str:
    """Returns a WebP data URL of a screenshot, scaled to the gallery's width."""
    height = max(1, round(pixels.shape[0] * _WIDTH / pixels.shape[1]))
    small = cv2.resize(pixels, (_WIDTH, height), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, _QUALITY])
    if not done:
        raise ValueError(f"OpenCV could not encode a picture of {small.shape}.")
    return "data:image/webp;base64," + base64.b64encode(data.tobytes()).decode()


def write_gallery(
    path: Path, pages: Sequence[GalleryPage], means: Mapping[str, float], target: str
) -> None:
    """Writes the file; pages are ordered worst first by `target`, the best after them."""
    ordered = sorted(pages, key=lambda page: page.score.overall(target))
    resources = files("benchmarks.fidelity")
    template = resources.joinpath("gallery.html").read_text("utf-8")
    body = "\n".join(_page(page, index, target) for index, page in enumerate(ordered))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        template.replace("<!-- means -->", _means(means, target)).replace("<!-- pages -->", body),
        "utf-8",
    )


def _means(means: Mapping[str, float], target: str) -> str:
    cells = []
    for goal in (*LOOK, *CODE, *STRUCTURE):
        value = means.get(f"{target}:{goal.key}", means.get(goal.key))
        if value is None or goal.goal is None:
            continue
        state = "met" if goal.met(round(value, 3)) else "missed"
        sign = "≥" if goal.at_least else "≤"
        cells.append(
            f'<li class="{state}"><b>{value:.{goal.digits}f}</b> {html.escape(goal.title.strip())}'
            f" <small>{sign} {goal.goal:g}</small></li>"
        )
    return "".join(cells)


def _page(page: GalleryPage, index: int, target: str) -> str:
    score = page.score
    numbers = "".join(
        f"<li><b>{value:.2f}</b> {html.escape(key)}</li>"
        for key, value in (*score.look.get(target, {}).items(), *score.structure.items())
    )
    figures = "".join(
        f"<figure><figcaption>{html.escape(title)}</figcaption>"
        f'<button type="button" class="zoom"><img loading="lazy" src="{url}"'
        f' alt="{html.escape(f"{title} of {score.id}")}"></button></figure>'
        for title, url in page.pictures.items()
    )
    losses = "".join(
        f"<h4>{html.escape(name)}</h4><ul>"
        + "".join(f"<li>{html.escape(line)}</li>" for line in lines)
        + "</ul>"
        for name, lines in score.losses.items()
    )
    error = f'<p class="error">{html.escape(score.error)}</p>' if score.error else ""
    return (
        f'<section id="p{index}" tabindex="-1" data-name="{html.escape(score.id)}">'
        f"<h2>{html.escape(score.id)} <small>{html.escape(score.kind)}</small>"
        f" <b>{score.overall(target):.3f}</b></h2>{error}"
        f'<ul class="numbers">{numbers}</ul><div class="strip">{figures}</div>'
        f"<details><summary>What was lost</summary>{losses}</details></section>"
    )
