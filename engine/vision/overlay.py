"""Draws the detected tree over its screenshot, with a legend, for people to check."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from structra.v1 import canonical_schema_pb2 as schema_pb2
from structra.v1 import node_pb2

from engine.imaging import Pixels

# One colour (BGR) for each kind, apart in hue; kinds that are not here are drawn in grey.
_COLORS: dict[str, tuple[int, int, int]] = {
    "CONTAINER": (180, 120, 60),
    "HEADING": (40, 40, 220),
    "TEXT": (200, 90, 20),
    "LINK": (200, 0, 160),
    "BUTTON": (20, 130, 240),
    "INPUT": (30, 160, 160),
    "IMAGE": (60, 160, 20),
    "ICON": (110, 190, 0),
    "LIST": (150, 60, 120),
    "TABLE": (90, 60, 160),
    "DIVIDER": (120, 120, 120),
    "SHAPE": (0, 100, 120),
    "CHART": (0, 170, 90),
    "BADGE": (100, 20, 200),
}
_OTHER = (128, 128, 128)
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_FADE = 0.35
_ROW = 24
_LEGEND_WIDTH = 190


def draw(pixels: Pixels, schema: schema_pb2.CanonicalSchema) -> bytes:
    """Returns a PNG: the screenshot paled, every node outlined by kind, a legend at the right.

    Args:
        pixels: The analysed page, BGR; it is drawn at one pixel per CSS pixel.
        schema: Its schema; nodes are drawn at their bounds.

    Returns:
        The picture, as high as the page (at least as high as its legend) and
        wider by the legend.
    """
    pixels = _in_css_pixels(pixels, schema)
    paled = cv2.addWeighted(pixels, 1 - _FADE, np.full_like(pixels, 255), _FADE, 0)
    canvas = np.asarray(paled, np.uint8)
    counts: dict[str, int] = {}
    for node, depth in _walk(schema.root, 0):
        name = kind_name(node.kind)
        counts[name] = counts.get(name, 0) + 1
        _outline(canvas, node, _COLORS.get(name, _OTHER), 2 if depth < 3 else 1)
    picture = _with_legend(canvas, counts)
    return bytes(cv2.imencode(".png", picture)[1].tobytes())


def _in_css_pixels(pixels: Pixels, schema: schema_pb2.CanonicalSchema) -> Pixels:
    width, height = round(schema.root.bounds.width), round(schema.root.bounds.height)
    if not width or not height or abs(pixels.shape[1] - width) <= 1:
        return pixels
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def kind_name(kind: node_pb2.NodeKind.ValueType) -> str:
    """Returns the short spelling, such as "HEADING"."""
    return node_pb2.NodeKind.Name(kind).removeprefix("NODE_KIND_")


def _walk(node: node_pb2.Node, depth: int) -> Iterator[tuple[node_pb2.Node, int]]:
    stack = [(node, depth)]
    while stack:
        current, level = stack.pop()
        yield current, level
        stack.extend((child, level + 1) for child in reversed(current.children))


def _outline(
    canvas: Pixels, node: node_pb2.Node, color: tuple[int, int, int], thickness: int
) -> None:
    bounds = node.bounds
    if bounds.width < 1 or bounds.height < 1:
        return
    start = (round(bounds.x), round(bounds.y))
    end = (round(bounds.x + bounds.width) - 1, round(bounds.y + bounds.height) - 1)
    cv2.rectangle(canvas, start, end, color, thickness)
    if node.kind != node_pb2.NODE_KIND_CONTAINER and bounds.width >= 60 and bounds.height >= 12:
        label = kind_name(node.kind)[0] + (str(node.heading_level) if node.heading_level else "")
        (width, height), _ = cv2.getTextSize(label, _FONT, 0.35, 1)
        corner = (start[0] + width + 3, start[1] + height + 3)
        cv2.rectangle(canvas, start, corner, color, cv2.FILLED)
        cv2.putText(
            canvas, label, (start[0] + 2, start[1] + height + 1), _FONT, 0.35, (255, 255, 255), 1,
            cv2.LINE_AA,
        )  # fmt: skip


def _with_legend(canvas: Pixels, counts: dict[str, int]) -> Pixels:
    height = max(canvas.shape[0], _ROW * (len(counts) + 2))
    picture = np.full((height, canvas.shape[1] + _LEGEND_WIDTH, 3), 255, np.uint8)
    picture[: canvas.shape[0], : canvas.shape[1]] = canvas
    left = canvas.shape[1] + 14
    for row, (name, count) in enumerate(sorted(counts.items()), start=1):
        top = row * _ROW
        cv2.rectangle(
            picture, (left, top - 12), (left + 14, top), _COLORS.get(name, _OTHER), cv2.FILLED
        )
        cv2.putText(
            picture, f"{name.lower().replace('_', ' ')} ({count})", (left + 24, top), _FONT, 0.45,
            (40, 40, 40), 1, cv2.LINE_AA,
        )  # fmt: skip
    return picture
