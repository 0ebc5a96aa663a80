"""Whether painted boxes and pictures came out where and as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.fidelity.boxes import F1, match
from engine.fidelity.color import ciede2000, parse_hex
from engine.fidelity.measured import Page, Picture, Surface
from engine.fidelity.painted import Pixels, as_seen, shows
from engine.geometry import Box

# The specification's overlap for a hit.
IOU_LEAST = 0.7
# Fills closer than this look alike side by side; CIEDE2000.
_FILL_FARTHEST = 8.0
# Painted boxes smaller than this are badges and marks, not surfaces.
_SURFACE_LEAST = (72.0, 36.0)
# A box that coincides this much with a control or picture is judged as such.
_EXCUSED_IOU = 0.5
# Wrappers painted alike within these many pixels of each other are one surface.
_SAME_IOU = 0.9
# Boxes that are no farther apart touch; pixels, for rounding.
_TOUCHING = 1.0


def surfaces_f1(made: Page, original: Page, screenshots: tuple[Pixels, Pixels] | None = None) -> F1:
    """Returns the F1 of painted boxes, matched by IoU of at least 0.7 and by colour.

    What coincides with a control, picture or gradient of the original is excused. The paint of
    a made control is a painted box where the original has one, and else judged with its kind.
    The shadow or border of a picture is judged with the picture. With the `screenshots` of both,
    a box that only one page lists and the other one's shows is neither missed nor too much, and
    only what the original's shows is wanted.
    """
    wanted = _seen_surfaces(original)
    if screenshots:
        seen = (as_seen(screenshots[1], surface) for surface in wanted)
        wanted = [surface for surface in seen if surface]
    pictures = [picture.box for picture in original.pictures]
    wanted = [
        surface
        for surface in wanted
        if surface.fill or not _coincides(surface.box, pictures, _SAME_IOU)
    ]
    shown = _seen_surfaces(made)
    matching = match(shown, wanted, _surface_likeness)
    others = [control.box for control in original.controls]
    others += pictures
    others += original.gradients
    wrong = [
        shown[index]
        for index in matching.only_made
        if not shown[index].control and not _coincides(shown[index].box, others, _EXCUSED_IOU)
    ]
    missed = [wanted[index] for index in matching.only_original]
    if screenshots:
        of_made, of_original = screenshots
        missed = [surface for surface in missed if not shows(of_made, surface)]
        wrong = [surface for surface in wrong if not shows(of_original, surface)]
    hits = len(wanted) - len(missed)
    return F1(hits, hits + len(wrong), len(wanted))


def pictures_f1(made: Page, original: Page) -> tuple[F1, F1, F1]:
    """Returns the F1 of all pictures, of images and of icons, matched by IoU of at least 0.7.

    Images and icons are told apart as the original does. An original
    picture's box or the part of it that is painted may be met. A painted box
    in an image's place is its placeholder; elsewhere it is none. A field in an
    icon's place is the checkbox that the original draws with it. Icons in the
    place of marks that the original's truth does not list are excused, and so
    is what is drawn on such a placeholder.
    """
    wanted, shown = distinct(original.pictures), distinct(made.pictures)
    matching = match(shown, wanted, _picture_likeness)
    missed = [wanted[index] for index in matching.only_original]
    boxes = [Picture(surface.box, icon=False) for surface in made.surfaces if not surface.control]
    placed = [missed[index] for _, index in match(boxes, missed, _picture_likeness).pairs]
    tiles = [picture.box for picture in placed]
    wrong = [
        shown[index]
        for index in matching.only_made
        if not _coincides(shown[index].box, original.unlisted, IOU_LEAST)
        and not any(tile.contains(shown[index].box, _TOUCHING) for tile in tiles)
    ]
    fields = [Picture(item.box, icon=True) for item in made.controls if item.kind == "input"]
    icons = [picture for picture in missed if picture.icon and picture not in placed]
    drawn = len(match(fields, icons, _picture_likeness).pairs)
    result = []
    for icon in (False, True):
        hits = sum(wanted[j].icon == icon for _, j in matching.pairs)
        extra = sum(picture.icon == icon for picture in wrong)
        total = sum(picture.icon == icon for picture in wanted)
        found = hits + sum(picture.icon == icon for picture in placed) + (drawn if icon else 0)
        result.append(F1(found, found + extra, total))
    return result[0] + result[1], result[0], result[1]


def _overlap(first: Box, second: Box) -> float:
    iou = first.iou(second)
    return iou if iou >= IOU_LEAST else 0.0


def _picture_likeness(made: Picture, original: Picture) -> float:
    overlap = _overlap(made.box, original.box)
    return max(overlap, _overlap(made.box, original.ink)) if original.ink else overlap


def _surface_likeness(made: Surface, original: Surface) -> float:
    overlap = _overlap(made.box, original.box)
    if not overlap or not _paints_alike(made, original):
        return 0.0
    return overlap


def _paints_alike(made: Surface, original: Surface) -> bool:
    if original.fill is None:
        # Only its border or shadow shows; any fill like the page would do, too.
        return True
    if made.fill is None:
        return False
    return ciede2000(parse_hex(made.fill), parse_hex(original.fill)) <= _FILL_FARTHEST


def _seen_surfaces(page: Page) -> list[Surface]:
    """Returns the surfaces that can be seen: large, on the page, no page-sized canvas."""
    least_w, least_h = _SURFACE_LEAST
    canvas = Box(0, 0, page.width, page.height)
    seen: list[Surface] = []
    for surface in page.surfaces:
        box = _on_page(surface.box, canvas)
        if box.w < least_w or box.h < least_h:
            continue
        plain = surface.border is None and not surface.shadow
        if plain and surface.fill == page.background and box.iou(canvas) >= _SAME_IOU:
            continue
        same = [s for s in seen if s.box.iou(box) >= _SAME_IOU and _same_fill(s, surface)]
        if not same:
            seen.append(replace(surface, box=box))
    return _joined(seen)


def _joined(surfaces: Sequence[Surface]) -> list[Surface]:
    """Returns the surfaces with those joined that nothing parts, as the cells of a row of a table.

    They are painted alike, without border or shadow, and touch along a whole side.
    """
    joined: list[Surface] = []
    for surface in surfaces:
        whole = surface
        while part := next((other for other in joined if _continues(whole, other)), None):
            joined.remove(part)
            whole = replace(whole, box=whole.box.union(part.box))
        joined.append(whole)
    return joined


def _continues(first: Surface, second: Surface) -> bool:
    if first != replace(second, box=first.box) or first.border or first.shadow or not first.fill:
        return False
    one, other = first.box, second.box
    below = _ends_alike((one.x, one.right), (other.x, other.right)) and _touch(
        (one.y, one.bottom), (other.y, other.bottom)
    )
    beside = _ends_alike((one.y, one.bottom), (other.y, other.bottom)) and _touch(
        (one.x, one.right), (other.x, other.right)
    )
    return below or beside


def _ends_alike(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return max(abs(first[0] - second[0]), abs(first[1] - second[1])) <= _TOUCHING


def _touch(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return min(abs(first[1] - second[0]), abs(second[1] - first[0])) <= _TOUCHING


def _same_fill(first: Surface, second: Surface) -> bool:
    return first.fill is None or second.fill is None or first.fill == second.fill


def distinct(pictures: Sequence[Picture]) -> list[Picture]:
    """Returns the pictures without those that lie upon an equal one (layers of an icon)."""
    kept: list[Picture] = []
    for picture in pictures:
        if all(picture.box.iou(other.box) < _SAME_IOU for other in kept):
            kept.append(picture)
    return kept


def _coincides(box: Box, others: Sequence[Box], least: float) -> bool:
    return any(box.iou(other) >= least for other in others)


def _on_page(box: Box, canvas: Box) -> Box:
    x, y = max(box.x, canvas.x), max(box.y, canvas.y)
    right, bottom = min(box.right, canvas.right), min(box.bottom, canvas.bottom)
    return Box(x, y, max(0.0, right - x), max(0.0, bottom - y))
