"""Pixels in, percepts out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.imaging import Pixels
from engine.vision.perception import overhangs
from engine.vision.perception.boxes import find_boxes
from engine.vision.perception.chart_bars import join_bars
from engine.vision.perception.charts import take_charts
from engine.vision.perception.cleaning import (
    outside_pictures,
    visible_surfaces,
    with_pictures,
    without_sections,
)
from engine.vision.perception.code_areas import code_areas, with_even_pitch
from engine.vision.perception.dividers import Dividers, find_dividers, outside_dividers
from engine.vision.perception.drawn_bands import find_drawn_bands
from engine.vision.perception.faint import without_faint
from engine.vision.perception.flatmap import flat_map, hex_of
from engine.vision.perception.frames import find_frames
from engine.vision.perception.hollow_icons import without_hollow_icons
from engine.vision.perception.icons_on_photos import find_icons_on_photos
from engine.vision.perception.illustrations import join_drawings, join_with_grounds
from engine.vision.perception.lettering import take_lettering
from engine.vision.perception.lines import read_lines
from engine.vision.perception.logos import join_logos
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
from engine.vision.perception.scene import Scene, View
from engine.vision.perception.shadows import find_shadowed
from engine.vision.perception.solid_icons import without_solid_icons
from engine.vision.perception.surfaces import Found, find_surfaces, from_outside_in, page_background
from engine.vision.perception.tiles_on_photos import find_tiles
from engine.vision.perception.uncovered import uncovered
from engine.vision.percepts import Percepts, Picture


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
    """Everything after the OCR: boxes, texts on them, what is painted besides, and what it is."""
    regions = flat_map(pixels)
    view = View(pixels, regions, page_background(regions))
    boxes, dividers = _find_boxes(view)
    grounds, photos, scene = _read_texts(view, boxes, found)
    scene = _find_drawn(view, scene, photos, grounds)
    scene = _join_pieces(view, scene)
    scene = _see_on_photos(view, scene, grounds, dividers)
    scene = _complete_cards(view, scene)
    return Percepts(
        width=pixels.shape[1],
        height=pixels.shape[0],
        background=hex_of(view.page),
        lines=tuple(item.line for item in scene.read),
        surfaces=tuple(item.surface for item in scene.surfaces),
        pictures=tuple(sorted(scene.pictures, key=lambda item: (item.box.y, item.box.x))),
        marks=tuple(scene.marks),
        rules=tuple(scene.rules),
    )


def _find_boxes(view: View) -> tuple[list[Found], Dividers]:
    """Returns every box that may be a surface, from the outside in, and the shaped dividers."""
    pixels, regions = view.pixels, view.regions
    boxes = find_surfaces(pixels, regions, find_boxes(pixels, regions), view.page)
    boxes += find_outlined(pixels, regions, boxes)
    boxes += find_shadowed(pixels, regions, boxes)
    dividers = find_dividers(pixels, regions, view.page)
    framed = find_frames(pixels, regions, boxes)
    return from_outside_in([*boxes, *framed, *dividers.bands]), dividers


def _read_texts(
    view: View, boxes: Sequence[Found], found: Sequence[OcrLine]
) -> tuple[list[Picture], list[Picture], Scene]:
    """Returns photos that lie behind a band, other photos, and the surfaces and texts on them.

    Texts tell which boxes are parts of letters and icons, and photos which texts are none.
    """
    pixels, regions = view.pixels, view.regions
    read = read_lines(pixels, found, [item.surface.box for item in boxes])
    read = with_even_pitch(read, boxes)
    surfaces, read, placeholders = take_placeholders(boxes, read)
    sure = [item.ink for item in read if item.line.confidence >= SURE]
    grounds = find_photo_bands(pixels, sure)
    surfaces, read = clear_photos(pixels, grounds, surfaces, read)
    ink = [item.ink for item in read]
    surfaces = without_solid_icons(pixels, visible_surfaces(surfaces, ink), ink)
    surfaces = without_hollow_icons(pixels, surfaces, ink)
    surfaces, blurred = take_blurred_photos(pixels, regions, surfaces, ink)
    return grounds, [*placeholders, *blurred], Scene(surfaces=surfaces, read=read)


def _find_drawn(
    view: View, scene: Scene, photos: Sequence[Picture], grounds: Sequence[Picture]
) -> Scene:
    """Adds what is drawn beside texts and surfaces: rules, pictures and charts."""
    boxes = [item.surface.box for item in scene.surfaces]
    rules = find_rules(view.regions, boxes, scene.ink)
    pictures = [
        *photos,
        *find_pictures(
            view.pixels,
            view.regions,
            scene.surfaces,
            [*scene.ink, *(item.box for item in photos)],
            rules,
            view.page,
            [item.box for item in grounds],
        ),
    ]
    lines = [item.line for item in scene.read]
    pictures = without_remnants(pictures, lines, code_areas(scene.read, scene.surfaces))
    pictures = without_cut_text(pictures, view.pixels.shape[0])
    rules = [rule for rule in rules if not any(item.box.contains(rule.box, 3) for item in pictures)]
    pictures, rules = join_bars(pictures, rules, view.pixels.shape[0])
    return take_charts(replace(scene, pictures=pictures, rules=rules))


def _join_pieces(view: View, scene: Scene) -> Scene:
    """Makes one picture of surfaces and pieces that are a photo's or a drawing's; finds marks.

    Photos come first, so that no drawing is joined of a photo's pieces.
    """
    pixels, surfaces, pictures, read = view.pixels, scene.surfaces, scene.pictures, scene.read
    surfaces, pictures = take_dim_photos(pixels, surfaces, pictures, scene.ink)
    surfaces, pictures, read = take_strewn_photos(surfaces, pictures, read)
    pictures, read = join_logos(*take_lettering(pixels, pictures, read))
    ink = [item.ink for item in read]
    surfaces, pictures = take_soft_photos(pixels, view.regions, surfaces, pictures, ink)
    pictures, surfaces = join_drawings(pictures, surfaces, ink, pixels.shape[1])
    marks, pictures, surfaces = find_marks(pixels, pictures, surfaces, ink)
    pictures = without_faint(pixels, pictures)
    pictures, surfaces = join_with_grounds(pictures, surfaces, ink)
    return replace(scene, surfaces=surfaces, pictures=pictures, read=read, marks=marks)


def _see_on_photos(
    view: View, scene: Scene, photos: Sequence[Picture], dividers: Dividers
) -> Scene:
    """Adds what stands on photos and drawn bands; leaves out what is but a part of these."""
    pixels, surfaces, ink = view.pixels, scene.surfaces, scene.ink
    drawn = find_drawn_bands(pixels, view.page, [*scene.pictures, *photos], surfaces, ink)
    grounds = [*photos, *drawn]
    behind = [*grounds, *(item for item in scene.pictures if item.background)]
    tiles, icons = find_tiles(pixels, view.regions, behind, ink)
    icons += find_icons_on_photos(pixels, behind, [*surfaces, *tiles], scene.read)
    pictures = outside_photos(scene.pictures, grounds, surfaces)
    pictures = [*overhangs.complete(pixels, pictures, grounds), *icons, *grounds]
    marks = outside_photos(scene.marks, grounds, surfaces)
    rules = outside_photos(scene.rules, grounds, surfaces)
    pictures, rules = outside_dividers(dividers, pictures, rules, grounds)
    patchy = [item for item in pictures if item not in drawn]
    surfaces = [*outside_pictures(surfaces, patchy, ink), *tiles]
    return replace(scene, surfaces=surfaces, pictures=pictures, marks=marks, rules=rules)


def _complete_cards(view: View, scene: Scene) -> Scene:
    """Grows cards over their pictures, and cuts pictures to what cards leave of them."""
    surfaces = without_sections(with_pictures(view.pixels, scene.surfaces, scene.pictures))
    cards = [item.surface.box for item in surfaces]
    pictures = uncovered(scene.pictures, cards, [item.line.box for item in scene.read])
    return replace(scene, surfaces=surfaces, pictures=pictures)


def _silent(_stage: str, _share: float) -> None:
    return
