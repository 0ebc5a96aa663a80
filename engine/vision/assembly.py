"""Puts the canonical schema together from laid out pages."""

from __future__ import annotations

from collections.abc import Sequence

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.components import find_components
from engine.vision.harmony import level_components
from engine.vision.honesty import ambiguities, assumptions, confidence
from engine.vision.layout.emit import emit
from engine.vision.layout.item import Arrangement
from engine.vision.layout.page import LaidOutPage
from engine.vision.percepts import Family
from engine.vision.responsive import derive_rules
from engine.vision.sections import layout_kind, list_sections
from engine.vision.table_harmony import level_tables
from engine.vision.tokens import apply_tokens
from engine.vision.viewports import breakpoint_of, merged, observed_rules

_FONT_TOKENS = {
    Family.SANS: "--font-sans",
    Family.SERIF: "--font-serif",
    Family.MONO: "--font-mono",
}

# How bands whose edges are no straight lines are drawn.
_EDGES = {
    node_pb2.SHAPE_TYPE_WAVE: (
        canonical_schema_pb2.BACKGROUND_SHAPE_WAVE,
        canonical_schema_pb2.BACKGROUND_TYPE_SVG,
    ),
    node_pb2.SHAPE_TYPE_CURVE: (
        canonical_schema_pb2.BACKGROUND_SHAPE_CURVE,
        canonical_schema_pb2.BACKGROUND_TYPE_SVG,
    ),
    node_pb2.SHAPE_TYPE_POLYGON: (
        canonical_schema_pb2.BACKGROUND_SHAPE_POLYGON,
        canonical_schema_pb2.BACKGROUND_TYPE_CLIP_PATH,
    ),
}


def assemble_schema(
    pages: Sequence[LaidOutPage], targets: Sequence[str] = ()
) -> canonical_schema_pb2.CanonicalSchema:
    """Returns the schema of one page, laid out at one or more viewports, widest first."""
    base = pages[0]
    schema = canonical_schema_pb2.CanonicalSchema()
    schema.meta.schema_version = "1.0"
    schema.meta.input_type.append(canonical_schema_pb2.INPUT_TYPE_IMAGE)
    schema.meta.framework_target.extend(targets)
    schema.meta.title = _title(base)
    schema.meta.language = "en" if base.percepts.lines else ""
    schema.meta.confidence_level = confidence(base)
    sections = list_sections(base.root)
    schema.sections.extend(sections)
    schema.components.extend(find_components(base.root, sections))
    _strategies(schema, base)
    schema.responsive_rules.extend(merged(derive_rules(base.root), observed_rules(base, pages[1:])))
    schema.assumptions.extend(assumptions(base, viewports=len(pages)))
    schema.ambiguities.extend(ambiguities(base))
    _paint_page(base)
    schema.root.CopyFrom(emit(base.root))
    level_components(schema)
    level_tables(schema)
    for family, token in _FONT_TOKENS.items():
        if family is Family.SANS or any(line.family is family for line in base.percepts.lines):
            schema.css_variables.typography[token] = base.typefaces[family].stack
    apply_tokens(schema, base.percepts.background)
    for page in pages:
        schema.viewports.add(
            width=page.percepts.width,
            height=page.percepts.height,
            breakpoint=breakpoint_of(page.percepts.width),
        )
    return schema


def _title(page: LaidOutPage) -> str:
    headings = [item for item in page.root.texts() if item.node.heading_level]
    if not headings:
        return ""
    return min(headings, key=lambda item: item.node.heading_level).node.text


def _paint_page(page: LaidOutPage) -> None:
    """Gives the root the page's background and the type that most text has."""
    style = page.root.node.style
    style.background.color.value = page.percepts.background
    style.typography.size.px = page.body_size
    style.typography.line_height = 1.5
    families = [line.family for line in page.percepts.lines for _ in line.text]
    common = (
        max(set(families), key=lambda family: (families.count(family), family.value))
        if (families)
        else Family.SANS
    )
    style.typography.family = {
        Family.SANS: node_pb2.FONT_FAMILY_SANS,
        Family.SERIF: node_pb2.FONT_FAMILY_SERIF,
        Family.MONO: node_pb2.FONT_FAMILY_MONO,
    }[common]


def _strategies(schema: canonical_schema_pb2.CanonicalSchema, page: LaidOutPage) -> None:
    kind = layout_kind(page.root)
    schema.layout_strategy.main_approach = kind
    schema.layout_strategy.reason = {
        canonical_schema_pb2.LAYOUT_KIND_GRID: "Contents stand in columns that line up.",
        canonical_schema_pb2.LAYOUT_KIND_FLEX: "Contents follow each other along one axis.",
        canonical_schema_pb2.LAYOUT_KIND_HYBRID: (
            "Columns that line up are grids; everything that follows along one axis is flex."
        ),
    }[kind]
    items = list(page.root.walk())
    stacks = [item for item in items if item.arrangement is Arrangement.STACK]
    pictures = [item for item in items if item.picture is not None and item.boxed]
    if stacks or pictures:
        level = (
            canonical_schema_pb2.Z_INDEX_STRATEGY_MINIMAL
            if len(stacks) < 4
            else canonical_schema_pb2.Z_INDEX_STRATEGY_MODERATE
        )
        schema.layering.z_index_strategy = level
        schema.layering.positioning = (
            "Content over pictures lies in the picture's box; overlays share a grid cell."
        )
        schema.layering.reason = (
            f"{len(pictures)} pictures lie behind content and {len(stacks)} parts overlap; "
            "neither needs absolute positions."
        )
    gradients = [item for item in items if item.surface and item.surface.gradient]
    shapes = [
        item.node.media
        for item in items
        if item.kind == node_pb2.NODE_KIND_SHAPE and item.node.media.shape in _EDGES
    ]
    if shapes:
        shape, technique = _EDGES[shapes[0].shape]
        schema.background_strategy.type = technique
        schema.background_strategy.shape = shape
        schema.background_strategy.position = canonical_schema_pb2.BACKGROUND_POSITION_FULL
        schema.background_strategy.reason = shapes[0].technique_reason
    elif gradients:
        strategy = schema.background_strategy
        strategy.type = canonical_schema_pb2.BACKGROUND_TYPE_CSS_GRADIENT
        strategy.shape = canonical_schema_pb2.BACKGROUND_SHAPE_NONE
        strategy.position = canonical_schema_pb2.BACKGROUND_POSITION_FULL
        strategy.technique.uses_custom_properties = True
        strategy.reason = (
            f"{len(gradients)} backgrounds change evenly in colour, which a CSS gradient draws."
        )
