"""Recognises small form marks: checkboxes, radios, switches, the arrow of a select.

The grip that browsers paint in the corner of a text area is none of the page's pictures.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.color import luminance, saturation
from engine.vision.perception.flatmap import hex_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, FormMark, Mark, Picture, Surface

_BOX_SIDE = (10, 26)
# Design systems of governments draw them up to this large; empty ones are told from icons.
_LARGEST_EMPTY = 44
_SWITCH_HEIGHT = (10, 36)
_SWITCH_ASPECT = (1.4, 2.6)
# Within this share of a ring's box from each side, its corners aside, nothing is painted.
_RING_INSET = 0.24
# A label stands this close to the right of its mark, in pixels.
_LABEL_GAP = 11
_NEAR = 10
_ALIKE = 0.9
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
    for picture in pictures:
        if _is_grip(pixels, picture.box):
            continue
        mark = _mark(pixels, picture.box, text) or _arrow(picture, surfaces, text)
        if mark:
            marks.append(mark)
        else:
            kept_pictures.append(picture)
    kept_surfaces: list[Found] = []
    for item in surfaces:
        box = item.surface.box
        mark = None
        if not any(box.contains(line, 1) for line in text):
            mark = _mark(pixels, box, text)
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
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    if window.size == 0:
        return None
    low, high = _BOX_SIDE
    square = abs(box.w - box.h) <= 2 and low <= min(box.w, box.h)
    if square and max(box.w, box.h) <= _LARGEST_EMPTY and _labelled(box, text):
        found = _tick(window, box) or _empty_ring(window, box)
        if max(box.w, box.h) <= high or (found and not found.checked):
            return found
    low, high = _SWITCH_HEIGHT
    if low <= box.h <= high and _SWITCH_ASPECT[0] <= box.w / box.h <= _SWITCH_ASPECT[1]:
        return _switch(window, box)
    return None


def _labelled(box: Box, text: Sequence[Box]) -> bool:
    return any(
        -1 <= line.x - box.right <= _LABEL_GAP and abs(line.center_y - box.center_y) <= 0.6 * box.h
        for line in text
    )


def _near(window: Pixels, color: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(window.astype(np.float64) - color).max(axis=2) <= _NEAR, np.bool_)


def _tick(window: Pixels, box: Box) -> FormMark | None:
    """A square or ring whose inside is empty, dotted or ticked."""
    height, width = window.shape[:2]
    inset = max(3, round(height * 0.2))
    inside = window[inset : height - inset, inset : width - inset]
    if inside.size == 0:
        return None
    third = slice(round(height * 0.35), height - round(height * 0.35))
    sides = (window[0, third], window[-1, third], window[third, 0], window[third, -1])
    edge = np.median(np.concatenate(sides), axis=0)
    if any((np.abs(side - edge).max(axis=1) <= 2 * _NEAR).mean() < 0.9 for side in sides):
        return None
    corners = [window[y, x].astype(float) for y in (1, -2) for x in (1, -2)]
    round_ = float(np.mean([np.abs(corner - edge).max() for corner in corners])) > 4 * _NEAR
    middle = np.median(inside.reshape(-1, 3), axis=0)
    even = float(_near(inside, middle).mean())
    filled = bool(np.abs(middle - edge).max() <= 2 * _NEAR)
    if filled and even > 0.97:
        return None
    if not filled and even < 0.97 and not round_:
        return None
    if filled and not 0.35 <= even <= 0.95:
        return None
    if not _symmetric(_near(inside, middle)) and round_:
        return None
    checked = filled or even < 0.97
    if round_ and not filled:
        center = window[height // 2, width // 2].astype(float)
        beside = np.median(window[inset, width // 2 - 1 : width // 2 + 2], axis=0)
        checked = bool(np.abs(center - beside).max() > 3 * _NEAR)
    mark = Mark.RADIO if round_ else Mark.CHECKBOX
    return FormMark(box, mark, hex_of(edge.astype(int)), checked=checked, confidence=0.8)


def _empty_ring(window: Pixels, box: Box) -> FormMark | None:
    """A thin ring around nothing, which touches its box in the middle of each side alone."""
    height, width = window.shape[:2]
    y, x = height // 2, width // 2
    middles = np.concatenate([window[[0, -1], x], window[y, [0, -1]]]).astype(np.float64)
    edge = middles.mean(axis=0)
    inset = round(height * _RING_INSET)
    inside = window[inset : height - inset, inset : width - inset]
    ground = np.median(inside.reshape(-1, 3), axis=0)
    corners = window[[0, 0, -1, -1], [0, -1, 0, -1]].astype(np.float64)
    if np.abs(edge - ground).max() < 4 * _NEAR or not _near(inside, ground).all():
        return None
    if (
        np.abs(middles - edge).max() > 2 * _NEAR
        or np.abs(corners - edge).max(axis=1).min() < 4 * _NEAR
    ):
        return None
    color = hex_of(edge.astype(int))
    return FormMark(box, Mark.RADIO, color, checked=False, confidence=0.8)


def _symmetric(mask: NDArray[np.bool_]) -> bool:
    """Whether a mask looks alike when mirrored, as a dot or ring does and a tick does not."""
    return all(bool((mask == other).mean() > _ALIKE) for other in (mask[::-1], mask[:, ::-1]))


def _switch(window: Pixels, box: Box) -> FormMark | None:
    """A pill with a disc at one end: one end is the track's colour, the other the disc's."""
    height, width = window.shape[:2]
    row = window[height // 2].astype(np.float64)
    left, right = row[round(height * 0.5)], row[width - 1 - round(height * 0.5)]
    if np.abs(left - right).max() < 3 * _NEAR:
        return None
    half = height // 4
    rows = slice(height // 2 - half, height // 2 + half + 1)
    left_part = window[rows, height // 4 : round(height * 0.7)]
    right_part = window[rows, width - round(height * 0.7) : width - height // 4]
    if _near(left_part, left).mean() < 0.8 or _near(right_part, right).mean() < 0.8:
        return None
    # The corners of a pill show the ground on all four sides alike.
    corners = np.array([window[0, 0], window[0, -1], window[-1, 0], window[-1, -1]], np.float64)
    if np.abs(corners - corners.mean(axis=0)).max() > 3 * _NEAR:
        return None
    checked = bool(right.sum() > left.sum())
    track = left if checked else right
    return FormMark(box, Mark.SWITCH, hex_of(track.astype(int)), checked=checked, confidence=0.8)


def _is_grip(pixels: Pixels, box: Box) -> bool:
    """Whether a small square is hatched with whole diagonals in its lower right half alone."""
    low, high = _GRIP
    if box.w != box.h or not low <= box.w <= high:
        return False
    window = pixels[int(box.y) : int(box.bottom), int(box.x) : int(box.right)]
    inked = ~_near(window, window[0, 0].astype(np.float64))
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
    if max(box.w, box.h) > _ARROW_SIDE or box.h > _ARROW_ASPECT * box.w:
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
