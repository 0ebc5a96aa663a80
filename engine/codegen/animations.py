"""Prints the schema's animations and transitions; none of them moves the layout."""

from __future__ import annotations

from structra.v1 import canonical_schema_pb2 as pb

from engine.codegen.document import Document
from engine.codegen.element import Element
from engine.codegen.stylesheet import block
from engine.schema.css_values import is_easing, is_ident, is_property, is_time

# What can be animated without moving the layout, with the state to come from.
_FROM = {"opacity": "0", "transform": "translateY(1rem)", "filter": "blur(4px)"}
_TRANSITIONED = frozenset({
    "opacity", "transform", "filter", "color", "background-color", "border-color", "box-shadow",
    "outline-color", "text-decoration-color",
})  # fmt: skip


def animation_rules(document: Document) -> str:
    """Returns the rules of all animations, for people who have not asked for less motion."""
    rules: list[str] = []
    for animation in document.schema.css_animations:
        rules += _rules(animation, document.body)
    if not rules:
        return ""
    inner = "\n\n".join(rules).replace("\n", "\n  ").replace("\n  \n", "\n\n")
    return f"@media (prefers-reduced-motion: no-preference) {{\n  {inner}\n}}"


def _rules(animation: pb.CssAnimation, body: Element) -> list[str]:
    duration = animation.duration if is_time(animation.duration) else "200ms"
    easing = animation.timing_function if is_easing(animation.timing_function) else "ease-out"
    names = [name for name in animation.properties if is_property(name)]
    selector = _selector(animation, body)
    if not selector or not is_ident(animation.name):
        return []
    if animation.type == pb.ANIMATION_TYPE_TRANSITION:
        used = [name for name in names if name in _TRANSITIONED]
        value = ", ".join(f"{name} {duration} {easing}" for name in used)
        return [block(selector, {"transition": value})] if used else []
    start = {name: _FROM[name] for name in names if name in _FROM} or {"opacity": "0"}
    frames = f"@keyframes {animation.name} {{\n{block('from', start, '  ')}\n}}"
    return [frames, block(selector, {"animation": f"{animation.name} {duration} {easing} both"})]


def _selector(animation: pb.CssAnimation, body: Element) -> str:
    """Returns what an animation is attached to: buttons and links, sections or components."""
    classes: list[str] = []
    for element in body.walk():
        wanted = {
            pb.ANIMATION_TARGET_COMPONENT: bool(element.component),
            pb.ANIMATION_TARGET_SECTION: bool(element.section),
        }.get(animation.target, element.tag in {"a", "button"})
        if wanted and element.classes:
            classes.append(f".{element.classes[0]}")
    return ",\n".join(dict.fromkeys(classes))
