"""Evidence about how far a schema can be trusted, as numbers from 0 to 1 or small ratios."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from structra.v1 import canonical_schema_pb2 as pb
from structra.v1 import node_pb2

from engine.schema.tree import Visit, walk

_TEXTUAL = frozenset({
    node_pb2.NODE_KIND_HEADING, node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_LINK,
    node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_BADGE,
})  # fmt: skip
_PICTURES = frozenset({node_pb2.NODE_KIND_IMAGE, node_pb2.NODE_KIND_CHART})
_MARKS = frozenset({node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_SHAPE, node_pb2.NODE_KIND_DIVIDER})
# A text read with less confidence than this is doubtful.
_DOUBTFUL = 0.85
# Schemas without confidences would else be foretold far below anything that was measured.
_MOST_TEXT_DOUBT = 0.4
# Pictures and marks smaller than this on both sides are mostly noise, in pixels.
_SPECK = 10.0
# Letter spacing beyond this (in em) means that the typeface runs unlike the fall-back.
_STRETCHED = 0.045
_SIDE_OFFSET = 24.0
_WIDE = 320.0


def evidence(
    schema: pb.CanonicalSchema,
    problems: Sequence[pb.SchemaProblem],
    exceptions: Sequence[str],
) -> dict[str, float]:
    """Returns the features by name.

    Shares are 0 to 1, rates per 100 nodes, depth is in levels. `text_doubt` is by how much
    the texts' mean confidence falls short of what OCR reaches on clear text, as far as weights
    hold. `color_variety` is ln(1 + the number of different backgrounds): what goes wrong grows
    with them, but slower and slower.
    """
    visits = list(walk(schema.root))
    nodes = [visit.node for visit in visits]
    texts = [node for node in nodes if node.kind in _TEXTUAL and node.text]
    count = max(len(nodes), 1)
    area = max(schema.root.bounds.width * schema.root.bounds.height, 1.0)
    letters = max(sum(len(node.text) for node in texts), 1)
    text_confidence = _weighted(texts)
    kind_confidence = sum(n.confidence for n in nodes) / count
    backgrounds = {n.style.background.color.value for n in nodes} - {""}
    return {
        "text_confidence": text_confidence,
        "text_doubt": min(max(_DOUBTFUL - text_confidence, 0.0), _MOST_TEXT_DOUBT),
        "color_variety": math.log1p(len(backgrounds)),
        "doubtful_text_share": sum(len(n.text) for n in texts if n.confidence < _DOUBTFUL)
        / letters,
        "fragment_share": sum(1 for n in texts if len(n.text.strip()) <= 2) / max(len(texts), 1),
        "stretched_text_share": sum(
            len(n.text) for n in texts if abs(n.style.typography.letter_spacing) > _STRETCHED
        )
        / letters,
        "kind_confidence": kind_confidence,
        "covered_share": min(sum(_area(n) for n in _leaves(nodes)) / area, 1.0),
        "picture_share": min(sum(_area(n) for n in nodes if n.kind in _PICTURES) / area, 1.0),
        "background_picture_share": min(
            sum(_area(n) for n in nodes if n.style.background.HasField("image")) / area, 1.0
        ),
        "speck_share": sum(1 for n in nodes if _is_speck(n)) / count,
        "overlap_rate": 100 * sum(1 for _ in _overlaps(visits)) / count,
        "overlay_rate": 100
        * sum(1 for n in nodes if n.layout.position == node_pb2.POSITION_OVERLAY)
        / count,
        "offset_share": sum(1 for n in nodes if _is_offset(n)) / count,
        "ambiguity_rate": 100 * len(schema.ambiguities) / count,
        "warning_rate": 100 * len(problems) / count,
        "exception_rate": 100 * len(exceptions) / count,
        "fixed_width_share": sum(1 for n in nodes if _is_wide_fixed(n)) / count,
        "unruled_grid_share": _unruled_grids(schema, nodes),
        "single_viewport": 1.0 if len(schema.viewports) < 2 else 0.0,
        "depth": float(max((len(visit.ancestors) for visit in visits), default=0)),
        "reuse_share": _reuse(schema, count),
        "section_share": min(len(schema.sections) / 4, 1.0),
        "nodes": float(len(nodes)),
    }


def _weighted(texts: list[node_pb2.Node]) -> float:
    letters = sum(len(node.text) for node in texts)
    if not letters:
        return 0.0
    return sum(node.confidence * len(node.text) for node in texts) / letters


def _area(node: node_pb2.Node) -> float:
    return float(node.bounds.width * node.bounds.height)


def _leaves(nodes: list[node_pb2.Node]) -> Iterator[node_pb2.Node]:
    return (node for node in nodes if not node.children)


def _is_speck(node: node_pb2.Node) -> bool:
    small = max(node.bounds.width, node.bounds.height) <= _SPECK
    return small and (node.kind in _MARKS or node.kind in _PICTURES)


def _overlaps(visits: list[Visit]) -> Iterator[node_pb2.Node]:
    """Yields the nodes that overlap a sibling before them by more than a tenth of their area."""
    for visit in visits:
        seen: list[node_pb2.Node] = []
        for child in visit.node.children:
            if child.layout.position != node_pb2.POSITION_OVERLAY:
                if any(_shared(child, other) > 0.1 * max(_area(child), 1.0) for other in seen):
                    yield child
                seen.append(child)


def _shared(first: node_pb2.Node, second: node_pb2.Node) -> float:
    a, b = first.bounds, second.bounds
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    return max(width, 0.0) * max(height, 0.0)


def _is_offset(node: node_pb2.Node) -> bool:
    """Returns whether a node stands where neither a gap nor an alignment puts it."""
    margin = node.layout.margin
    return margin.left.px > _SIDE_OFFSET or margin.right.px > _SIDE_OFFSET or margin.top.px < 0


def _is_wide_fixed(node: node_pb2.Node) -> bool:
    layout = node.layout
    return layout.width_sizing == node_pb2.SIZING_FIXED and layout.width.px >= _WIDE


def _unruled_grids(schema: pb.CanonicalSchema, nodes: list[node_pb2.Node]) -> float:
    ruled = {rule.node_id for rule in schema.responsive_rules}
    grids = [
        node
        for node in nodes
        if node.layout.display == node_pb2.DISPLAY_GRID and node.layout.columns > 1
    ]
    return sum(1 for node in grids if node.id not in ruled) / len(grids) if grids else 0.0


def _reuse(schema: pb.CanonicalSchema, count: int) -> float:
    """Returns the share of nodes that are in an instance of a reusable component."""
    roots = {i for c in schema.components if len(c.node_ids) > 1 for i in c.node_ids}
    inside = sum(
        1
        for visit in walk(schema.root)
        if visit.node.id in roots or any(node.id in roots for node in visit.ancestors)
    )
    return inside / count
