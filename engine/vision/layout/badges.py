"""Tells badges from small buttons."""

from __future__ import annotations

from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.color import contrast, distance, saturation
from engine.vision.percepts import Box, Surface

# The tallest badge and its largest type, in pixels, and its longest label, in letters.
_TALLEST, _LARGEST, _LONGEST = 27.0, 13.5, 18
# A box this low, in sizes of its type, has no room for a button's padding: it lies behind words.
_TIGHT = 1.7
# An outlined button is taller than an outlined badge, in pixels, and no capsule: its radius is at
# most this share of its height.
_OUTLINED_HEIGHT, _CAPSULE = 21.0, 0.35
# An outline is seen on so many sides; a highlight or shadow may cover it on the fourth.
_SIDES = 3
# Up to this distance a fill is that of what is around it.
_SAME_FILL = 8.0
# The tallest of a set of tags and its largest type, in pixels; how little colour its fill has, its
# contrast with what is around it at most, and the fewest tags of a set.
_TALLEST_TAG, _LARGEST_TAG = 34.0, 14.5
_GREY, _QUIET, _SET = 0.15, 1.35, 3


def pill_kind(
    box: Box, surface: Surface | None, text: str, size: float, backdrop: str
) -> node_pb2.NodeKind.ValueType:
    """Returns whether a small painted box with a label in its middle is a badge or a button.

    `size` is that of its type in pixels, `backdrop` the colour around it. Badges are low boxes of
    another colour; buttons as low are outlined, or raised from what is painted alike around them.
    """
    if len(text) > _LONGEST or box.h > _TALLEST:
        return node_pb2.NODE_KIND_BUTTON
    if box.h < _TIGHT * size and size > _LARGEST:
        return node_pb2.NODE_KIND_BADGE
    if size > _LARGEST or (surface is not None and _is_outlined(surface, backdrop)):
        return node_pb2.NODE_KIND_BUTTON
    return node_pb2.NODE_KIND_BADGE


def is_tag(surface: Surface | None, size: float, beside: Sequence[Surface], backdrop: str) -> bool:
    """Returns whether a box is one of a set of tags: low, alike, of a quiet fill without border.

    `size` is that of its type in pixels; `beside` are the boxes painted where it is, itself among
    them, and `backdrop` the colour there.
    """
    if surface is None or surface.fill is None or surface.border_color or surface.shadow:
        return False
    if surface.box.h > _TALLEST_TAG or size > _LARGEST_TAG:
        return False
    drawn = distance(surface.fill, backdrop) > _SAME_FILL
    quiet = drawn and saturation(surface.fill) < _GREY and contrast(surface.fill, backdrop) < _QUIET
    alike = [
        other
        for other in beside
        if abs(other.box.h - surface.box.h) <= 1 and other.fill == surface.fill
    ]
    return quiet and len(alike) >= _SET


def _is_outlined(surface: Surface, backdrop: str) -> bool:
    """Returns whether a box is told from what is around it by an outline or a bevel."""
    box, fill, border = surface.box, surface.fill or backdrop, surface.border_color
    if border is None:
        return distance(fill, backdrop) <= _SAME_FILL
    drawn = min(distance(border, fill), distance(border, backdrop)) > _SAME_FILL
    tall = box.h >= _OUTLINED_HEIGHT and surface.radius <= _CAPSULE * box.h
    return drawn and tall and sum(surface.border_sides) >= _SIDES
