"""Pixels in, percepts out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.imaging import Pixels
from engine.vision.perception import overhangs
from engine.vision.perception.boxes import find_boxes
from engine.vision.perception.chart_bars import join_bars
from engine.vision.perception.charts import Seen, take_charts
from engine.vision.perception.cleaning import (
    outside_pictures,
    visible_surfaces,
    with_pictures,
    without_sections,
)
from engine.vision.perception.code_areas import code_areas, with_even_pitch
from engine.vision.perception.dividers import find_dividers, outside_dividers
from engine.vision.perception.drawn_bands import find_drawn_bands
from engine.vision.perception.faint import without_faint
from engine.vision.perception.flatmap import flat_map, hex_of
from engine.vision.perception.frames import find_frames
from engine.vision.perception.hollow_icons import without_hollow_icons
from engine.vision.perception.icons_on_photos import find_icons_on_photos
from engine.vision.perception.illustrations import join_drawings, join_with_grounds
from engine.vision.perception.lines import read_lines
from engine.vision.perception.marks import find_marks
from engine.vision.perception.ocr import OcrEngine, OcrLine
from engine.vision.perception.outlines import find_outlined
from engine.vision.perception.photo_bands import find_photo_bands
from engine.vision.perception.photo_grounds import SURE, clear_photos, outside_photos
from engine.vision.perception.photos import (
    take_blurred_photos,
    take_dim_photos,
    take_soft_photos,
    take_strewn_photos,
)
from engine.vision.perception.pictures import find_pictures
from engine.vision.perception.placeholders import take_placeholders
from engine.vision.perception.remnants import without_cut_text, without_remnants
from engine.vision.perception.rules import find_rules
from engine.vision.perception.shadows import find_shadowed
from engine.vision.perception.solid_icons import without_solid_icons
from engine.vision.perception.surfaces import find_surfaces, from_outside_in, page_background
from engine.vision.perception.tiles_on_photos import find_tiles
from engine.vision.perception.uncovered import uncovered
from engine.vision.percepts import Percepts


def perceive(
    pixels: Pixels,
    ocr: OcrEngine,
    progress: Callable[[str, float], None] | None = None,
) -> Percepts:
    """Sees everything on a page; the same pixels always give the same percepts.

    Args:
        pixels: Height x width x 3, BGR, 8 bits.
        ocr: The loaded models.
        progress: Called with a stage name and the share of perception done, 0 to 1.
    """
    report = progress or _silent
    report("ocr", 0.0)
    lines = ocr.read(pixels, lambda share: report("ocr", 0.75 * share))
    report("regions", 0.75)
    percepts = assemble(pixels, lines)
    report("regions", 1.0)
    return percepts


def assemble(pixels: Pixels, found: Sequence[OcrLine]) -> Percepts:
    """Everything after the OCR."""
    height, width = pixels.shape[:2]
    regions = flat_map(pixels)
    page = page_background(regions)
    candidates = find_surfaces(pixels, regions, find_boxes(pixels, regions), page)
    candidates += find_outlined(pixels, regions, candidates)
    candidates += find_shadowed(pixels, regions, candidates)
    dividers = find_dividers(pixels, regions, page)
    candidates = from_outside_in(
        [*candidates, *find_frames(pixels, regions, candidates), *dividers.bands]
    )
    read = read_lines(pixels, found, [item.surface.box for item in candidates])
    read = with_even_pitch(read, candidates)
    surfaces, read, flat = take_placeholders(candidates, read)
    sure = [item.ink for item in read if item.line.confidence >= SURE]
    grounds = find_photo_bands(pixels, sure)
    surfaces, read = clear_photos(pixels, grounds, surfaces, read)
    ink = [item.ink for item in read]
    surfaces = without_solid_icons(pixels, visible_surfaces(surfaces, ink), ink)
    surfaces = without_hollow_icons(pixels, surfaces, ink)
    surfaces, photos = take_blurred_photos(pixels, regions, surfaces, ink)
    boxes = [item.surface.box for item in surfaces]
    rules = find_rules(regions, boxes, ink)
    solid = [*flat, *photos]
    pictures = [
        *solid,
        *find_pictures(
            pixels,
            regions,
            surfaces,
            [*ink, *(item.box for item in solid)],
            rules,
            page,
            [item.box for item in grounds],
        ),
    ]
    pictures = without_remnants(pictures, [item.line for item in read], code_areas(read, surfaces))
    pictures = without_cut_text(pictures, height)
    rules = [rule for rule in rules if not any(item.box.contains(rule.box, 3) for item in pictures)]
    pictures, rules = join_bars(pictures, rules)
    seen = take_charts(Seen(pictures, surfaces, rules, read))
    pictures, surfaces, rules, read = seen.pictures, seen.surfaces, seen.rules, seen.read
    ink = [item.ink for item in read]
    surfaces, pictures = take_dim_photos(pixels, surfaces, pictures, ink)
    surfaces, pictures, read = take_strewn_photos(surfaces, pictures, read)
    ink = [item.ink for item in read]
    surfaces, pictures = take_soft_photos(pixels, regions, surfaces, pictures, ink)
    pictures, surfaces = join_drawings(pictures, surfaces, ink, width)
    marks, pictures, surfaces = find_marks(pixels, pictures, surfaces, ink)
    pictures = without_faint(pixels, pictures)
    pictures, surfaces = join_with_grounds(pictures, surfaces, ink)
    drawn = find_drawn_bands(pixels, page, pictures, surfaces, ink)
    grounds += drawn
    behind = [*grounds, *(item for item in pictures if item.background)]
    tiles, icons = find_tiles(pixels, regions, behind, ink)
    icons += find_icons_on_photos(pixels, behind, [*surfaces, *tiles], read)
    pictures = overhangs.complete(pixels, outside_photos(pictures, grounds, surfaces), grounds)
    pictures = [*pictures, *icons, *grounds]
    marks = outside_photos(marks, grounds, surfaces)
    rules = outside_photos(rules, grounds, surfaces)
    pictures, rules = outside_dividers(dividers, pictures, rules, grounds)
    patchy = [item for item in pictures if item not in drawn]
    surfaces = [*outside_pictures(surfaces, patchy, ink), *tiles]
    surfaces = with_pictures(pixels, surfaces, pictures)
    surfaces = without_sections(surfaces)
    cards = [item.surface.box for item in surfaces]
    pictures = uncovered(pictures, cards, [item.line.box for item in read])
    return Percepts(
        width=width,
        height=height,
        background=hex_of(page),
        lines=tuple(item.line for item in read),
        surfaces=tuple(item.surface for item in surfaces),
        pictures=tuple(sorted(pictures, key=lambda item: (item.box.y, item.box.x))),
        marks=tuple(marks),
        rules=tuple(rules),
    )


def _silent(_stage: str, _share: float) -> None:
    return
