"""Traces icons of one colour: their ink colour, and their outline as SVG path data."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import hex_of
from engine.vision.percepts import Box

# Ink differs from the ground by at least this much, in the channel of most difference.
_LEAST_INK = 24
# The frame around an icon whose even share of it is less is no ground.
_EVEN, _EVEN_SHARE = 16, 0.7
# Pixels farther from every mixture of ground and ink have a colour of their own, and
# an icon with more than this share of them is of several colours.
_OFF, _COLORED = 40, 0.12
# Outlines are traced at this many steps a pixel, and simplified by less than a third of
# a pixel, which the eye does not see.
_FINE, _TOLERANCE = 4, 1.2
_MOST_POINTS = 160
_LEAST_PART = 0.6


@dataclass(frozen=True, slots=True)
class Trace:
    """An icon's ink colour, and its outline in its own box; empty when it has several colours."""

    color: str
    path: str


def trace(pixels: Pixels, box: Box) -> Trace | None:
    """Traces what lies in `box`; None where its ground is not even."""
    height, width = pixels.shape[:2]
    top, left = max(int(box.y) - 2, 0), max(int(box.x) - 2, 0)
    bottom, right = min(int(box.bottom) + 2, height), min(int(box.right) + 2, width)
    window = pixels[top:bottom, left:right].astype(np.float64)
    frame = np.concatenate([window[0], window[-1], window[:, 0], window[:, -1]])
    ground = np.median(frame, axis=0)
    if (np.abs(frame - ground).max(axis=1) <= _EVEN).mean() < _EVEN_SHARE:
        return None
    difference = np.abs(window - ground).max(axis=2)
    strongest = float(difference.max())
    if strongest < _LEAST_INK:
        return None
    ink = np.median(window[difference >= 0.8 * strongest], axis=0)
    way = ink - ground
    share = np.clip((window - ground) @ way / float(way @ way), 0, 1)
    off = np.abs(window - (ground + share[..., None] * way)).max(axis=2) > _OFF
    inked = difference > _LEAST_INK
    color = hex_of(np.rint(ink).astype(int))
    if off.sum() > _COLORED * max(int(inked.sum()), 1):
        return Trace(color, "")
    return Trace(color, _outline(share, int(box.x) - left, int(box.y) - top))


def _outline(share: NDArray[np.float64], left: int, top: int) -> str:
    """The outline of what is more than half covered; `left` and `top` are the box's corner."""
    fine = cv2.resize(
        share.astype(np.float32), None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_LINEAR
    )
    mask = (fine >= 0.5).astype(np.uint8)
    # Holes run the other way round, so that the non-zero rule leaves them open.
    contours, _ = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    parts: list[str] = []
    points = 0
    for contour in contours:
        if cv2.contourArea(contour) < _LEAST_PART * _FINE**2:
            continue
        outline = cv2.approxPolyDP(contour, _TOLERANCE, closed=True)[:, 0]
        points += len(outline)
        places = (outline + 0.5) / _FINE - (left, top)
        parts.append("M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in places) + "z")
    return "" if points > _MOST_POINTS else "".join(parts)


def _short(value: float) -> str:
    return f"{max(value, 0):.1f}".removesuffix(".0")
