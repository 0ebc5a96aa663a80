"""What a check box, radio button or switch looks like in the pixels of its box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import hex_of
from engine.vision.percepts import Box, FormMark, Mark

# Channels of one colour differ by no more.
NEAR = 10
# Within this share of a ring's box from each side, its corners aside, nothing is painted.
_RING_INSET = 0.24
# How much of the inside of a painted box a tick leaves, at least and at most.
_TICKED, _MOST = 0.35, 0.95
_ALIKE = 0.9
# A pixel inside the corners, a ring shows at least this share of what is beyond its corners.
_ROUND = 0.7


def near(window: Pixels, color: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.asarray(np.abs(window.astype(np.float64) - color).max(axis=2) <= NEAR, np.bool_)


def tick(window: Pixels, box: Box) -> FormMark | None:
    """A square or ring whose inside is empty, dotted or ticked."""
    height, width = window.shape[:2]
    inset = max(3, round(height * 0.2))
    inside = window[inset : height - inset, inset : width - inset]
    if inside.size == 0:
        return None
    third = slice(round(height * 0.35), height - round(height * 0.35))
    sides = (window[0, third], window[-1, third], window[third, 0], window[third, -1])
    edge = np.median(np.concatenate(sides), axis=0)
    if any((np.abs(side - edge).max(axis=1) <= 2 * NEAR).mean() < 0.9 for side in sides):
        return None
    corner, beside_it = _unpainted(window, edge, 0), _unpainted(window, edge, 1)
    round_ = min(corner, beside_it) > 4 * NEAR and beside_it > _ROUND * corner
    painted = near(inside, edge).mean() >= _TICKED
    middle = edge if painted else np.median(inside.reshape(-1, 3), axis=0)
    even = float(near(inside, middle).mean())
    filled = bool(np.abs(middle - edge).max() <= 2 * NEAR)
    if filled and even > 0.97:
        return None
    if not filled and even < 0.97 and not round_:
        return None
    if filled and not _TICKED <= even <= _MOST:
        return None
    if not _symmetric(near(inside, middle)) and round_:
        return None
    checked = filled or even < 0.97
    if round_ and not filled:
        center = window[height // 2, width // 2].astype(float)
        beside = np.median(window[inset, width // 2 - 1 : width // 2 + 2], axis=0)
        checked = bool(np.abs(center - beside).max() > 3 * NEAR)
    mark = Mark.RADIO if round_ else Mark.CHECKBOX
    return FormMark(box, mark, hex_of(edge.astype(int)), checked=checked, confidence=0.8)


def _unpainted(window: Pixels, edge: NDArray[np.float64], depth: int) -> float:
    """Returns how far the colours so many pixels inside the corners are from that of the edge."""
    corners = window[[depth, depth, -1 - depth, -1 - depth], [depth, -1 - depth] * 2]
    return float(np.abs(corners - edge).max(axis=1).mean())


def has_tick(window: Pixels) -> bool:
    """Returns whether a painted square bears a tick: lowest between its ends, the right one higher.

    Letters and other signs in tiles have no such line.
    """
    inset = max(2, round(len(window) * 0.15))
    # The outermost pixels are soft where a box begins between pixels.
    ring = [*window[1, inset:-inset], *window[-2, inset:-inset]]
    edge = np.median(np.array(ring), axis=0)
    ink = ~near(window, edge)[inset:-inset, inset:-inset]
    columns = np.flatnonzero(ink.any(axis=0))
    if len(columns) < len(ink) / 2:
        return False
    rows = np.arange(len(ink))
    middles = [float(rows[ink[:, column]].mean()) for column in columns]
    lowest = int(np.argmax(middles))
    ends = middles[-1] < middles[0] < middles[lowest]
    return ends and 0 < lowest < len(columns) / 2


def empty_ring(window: Pixels, box: Box) -> FormMark | None:
    """A thin ring around nothing, which touches its box in the middle of each side alone."""
    height, width = window.shape[:2]
    y, x = height // 2, width // 2
    middles = np.concatenate([window[[0, -1], x], window[y, [0, -1]]]).astype(np.float64)
    edge = middles.mean(axis=0)
    inset = round(height * _RING_INSET)
    inside = window[inset : height - inset, inset : width - inset]
    ground = np.median(inside.reshape(-1, 3), axis=0)
    corners = window[[0, 0, -1, -1], [0, -1, 0, -1]].astype(np.float64)
    if np.abs(edge - ground).max() < 4 * NEAR or not near(inside, ground).all():
        return None
    if (
        np.abs(middles - edge).max() > 2 * NEAR
        or np.abs(corners - edge).max(axis=1).min() < 4 * NEAR
    ):
        return None
    color = hex_of(edge.astype(int))
    return FormMark(box, Mark.RADIO, color, checked=False, confidence=0.8)


def _symmetric(mask: NDArray[np.bool_]) -> bool:
    """Whether a mask looks alike when mirrored, as a dot or ring does and a tick does not."""
    return all(bool((mask == other).mean() > _ALIKE) for other in (mask[::-1], mask[:, ::-1]))


def switch(window: Pixels, box: Box) -> FormMark | None:
    """A pill with a disc at one end: one end is the track's colour, the other the disc's."""
    height, width = window.shape[:2]
    row = window[height // 2].astype(np.float64)
    left, right = row[round(height * 0.5)], row[width - 1 - round(height * 0.5)]
    if np.abs(left - right).max() < 3 * NEAR:
        return None
    half = height // 4
    rows = slice(height // 2 - half, height // 2 + half + 1)
    left_part = window[rows, height // 4 : round(height * 0.7)]
    right_part = window[rows, width - round(height * 0.7) : width - height // 4]
    if near(left_part, left).mean() < 0.8 or near(right_part, right).mean() < 0.8:
        return None
    # The corners of a pill show the ground on all four sides alike.
    corners = np.array([window[0, 0], window[0, -1], window[-1, 0], window[-1, -1]], np.float64)
    if np.abs(corners - corners.mean(axis=0)).max() > 3 * NEAR:
        return None
    checked = bool(right.sum() > left.sum())
    track = left if checked else right
    return FormMark(box, Mark.SWITCH, hex_of(track.astype(int)), checked=checked, confidence=0.8)
