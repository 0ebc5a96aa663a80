"""Pictures cut out of the source, as files that generated code refers to."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
from structra.v1 import canonical_schema_pb2, node_pb2

from engine.imaging import Pixels

FOLDER = "assets"
# Below this many pixels in either direction nothing worth keeping can be cut.
_LEAST = 4
_JPEG_QUALITY = 88


def cut_assets(
    schema: canonical_schema_pb2.CanonicalSchema, source: Pixels
) -> tuple[canonical_schema_pb2.CanonicalSchema, dict[str, bytes]]:
    """Cuts every picture of the schema out of the picture that it was read from.

    Each becomes a PNG or a JPEG, whichever is smaller, named for its node.

    Args:
        schema: A schema with its node tree; it is not changed.
        source: The widest picture that was analysed, BGR.

    Returns:
        A copy of the schema that names the files and records what was assumed,
        and the files by path.
    """
    named = canonical_schema_pb2.CanonicalSchema()
    named.CopyFrom(schema)
    # Bounds are CSS pixels, which differ from the picture's on screens of high density.
    scale = source.shape[1] / max(named.root.bounds.width, 1.0)
    files: dict[str, bytes] = {}
    has_background = False
    for node, media, behind in _pictures(named.root):
        encoded = _cut(source, node.bounds, scale)
        if encoded is None:
            continue
        suffix, data = encoded
        media.asset = f"{FOLDER}/{node.id}.{suffix}"
        files[media.asset] = data
        has_background = has_background or behind
    if files:
        named.assumptions.append(
            "Pictures were cut from the screenshot, in its resolution; the originals are better."
        )
    if has_background:
        named.assumptions.append(
            "Pictures that lie behind text were cut with the text that covers them."
        )
    return named, files


def _pictures(node: node_pb2.Node) -> Iterator[tuple[node_pb2.Node, node_pb2.Media, bool]]:
    """Yields each node with a picture, the picture, and whether it is the node's background."""
    if node.kind in (node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART):
        yield node, node.media, False
    elif node.style.background.HasField("image"):
        yield node, node.style.background.image, True
    for child in node.children:
        yield from _pictures(child)


def _cut(source: Pixels, bounds: node_pb2.Bounds, scale: float) -> tuple[str, bytes] | None:
    height, width = source.shape[:2]
    left, top = max(round(bounds.x * scale), 0), max(round(bounds.y * scale), 0)
    right = min(round((bounds.x + bounds.width) * scale), width)
    bottom = min(round((bounds.y + bounds.height) * scale), height)
    if right - left < _LEAST or bottom - top < _LEAST:
        return None
    part = source[top:bottom, left:right]
    png = cv2.imencode(".png", part)[1].tobytes()
    jpeg = cv2.imencode(".jpg", part, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1].tobytes()
    return ("png", png) if len(png) <= len(jpeg) else ("jpg", jpeg)
