"""Puts drawings together that were seen in pieces, and takes soft photos for what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, bgr_of, hex_of
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind

# A drawing grows from a piece of at least this side, over gaps of this share of its
# own size, and has at least so many pieces, not two of which are large and alike.
_SEED, _GAP_SHARE, _GAP_MOST = 80, 0.2, 60
_PIECES, _LEAST_WIDTH, _LEAST_HEIGHT = 5, 140, 100
_TWIN = 0.75
# A box whose own fill varies this much (standard deviation) under pictures that cover
# this share of it is a photo, such as a sky with things in it.
_SOFT, _COVERED, _LEAST_PHOTO = 4.0, 0.08, 80


@dataclass(frozen=True, slots=True)
class _Piece:
    box: Box
    picture: Picture | None


def join_drawings(
    pictures: Sequence[Picture],
    surfaces: Sequence[Found],
    text: Sequence[Box],
    width: int,
) -> tuple[list[Picture], list[Found]]:
    """Joins pieces of drawings that stand together with no text among them.

    Returns the pictures, and the surfaces that are no pieces of a drawing.
    """
    obstacles = [
        item.surface.box
        for item in surfaces
        if any(item.surface.box.contains(line, 1) for line in text)
    ]
    empty = [
        item.surface.box
        for item in surfaces
        if item.surface.box not in obstacles and item.surface.box.w < 0.8 * width
    ]
    pieces = [_Piece(p.box, p) for p in pictures if p.kind is not PictureKind.PHOTO]
    pieces += [_Piece(box, None) for box in empty]
    drawings: list[tuple[Box, list[_Piece]]] = []
    for seed in sorted(pieces, key=lambda piece: (-piece.box.area, piece.box.y, piece.box.x)):
        if min(seed.box.w, seed.box.h) < _SEED or any(
            box.intersection(seed.box) > 0 for box, _ in drawings
        ):
            continue
        box, members = _grown(seed, pieces, [*text, *_innermost(obstacles, seed.box)])
        if len(members) >= _PIECES and box.w >= _LEAST_WIDTH and box.h >= _LEAST_HEIGHT:
            drawings.append((box, members))
    kept = [p for p in pictures if not any(box.contains(p.box, 1) for box, _ in drawings)]
    rest = [
        item
        for item in surfaces
        if item.surface.box in obstacles
        or not any(box.contains(item.surface.box, 1) for box, _ in drawings)
    ]
    kept += [Picture(box, PictureKind.ILLUSTRATION, _color(all_)) for box, all_ in drawings]
    return kept, rest


def _innermost(obstacles: Sequence[Box], seed: Box) -> list[Box]:
    """The surfaces with text that do not hold the seed: a drawing keeps clear of them."""
    return [box for box in obstacles if not box.contains(seed, 1)]


def _grown(
    seed: _Piece, pieces: Sequence[_Piece], obstacles: Sequence[Box]
) -> tuple[Box, list[_Piece]]:
    box, members = seed.box, [seed]
    pending = [piece for piece in pieces if piece is not seed]
    grew = True
    while grew:
        grew = False
        for piece in list(pending):
            reach = min(_GAP_SHARE * max(box.w, box.h), _GAP_MOST)
            if _gap(box, piece.box) > reach:
                continue
            whole = box.union(piece.box)
            if any(whole.intersection(other) > 0 for other in obstacles) or _twins(
                seed.box, piece.box
            ):
                continue
            pending.remove(piece)
            members.append(piece)
            box, grew = whole, True
    return box, members


def _gap(first: Box, second: Box) -> float:
    across = max(second.x - first.right, first.x - second.right, 0.0)
    down = max(second.y - first.bottom, first.y - second.bottom, 0.0)
    return max(across, down)


def _twins(seed: Box, other: Box) -> bool:
    """Whether two pieces are as large as each other, as the pictures of a gallery."""
    return min(seed.w, other.w) >= _TWIN * max(seed.w, other.w) and min(
        seed.h, other.h
    ) >= _TWIN * max(seed.h, other.h)


def _color(members: Sequence[_Piece]) -> str:
    painted = [(m.box.area, m.picture.color) for m in members if m.picture]
    return max(painted, default=(0.0, "#888888"))[1]


def take_soft_photos(
    pixels: Pixels,
    regions: FlatMap,
    surfaces: Sequence[Found],
    pictures: Sequence[Picture],
    text: Sequence[Box],
) -> tuple[list[Found], list[Picture]]:
    """Turns boxes that hold no text into photos where their fill is uneven under pictures."""
    kept: list[Found] = []
    photos: list[Picture] = []
    for item in surfaces:
        box = item.surface.box
        inside = [p.box for p in pictures if box.contains(p.box, 1)]
        covered = sum(part.area for part in inside)
        if (
            min(box.w, box.h) < _LEAST_PHOTO
            or covered < _COVERED * box.area
            or any(box.contains(line, 1) for line in text)
            or _unevenness(pixels, regions, item) < _SOFT
        ):
            kept.append(item)
            continue
        window = pixels[int(box.y) : int(box.bottom) : 3, int(box.x) : int(box.right) : 3]
        middle = np.median(window.reshape(-1, 3), axis=0).astype(int)
        photos.append(Picture(box, PictureKind.PHOTO, hex_of(middle), radius=item.surface.radius))
    rest = [p for p in pictures if not any(photo.box.contains(p.box, 1) for photo in photos)]
    return kept, [*photos, *rest]


def _unevenness(pixels: Pixels, regions: FlatMap, item: Found) -> float:
    """How far the fill's own colour strays, once a linear gradient is told."""
    region = regions.regions.get(item.labels[0])
    if region is None or item.surface.fill is None:
        return 0.0
    box = region.box
    area = (slice(int(box.y), int(box.bottom), 2), slice(int(box.x), int(box.right), 2))
    own = regions.labels[area] == region.label
    values = pixels[area][own].astype(np.float64)
    if not len(values):
        return 0.0
    fill = np.array(bgr_of(item.surface.fill), np.float64)
    return float(np.sqrt(((values - fill) ** 2).mean()))
