"""A page's layout as a vector: what kind of thing lies where, whatever the page's size."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from structra.v1 import node_pb2
from structra.v1.canonical_schema_pb2 import CanonicalSchema

# The page is cut into GRID x GRID equal cells, each with the share of its area that each
# channel covers.
GRID = 8
_TEXT, _CONTROL, _MEDIA, _GROUP = range(4)
CHANNELS = 4
DIMENSIONS = GRID * GRID * CHANNELS

_CHANNEL_OF = {
    node_pb2.NODE_KIND_HEADING: _TEXT,
    node_pb2.NODE_KIND_TEXT: _TEXT,
    node_pb2.NODE_KIND_LINK: _TEXT,
    node_pb2.NODE_KIND_BADGE: _TEXT,
    node_pb2.NODE_KIND_BUTTON: _CONTROL,
    node_pb2.NODE_KIND_INPUT: _CONTROL,
    node_pb2.NODE_KIND_TABS: _CONTROL,
    node_pb2.NODE_KIND_IMAGE: _MEDIA,
    node_pb2.NODE_KIND_ICON: _MEDIA,
    node_pb2.NODE_KIND_CHART: _MEDIA,
    node_pb2.NODE_KIND_SHAPE: _MEDIA,
    node_pb2.NODE_KIND_CONTAINER: _GROUP,
    node_pb2.NODE_KIND_LIST: _GROUP,
    node_pb2.NODE_KIND_TABLE: _GROUP,
}


def embed_layout(schema: CanonicalSchema) -> list[float] | None:
    """Returns a unit vector of `DIMENSIONS` values, 0 to 1, or None for a page without bounds.

    Close vectors (cosine) mean alike arrangements of alike kinds of elements. Groups count
    with their outlines' area at every depth, so nested cards weigh more than bare space.
    """
    page = schema.root.bounds
    if page.width <= 0 or page.height <= 0:
        return None
    cells = np.zeros((CHANNELS, GRID, GRID), dtype=np.float64)
    for node in _descendants(schema.root):
        channel = _CHANNEL_OF.get(node.kind)
        if channel is not None:
            bounds = node.bounds
            rows = _coverage((bounds.y - page.y) / page.height, bounds.height / page.height)
            columns = _coverage((bounds.x - page.x) / page.width, bounds.width / page.width)
            cells[channel] += np.outer(rows, columns)
    np.minimum(cells, 1.0, out=cells)
    norm = float(np.linalg.norm(cells))
    if norm == 0.0:
        return None
    vector: list[float] = (cells / norm).ravel().tolist()
    return vector


def _descendants(root: node_pb2.Node) -> Iterator[node_pb2.Node]:
    waiting = list(root.children)
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def _coverage(start: float, length: float) -> NDArray[np.float64]:
    """Returns the share of each of the axis's cells that a stretch covers; the axis is 0 to 1."""
    edges = np.arange(GRID + 1, dtype=np.float64) / GRID
    overlap = np.minimum(edges[1:], start + length) - np.maximum(edges[:-1], start)
    shares: NDArray[np.float64] = np.clip(overlap * GRID, 0.0, 1.0)
    return shares
