"""Finds the icons set over a photo, which are of the ink of the text beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import bgr_of, distance
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.perception.tracing import trace
from engine.vision.percepts import Box, Picture, PictureKind

# Sides of an icon in a line of text, in pixels, and the longer over the shorter.
_LEAST, _LARGEST, _ASPECT = 11, 32, 2.2
# Strokes of one icon lie closer than this many pixels.
_CLOSE = 5
# How far a pixel of an icon may be in any channel: from the ink of text, whose thin strokes
# show less than all of it, and from the icon's own.
_RIM, _WITHIN = 56, 20
# Share of an icon's pixels that are of its own ink; highlights in a photo fade.
_PURE = 0.5
# The rims of a mark are this wide, and of this share of ink or more.
_RIMS, _RIM_SHARE = 2, 0.25
# Share of its box that an icon inks.
_INKED = 0.2
# The frame around an icon is this far from the ink, in this share of it.
_GROUND, _GROUND_SHARE = 56, 0.95
# Icons of one row, or an icon and its label, have at most this between them.
_BESIDE = 72
# What is higher is the texture of a page.
_HIGHEST = 1_000
# A photo that has more marks of the ink has bright things in it.
_MOST = 16
# Inks this close are of one colour.
_SAME_INK = 24
_SURE = 0.9


def find_icons_on_photos(
    pixels: Pixels, photos: Sequence[Picture], surfaces: Sequence[Found], read: Sequence[ReadLine]
) -> list[Picture]:
    """Returns the marks on each photo that have the ink of its text and a place in a row.

    Args:
        pixels: The page, BGR.
        photos: The photos that text stands on.
        surfaces: The page's surfaces; what lies on one of them is not on the photo.
        read: The page's lines.
    """
    found: list[Picture] = []
    for photo in {item.box: item for item in photos if item.box.h <= _HIGHEST}.values():
        over = [item.surface.box for item in surfaces if photo.box.contains(item.surface.box, 2)]
        lines = [
            item
            for item in read
            if photo.box.contains(item.ink)
            and item.line.confidence >= _SURE
            and not any(box.contains(item.ink, 2) for box in over)
        ]
        covered = [*over, *(item.ink for item in read)]
        for ink in _inks(lines):
            marks = list(_marks(pixels, photo.box, ink, covered))
            if len(marks) > _MOST:
                continue
            labels = [item.ink for item in lines]
            for mark in marks:
                rest = [other for other in marks if other is not mark]
                if _is_placed(mark, rest, labels) and not _held(mark, found):
                    found.append(_icon(pixels, mark, ink))
    return found


def _inks(lines: Sequence[ReadLine]) -> list[str]:
    inks: list[str] = []
    for item in lines:
        color = item.line.color
        if all(distance(bgr_of(color), bgr_of(other)) > _SAME_INK for other in inks):
            inks.append(color)
    return inks


def _marks(pixels: Pixels, photo: Box, ink: str, covered: Sequence[Box]) -> Iterator[Box]:
    """The compact marks of an ink on a photo, with sharp rims on a ground far from it."""
    left, top = int(photo.x), int(photo.y)
    window = pixels[top : int(photo.bottom), left : int(photo.right)]
    color = np.array(bgr_of(ink), np.int16)
    mask = _near(window, color, _RIM)
    for box in covered:
        y, x = max(int(box.y) - top - 2, 0), max(int(box.x) - left - 2, 0)
        mask[y : max(int(box.bottom) - top + 2, 0), x : max(int(box.right) - left + 2, 0)] = 0
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((_CLOSE, _CLOSE), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    for x, y, w, h, _ in stats[1:].tolist():
        short, long = min(w, h), max(w, h)
        if not _LEAST <= long <= _LARGEST or long > _ASPECT * short:
            continue
        inked = mask[y : y + h, x : x + w] > 0
        part = window[y : y + h, x : x + w][inked].astype(np.int16)
        pure = (np.abs(part - np.median(part, axis=0)).max(axis=1) <= _WITHIN).mean()
        if pure < _PURE or inked.mean() < _INKED:
            continue
        if _ground_share(window, Box(x, y, w, h), color) >= _GROUND_SHARE:
            yield _with_rims(pixels, Box(x + left, y + top, w, h), color)


def _with_rims(pixels: Pixels, box: Box, color: np.ndarray[tuple[int], np.dtype[np.int16]]) -> Box:
    """Takes in the rims of a mark, which are partly ink."""
    top, left = max(int(box.y) - _RIMS, 0), max(int(box.x) - _RIMS, 0)
    bottom, right = int(box.bottom) + _RIMS, int(box.right) + _RIMS
    part = pixels[top:bottom, left:right].astype(np.float64)
    frame = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
    ground = np.median(frame, axis=0)
    way = color - ground
    share = (part - ground) @ way / max(float(way @ way), 1.0)
    inked = share > _RIM_SHARE
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    if not len(rows):
        return box
    x, y = left + int(columns[0]), top + int(rows[0])
    return Box(x, y, left + int(columns[-1]) + 1 - x, top + int(rows[-1]) + 1 - y)


def _near(window: Pixels, color: np.ndarray[tuple[int], np.dtype[np.int16]], far: int) -> Pixels:
    low, high = np.clip(color - far, 0, 255), np.clip(color + far, 0, 255)
    return np.asarray(cv2.inRange(window, low.astype(np.uint8), high.astype(np.uint8)), np.uint8)


def _ground_share(
    window: Pixels, box: Box, color: np.ndarray[tuple[int], np.dtype[np.int16]]
) -> float:
    """Share of the pixels two outside of a box that are far from the ink."""
    top, left = max(int(box.y) - 2, 0), max(int(box.x) - 2, 0)
    part = window[top : int(box.bottom) + 2, left : int(box.right) + 2].astype(np.int16)
    frame = np.concatenate([part[0], part[-1], part[:, 0], part[:, -1]])
    return float((np.abs(frame - color).max(axis=1) > _GROUND).mean())


def _is_placed(mark: Box, others: Sequence[Box], labels: Sequence[Box]) -> bool:
    """Whether a mark stands beside a line of text, or in a row or column of its like."""
    return any(
        abs(label.center_y - mark.center_y) <= 0.5 * max(label.h, mark.h)
        and 0 <= max(mark.x - label.right, label.x - mark.right) <= _BESIDE
        and mark.h <= 2.5 * label.h
        for label in labels
    ) or any(
        (abs(other.center_y - mark.center_y) <= 3 or abs(other.center_x - mark.center_x) <= 3)
        and _gap(mark, other) <= _BESIDE
        and max(other.w, other.h) <= 1.5 * max(mark.w, mark.h) <= 2.25 * max(other.w, other.h)
        for other in others
    )


def _gap(first: Box, second: Box) -> float:
    return max(
        first.x - second.right,
        second.x - first.right,
        first.y - second.bottom,
        second.y - first.bottom,
    )


def _held(mark: Box, found: Sequence[Picture]) -> bool:
    return any(item.box.contains(mark, 3) or mark.contains(item.box, 3) for item in found)


def _icon(pixels: Pixels, box: Box, ink: str) -> Picture:
    traced = trace(pixels, box)
    path = traced.path if traced else ""
    return Picture(box, PictureKind.ICON, ink, path=path)
