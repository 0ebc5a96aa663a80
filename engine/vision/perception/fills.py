"""How a surface is filled and what shadow it throws."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap, Region, hex_of
from engine.vision.percepts import Box, GradientFill, ShadowSeen

_SAMPLES = 40
# A fill whose ends differ by less is flat.
_LEAST_SLOPE = 10
# Root mean square distance from a plane, per channel, that a linear gradient may have.
_PLANE_ERROR = 4.0
_EVEN_STEP, _EVEN_SHARE = 3, 0.6
_SHADOW_REACH = 40
_LEAST_SHADOW = 3.0
# Lines beyond a side that tell a shadow from a line.
_LEAST_PROFILE = 4
# How much a shadow changes from line to line.
_LEAST_STEP, _LARGEST_STEP = 4, 16


@dataclass(frozen=True, slots=True)
class Plane:
    """A linear fit of colour over a region: value = base + gx u + gy v, u and v from 0 to 1."""

    base: NDArray[np.float64]
    slope: NDArray[np.float64]
    error: float


def plane_of(pixels: Pixels, regions: FlatMap, region: Region) -> Plane | None:
    """Fits a plane to the region's pixels; None when too few were sampled."""
    box = region.box
    rows = np.linspace(box.y, box.bottom - 1, _SAMPLES).astype(int)
    columns = np.linspace(box.x, box.right - 1, _SAMPLES).astype(int)
    grid = np.ix_(rows, columns)
    inside = regions.labels[grid] == region.label
    if inside.sum() < 12:
        return None
    v, u = np.nonzero(inside)
    design = np.stack([np.ones(len(u)), u / (_SAMPLES - 1), v / (_SAMPLES - 1)], axis=1)
    values = pixels[grid][inside].astype(np.float64)
    fit, *_ = np.linalg.lstsq(design, values, rcond=None)
    error = float(np.sqrt(np.mean((design @ fit - values) ** 2)))
    # A flat fill that a shadow falls on is still flat.
    middle = np.median(values, axis=0)
    even = float((np.abs(values - middle).max(axis=1) <= _EVEN_STEP).mean())
    return Plane(fit[0], fit[1:], 0.0 if even >= _EVEN_SHARE else error)


def gradient_of(pixels: Pixels, regions: FlatMap, region: Region) -> GradientFill | None:
    """Returns the linear gradient that fills a region, or None when it is flat or no plane."""
    plane = plane_of(pixels, regions, region)
    if plane is None or plane.error > _PLANE_ERROR:
        return None
    corners = np.abs(plane.slope).max(axis=1)
    if corners.sum() < _LEAST_SLOPE:
        return None
    # The direction of steepest change over all channels, in pixels.
    strongest = int(np.abs(plane.slope).sum(axis=0).argmax())
    across = plane.slope[0, strongest] / max(region.box.w, 1)
    down = plane.slope[1, strongest] / max(region.box.h, 1)
    angle = math.degrees(math.atan2(across, -down)) % 360
    snapped = round(angle / 15) * 15 % 360
    # CSS: the gradient line is as long as the box's projection on it.
    radians = math.radians(snapped)
    dx, dy = math.sin(radians), -math.cos(radians)
    reach = (abs(region.box.w * dx) + abs(region.box.h * dy)) / 2
    middle = plane.base + plane.slope.sum(axis=0) / 2
    step_u, step_v = dx * reach / max(region.box.w, 1), dy * reach / max(region.box.h, 1)
    change = plane.slope[0] * step_u + plane.slope[1] * step_v
    stops = tuple(
        (offset, hex_of(np.clip(np.rint(middle + sign * change), 0, 255).astype(int)))
        for offset, sign in ((0.0, -1), (1.0, 1))
    )
    return GradientFill(float(snapped), stops)


def shadow_of(pixels: Pixels, box: Box) -> ShadowSeen | None:
    """Returns the drop shadow around a box, from how the ground darkens towards it."""
    profiles = [_profile(pixels, box, side) for side in range(4)]
    seen = [profile for profile in profiles if profile is not None]
    if len(seen) < 3:
        return None
    depth = [float(p[-1] - p[0]) for p in seen]
    if max(depth) < _LEAST_SHADOW or sum(d >= 1 for d in depth) < 2:
        return None
    if any(d < -1 for d in depth) or any((np.diff(p) < -1.5).any() for p in seen):
        return None
    reach = [_reach(p) for p in profiles if p is not None]
    blur = float(max(reach))
    if blur < 2:
        return None
    ground = float(np.mean([p[-1] for p in seen]))
    top, right, bottom, left = (_reach(p) if p is not None else 0.0 for p in profiles)
    # At the edge of a box half of the blur's weight remains.
    alpha = min(max(depth) / max(ground, 1) * 1.6, 0.9)
    return ShadowSeen(
        x=round((right - left) / 2, 0),
        y=round((bottom - top) / 2, 0),
        blur=round((top + right + bottom + left) / 2, 0),
        spread=0.0,
        color="#000000",
        alpha=round(alpha, 2),
    )


def _profile(pixels: Pixels, box: Box, side: int) -> NDArray[np.float64] | None:
    """Brightness from the edge outwards in the middle of a side; None where it is cut short."""
    x, y, right, bottom = int(box.x), int(box.y), int(box.right), int(box.bottom)
    middle_x, middle_y = int(box.center_x), int(box.center_y)
    half_w, half_h = max(int(box.w) // 8, 1), max(int(box.h) // 8, 1)
    columns = slice(max(middle_x - half_w, 0), middle_x + half_w)
    rows = slice(max(middle_y - half_h, 0), middle_y + half_h)
    if side == 0:
        area = pixels[max(y - _SHADOW_REACH, 0) : y, columns][::-1]
    elif side == 1:
        area = pixels[rows, right : right + _SHADOW_REACH].swapaxes(0, 1)
    elif side == 2:
        area = pixels[bottom : bottom + _SHADOW_REACH, columns]
    else:
        area = pixels[rows, max(x - _SHADOW_REACH, 0) : x].swapaxes(0, 1)[::-1]
    if len(area) < 6 or area.shape[1] == 0:
        return None
    lines = area.astype(np.float64).mean(axis=2)
    values: NDArray[np.float64] = np.asarray(np.median(lines, axis=1), np.float64)
    # Stop where something else begins: a jump, or lines that are not even. A shadow is
    # steepest at its box.
    steps = np.abs(np.diff(values))
    largest = min(_LARGEST_STEP, _LEAST_STEP + 2 * steps[:2].max())
    jumps = np.flatnonzero((steps > largest) | (np.ptp(lines, axis=1)[1:] > 24))
    end = int(jumps[0]) + 1 if len(jumps) else len(values)
    if end < _LEAST_PROFILE:
        return None
    # Beyond the brightest line a neighbour's shadow begins; right at the side it hides its own.
    peak = int(values[:end].argmax()) + 1
    if peak >= _LEAST_PROFILE:
        return values[:peak]
    return None if values[:end].max() - values[end - 1] > 1 else values[:end]


def _reach(profile: NDArray[np.float64]) -> float:
    """How many pixels it takes to come within one level of the ground."""
    far = profile[-1]
    below = np.flatnonzero(far - profile >= 1)
    return float(below[-1] + 1) if len(below) else 0.0
