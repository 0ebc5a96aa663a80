"""Recognises small form marks: checkboxes, radios, switches, the arrow of a select.

The grip that browsers paint in the corner of a text area is none of the page's pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.imaging import Pixels
from engine.vision.color import luminance, saturation
from engine.vision.perception.mark_looks import NEAR, empty_ring, has_tick, near, switch, tick
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, FormMark, Mark, Picture, Surface

_BOX_SIDE = (10, 26)
# Design systems of governments draw them up to this large; empty ones are told from icons.
_LARGEST_EMPTY = 44
_SWITCH_HEIGHT = (10, 36)
_SWITCH_ASPECT = (1.4, 2.6)
# A label stands this close to the right of its mark, in pixels, and is at least so wide over it:
# the one figure beside an icon is a count.
_LABEL_GAP, _LEAST_LABEL = 11, 0.5
# So many boxes of one size in a row or column are check boxes without a label, as those that choose
# the rows of a table; how far they may be out of line and what they differ in size, in pixels.
_SET, _IN_LINE = 3, 1.0
# How much taller than wide a shadow makes a box at most, in pixels.
_SHADOW = 2.0
# Arrows are flatter than the crosses that close a panel.
_ARROW_SIDE, _ARROW_REACH, _ARROW_ASPECT = 18, 36, 0.85
# How far an arrow stands from the words of a field at least, in pixels, and of one that looks like
# a button: carets follow a button's words within half its type's size.
_ARROW_GAP, _FAR_GAP = 7, 24
# Below this saturation a field is grey, and above this luminance light.
_GREY, _LIGHT = 0.25, 0.6
# Sides of a text area's grip, in pixels: Chromium's is 7 and one of a denser screen larger.
_GRIP = (5, 16)


def find_marks(
    pixels: Pixels,
    pictures: Sequence[Picture],
    surfaces: Sequence[Found],
    text: Sequence[Box],
) -> tuple[list[FormMark], list[Picture], list[Found]]:
    """Returns the marks, and the pictures and surfaces that are none."""
    marks: list[FormMark] = []
    kept_pictures: list[Picture] = []
    boxes = [picture.box for picture in pictures] + [item.surface.box for item in surfaces]
    choosing = _unlabelled(pixels, [box for box in boxes if not _holds_text(box, text)])
    for picture in pictures:
        box = picture.box
        if _is_grip(pixels, box):
            continue
        mark = _mark(pixels, box, text) or choosing.get(box) or _arrow(picture, surfaces, text)
        if mark:
            marks.append(mark)
        else:
            kept_pictures.append(picture)
    kept_surfaces: list[Found] = []
    for item in surfaces:
        box = item.surface.box
        mark = None
        if not _holds_text(box, text):
            mark = _mark(pixels, box, text) or choosing.get(box)
        if mark:
            marks.append(mark)
        else:
            kept_surfaces.append(item)
    kept_pictures = [
        picture
        for picture in kept_pictures
        if not any(mark.box.contains(picture.box, 2) for mark in marks)
    ]
    distinct: list[FormMark] = []
    for mark in sorted(marks, key=lambda m: (-m.box.area, m.box.y, m.box.x)):
        if not any(other.box.contains(mark.box, 2) for other in distinct):
            distinct.append(mark)
    distinct.sort(key=lambda m: (m.box.y, m.box.x))
    return distinct, kept_pictures, kept_surfaces


def _mark(pixels: Pixels, box: Box, text: Sequence[Box]) -> FormMark | None:
    box = _without_shadow(pixels, box)
    window = _window(pixels, box)
    if window.size == 0:
        return None
    low, high = _BOX_SIDE
    square = abs(box.w - box.h) <= 2 and low <= min(box.w, box.h)
    if square and max(box.w, box.h) <= _LARGEST_EMPTY and _labelled(box, text):
        found = tick(window, box) or empty_ring(window, box)
        if max(box.w, box.h) <= high or (found and not found.checked):
            return found
    low, high = _SWITCH_HEIGHT
    if low <= box.h <= high and _SWITCH_ASPECT[0] <= box.w / box.h <= _SWITCH_ASPECT[1]:
        return switch(window, box)
    return None


def _unlabelled(pixels: Pixels, boxes: Sequence[Box]) -> dict[Box, FormMark]:
    """Returns the check boxes among boxes that only their number tells.

    They are of one size and in line, and each is empty or bears a tick.
    """
    low, high = _BOX_SIDE
    seen: dict[Box, FormMark] = {}
    for box in boxes:
        cut = _without_shadow(pixels, box)
        if abs(cut.w - cut.h) <= _IN_LINE and low <= min(cut.w, cut.h) <= high:
            window = _window(pixels, cut)
            mark = tick(window, cut)
            checkbox = mark is not None and mark.mark is Mark.CHECKBOX
            if mark is not None and checkbox and (not mark.checked or has_tick(window)):
                seen[box] = mark
    marks = list(seen.values())
    return {box: mark for box, mark in seen.items() if _is_one_of_set(mark, marks)}


def _is_one_of_set(mark: FormMark, marks: Sequence[FormMark]) -> bool:
    box = mark.box
    lines = (
        [other for other in marks if abs(other.box.x - box.x) <= _IN_LINE],
        [other for other in marks if abs(other.box.y - box.y) <= _IN_LINE],
    )
    for line in lines:
        if sum(abs(other.box.w - box.w) <= _IN_LINE for other in line) >= _SET:
            return True
    return False


def _window(pixels: Pixels, box: Box) -> Pixels:
    return pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]


def _without_shadow(pixels: Pixels, box: Box) -> Box:
    """Returns a box without the lines below it that a soft shadow makes of a square."""
    if not 0 < box.h - box.w <= _SHADOW:
        return box
    middle = int(box.center_x)
    edge = pixels[int(box.y), middle].astype(int)
    bottom = int(box.bottom)
    while bottom - box.y > box.w and np.abs(pixels[bottom - 1, middle] - edge).max() > 2 * NEAR:
        bottom -= 1
    return Box(box.x, box.y, box.w, bottom - box.y)


def _holds_text(box: Box, text: Sequence[Box]) -> bool:
    return any(box.contains(line, 1) for line in text)


def _labelled(box: Box, text: Sequence[Box]) -> bool:
    return any(
        -1 <= line.x - box.right <= _LABEL_GAP
        and line.w >= _LEAST_LABEL * box.w
        and abs(line.center_y - box.center_y) <= 0.6 * box.h
        for line in text
    )


def _is_grip(pixels: Pixels, box: Box) -> bool:
    """Whether a small square is hatched with whole diagonals in its lower right half alone."""
    low, high = _GRIP
    if box.w != box.h or not low <= box.w <= high:
        return False
    window = _window(pixels, box)
    inked = ~near(window, window[0, 0].astype(np.float64))
    side = len(inked)
    diagonals = [inked[:, ::-1].diagonal(offset) for offset in range(side - 1, -side, -1)]
    drawn = [bool(diagonal.any()) for diagonal in diagonals]
    whole = all(
        diagonal.all() for diagonal, hatched in zip(diagonals, drawn, strict=True) if hatched
    )
    return whole and not any(drawn[: side - 1]) and drawn[side - 1] and not all(drawn[side - 1 :])


def _arrow(picture: Picture, surfaces: Sequence[Found], text: Sequence[Box]) -> FormMark | None:
    """The arrow at the end of a field; one right behind the words of a button is the button's."""
    box = picture.box
    if not picture.shape or max(box.w, box.h) > _ARROW_SIDE or box.h > _ARROW_ASPECT * box.w:
        return None
    for item in surfaces:
        field = item.surface.box
        if (
            field.contains(box)
            and item.surface.border_width > 0
            and 22 <= field.h <= 64
            and field.w >= 60
            and field.right - box.right <= _ARROW_REACH
            and abs(field.center_y - box.center_y) <= 0.2 * field.h
            and _apart(picture, item.surface, text)
        ):
            return FormMark(box, Mark.SELECT_ARROW, picture.color, confidence=0.7)
    return None


def _apart(arrow: Picture, surface: Surface, text: Sequence[Box]) -> bool:
    """Whether an arrow stands off the words of its box: farther where the box looks like a button.

    What is outlined in a colour, or neither light nor grey, looks like one.
    """
    colors = [color for color in (surface.fill, surface.border_color) if color]
    plain = all(saturation(color) < _GREY for color in colors)
    light = surface.fill is None or luminance(surface.fill) > _LIGHT
    ends = [
        line.right for line in text if surface.box.contains(line, 1) and line.right <= arrow.box.x
    ]
    least = _ARROW_GAP if plain and light else _FAR_GAP
    return arrow.box.x - max(ends, default=surface.box.x) >= least
