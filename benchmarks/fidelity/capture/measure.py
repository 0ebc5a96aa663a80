"""Puts together the script that measures a page in the browser."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# They share one scope, in this order.
_PARTS = ("common.js", "texts.js", "paint.js", "layout.js")
_RESULT = """
const title = document.title;
const lang = document.documentElement.lang || null;
const ground = color(style(document.body).backgroundColor);
const outer = color(style(document.documentElement).backgroundColor);
return {
  title,
  lang,
  page_background: hex(blend(ground, blend(outer, WHITE))),
  body_font: familyOf(style(document.body)),
  root: measureRoot(),
  texts: measureTexts(),
  images: measureImages(),
  icons: measureIcons(),
  controls: measureControls(),
  landmarks: measureLandmarks(),
  bands: measureBands(),
  containers: measureContainers(),
  surfaces: measureSurfaces(),
  elements: [...document.body.querySelectorAll("*")].filter((el) => !el.ownerSVGElement).length,
};
"""
# Readies a page for its picture: nothing moves, late pictures are fetched, all fonts are there.
SETTLE = """
async () => {
  for (const img of document.images) img.loading = "eager";
  for (const el of document.querySelectorAll("body *")) {
    const clip = getComputedStyle(el).webkitBackgroundClip;
    if (clip === "text") el.toggleAttribute("data-capture-text-ground", true);
  }
  const step = innerHeight;
  for (let y = 0; y < Math.min(document.documentElement.scrollHeight, 8000); y += step) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 60));
  }
  scrollTo(0, 0);
  await document.fonts.ready;
  const late = [...document.images].map((img) => img.decode().catch(() => null));
  await Promise.race([Promise.all(late), new Promise((done) => setTimeout(done, 5000))]);
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}
"""
STILL = """
*, *::before, *::after {
  animation: none !important;
  transition: none !important;
  caret-color: transparent !important;
  scroll-behavior: auto !important;
}
"""
# The same page without its text shows which pixels are ink, and what lies behind them.
TEXTLESS = """
*, *::before, *::after, *::placeholder {
  color: transparent !important;
  -webkit-text-fill-color: transparent !important;
  text-shadow: none !important;
  text-decoration-color: transparent !important;
}
[data-capture-text-ground] {
  background: none !important;
}
"""
EXTENT = """
() => ({
  height: Math.max(document.documentElement.scrollHeight, innerHeight),
  width: document.documentElement.scrollWidth,
})
"""


@cache
def measure_script() -> str:
    """Returns a function of the page's size, `{width, height}` in CSS pixels."""
    folder = files("benchmarks.fidelity.capture")
    parts = [folder.joinpath(name).read_text("utf-8") for name in _PARTS]
    return "(PAGE) => {\n" + "\n".join(parts) + _RESULT + "}"
