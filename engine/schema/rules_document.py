"""Rules about the document around the node tree."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2 as pb

from engine.schema.css_values import is_easing, is_ident, is_property, is_time
from engine.schema.problems import Problems

_LAYOUT_PROPERTIES = frozenset({
    "width", "height", "min-width", "max-width", "min-height", "max-height", "top", "right",
    "bottom", "left", "inset", "margin", "padding", "border-width", "font-size", "line-height",
    "gap", "grid-template-columns", "flex-basis",
})  # fmt: skip


def check_document(schema: pb.CanonicalSchema, problems: Problems) -> None:
    """Checks required parts, repeats and animations."""
    _check_required(schema, problems)
    _check_reasons(schema, problems)
    _check_viewports(schema, problems)
    for index, animation in enumerate(schema.css_animations):
        _check_animation(animation, f"cssAnimations[{index}]", problems)


def _check_required(schema: pb.CanonicalSchema, problems: Problems) -> None:
    if not schema.HasField("meta"):
        problems.error("meta", "REQUIRED", 'Say what the schema is for: {"schemaVersion": "1.0"}.')
    elif not schema.meta.input_type:
        problems.error(
            "meta.inputType", "REQUIRED", "List the kinds of input: image, text or code."
        )
    elif len(set(schema.meta.input_type)) < len(schema.meta.input_type):
        problems.error("meta.inputType", "DUPLICATE", "List every kind of input once.")
    if not schema.sections:
        problems.error("sections", "REQUIRED", "Describe at least one section of the page.")
    if not schema.HasField("layout_strategy"):
        problems.error("layoutStrategy", "REQUIRED", "Name the main approach and the reason.")
    elif not schema.layout_strategy.main_approach:
        problems.error(
            "layoutStrategy.mainApproach", "REQUIRED", "Choose one of grid, flex, hybrid."
        )
    if not schema.HasField("root"):
        problems.error("root", "REQUIRED", "Code is generated from the node tree; add its root.")
    for index, section in enumerate(schema.sections):
        if not section.layout:
            problems.warning(
                f"sections[{index}].layout", "NOT_SET", "Choose one of grid, flex, hybrid."
            )


def _check_reasons(schema: pb.CanonicalSchema, problems: Problems) -> None:
    parts = (
        ("layoutStrategy", schema.HasField("layout_strategy"), schema.layout_strategy.reason),
        (
            "backgroundStrategy",
            schema.HasField("background_strategy"),
            schema.background_strategy.reason,
        ),
        ("layering", schema.HasField("layering"), schema.layering.reason),
    )
    for path, present, reason in parts:
        if present and not reason.strip():
            problems.error(f"{path}.reason", "REQUIRED", "Say why this was decided.")
    for index, ambiguity in enumerate(schema.ambiguities):
        path = f"ambiguities[{index}]"
        if not ambiguity.chosen:
            problems.warning(f"{path}.chosen", "NOT_SET", "Say which reading was taken.")
        elif ambiguity.alternatives and ambiguity.chosen not in ambiguity.alternatives:
            problems.warning(
                f"{path}.chosen", "NOT_AN_ALTERNATIVE", "The reading taken is not in alternatives."
            )


def _check_viewports(schema: pb.CanonicalSchema, problems: Problems) -> None:
    widths = [viewport.width for viewport in schema.viewports]
    if widths != sorted(widths, reverse=True):
        problems.warning("viewports", "NOT_SORTED", "List the viewports from wide to narrow.")
    if len(set(widths)) < len(widths):
        problems.warning("viewports", "DUPLICATE", "Two viewports have the same width.")


def _check_animation(animation: pb.CssAnimation, path: str, problems: Problems) -> None:
    if not is_ident(animation.name):
        problems.error(
            f"{path}.name", "INVALID_CSS", "Use a CSS identifier: letters, digits, hyphens."
        )
    if animation.duration and not is_time(animation.duration):
        problems.error(f"{path}.duration", "INVALID_CSS", 'Use a CSS time, for example "150ms".')
    if animation.timing_function and not is_easing(animation.timing_function):
        problems.error(
            f"{path}.timingFunction", "INVALID_CSS", 'Use a CSS easing, for example "ease-out".'
        )
    for index, name in enumerate(animation.properties):
        at = f"{path}.properties[{index}]"
        if not is_property(name):
            problems.error(at, "INVALID_CSS", "This is no CSS property name.")
        elif name in _LAYOUT_PROPERTIES:
            problems.warning(
                at,
                "ANIMATES_LAYOUT",
                f"Animating {name} moves the layout; it is left out. Use transform or opacity.",
            )
