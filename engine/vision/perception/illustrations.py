"""Puts drawings together that were seen in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, Picture, PictureKind

# A drawing grows from a piece of at least this side, over gaps of this share of its
# own size, and has at least so many pieces, not two of which are large and alike.
_SEED, _GAP_SHARE, _GAP_MOST = 80, 0.2, 60
_PIECES, _LEAST_WIDTH, _LEAST_HEIGHT = 5, 140, 100
_TWIN = 0.75
# A drawing in the middle of a box with nothing else is one with it: its least side, its share
# of the box, and how far it may be off the middle, over the box's size.
_LEAST_FRAMED, _FRAMED_SHARE, _OFF_CENTER = 64, 0.1, 0.06


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
        # What lies within a picture of the same size belongs to that one.
        twins = [p.box for p in pieces if p is not seed and _twins(seed.box, p.box)]
        apart = [box for box in twins if not box.intersection(seed.box)]
        box, members = _grown(seed, pieces, [*text, *apart, *_innermost(obstacles, seed.box)])
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


def join_with_grounds(
    pictures: Sequence[Picture], surfaces: Sequence[Found], text: Sequence[Box]
) -> tuple[list[Picture], list[Found]]:
    """Joins drawings with the even grounds in whose middle they are, and that hold nothing else."""
    kept, rest = list(pictures), []
    others = [*text, *(item.surface.box for item in surfaces)]
    for item in surfaces:
        box = item.surface.box
        held = [picture for picture in pictures if box.contains(picture.box, 1)]
        if (
            len(held) != 1
            or not _is_centered(held[0].box, box)
            or any(
                box.contains(other, 1) and not held[0].box.contains(other, 1)
                for other in others
                if other is not box
            )
        ):
            rest.append(item)
            continue
        kept.remove(held[0])
        kept.append(replace(held[0], box=box, radius=item.surface.radius, circular=False))
    return kept, rest


def _is_centered(part: Box, whole: Box) -> bool:
    return (
        min(part.w, part.h) >= _LEAST_FRAMED
        and part.area >= _FRAMED_SHARE * whole.area
        and abs(part.center_x - whole.center_x) <= _OFF_CENTER * whole.w
        and abs(part.center_y - whole.center_y) <= _OFF_CENTER * whole.h
    )


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
