"""Turns what extract.js returns into measured pages."""

from __future__ import annotations

from typing import Any

from engine.fidelity.color import blend
from engine.fidelity.measured import Control, Page, Picture, Surface, Text
from engine.geometry import Box
from workers.render.result import CodeStats

# Pictures up to this size count as icons, as large ones are illustrations.
_ICON_SIZE = 64
_ALL_SIDES = 4


def to_page(measured: dict[str, Any]) -> Page:
    """Returns the page that extract.js measured."""
    background: str = measured["background"]
    boxes = [item for item in measured["boxes"] if _is_box(item)]
    return Page(
        width=measured["width"],
        height=measured["height"],
        background=background,
        texts=tuple(_text(item, background) for item in measured["texts"]),
        surfaces=tuple(
            Surface(
                box=_box(item),
                fill=_fill(item, background),
                border=item["border"] if item["sides"] else None,
                shadow=item["shadow"],
                control=item["control"],
            )
            for item in boxes
        ),
        pictures=tuple(
            Picture(
                box=_box(item),
                icon=max(item["w"], item["h"]) <= _ICON_SIZE,
                background=item["content"],
            )
            for item in measured["pictures"]
        ),
        controls=tuple(
            Control(_box(item), item["kind"], item["label"]) for item in measured["controls"]
        ),
    )


def to_stats(measured: dict[str, Any]) -> CodeStats:
    """Returns the counts that extract.js made."""
    return CodeStats(
        elements=measured["elements"],
        semantic=measured["semantic"],
        depth=measured["depth"],
        absolute=measured["absolute"],
        absolute_decorative=measured["decorative"],
        inline_styles=measured["inlineStyles"],
    )


def _is_box(item: dict[str, Any]) -> bool:
    """Whether it paints a box: borders on some of its sides are lines."""
    painted = item["fill"] is not None or item["gradient"] or item["shadow"]
    return not item["inline"] and (painted or item["sides"] == _ALL_SIDES)


def _box(item: dict[str, Any]) -> Box:
    return Box(item["x"], item["y"], item["w"], item["h"])


def _fill(item: dict[str, Any], background: str) -> str | None:
    if item["fill"] is None:
        return None
    return blend(item["fill"], background, item["fillAlpha"])


def _text(item: dict[str, Any], background: str) -> Text:
    return Text(
        text=item["text"],
        box=_box(item),
        lines=tuple(_box(line) for line in item["lines"]),
        color=blend(item["color"], background, item["alpha"]),
        font_size=item["fontSize"],
        heading=item["heading"],
        placeholder=item["placeholder"],
    )
