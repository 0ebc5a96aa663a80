"""Finds a page's text blocks as Design2Code's program does."""

from __future__ import annotations

from importlib.resources import files as resource_files
from typing import TYPE_CHECKING, Any

from engine.fidelity.measured import Text
from engine.geometry import Box
from workers.render.result import TextBlocks

if TYPE_CHECKING:
    import playwright.async_api as pw


async def find_blocks(page: pw.Page) -> TextBlocks:
    """Returns the blocks of the loaded page. Recolours its texts, so nothing may follow."""
    script = resource_files("workers.render").joinpath("blocks.js").read_text("utf-8")
    measured: dict[str, Any] = await page.evaluate(script)
    return TextBlocks(texts=tuple(_text(item) for item in measured["texts"]), lost=measured["lost"])


def _text(item: dict[str, Any]) -> Text:
    box = Box(item["x"], item["y"], item["w"], item["h"])
    return Text(item["text"], box, (box,), item["color"])
