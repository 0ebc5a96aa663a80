"""Moves type up to where it is inherited from and removes what is inherited anyway."""

from __future__ import annotations

from collections import Counter

from engine.codegen.element import Element

INHERITED = (
    "color", "font-family", "font-size", "font-weight", "line-height", "font-style",
    "text-transform", "letter-spacing", "text-align",
)  # fmt: skip
_INITIAL = {
    "font-weight": "400",
    "font-style": "normal",
    "text-transform": "none",
    "letter-spacing": "normal",
    "text-align": "start",
}
# What moves up to a container; sizes stay with the texts they belong to.
_HOISTED = ("color", "text-align", "text-transform")
# Elements whose own alignment comes from the browser, not from their parent; that of titles of
# columns is reset.
_CONTROLS = frozenset({"button", "input", "select", "textarea"})
_ALIGNED = _CONTROLS | {"th"}
_LEAST = 2


def settle_inheritance(body: Element) -> None:
    """Changes the styles below `body` in place; the page looks the same."""
    _set_defaults(body)
    for name in _HOISTED:
        _hoist(body, name)
    inherited = dict(_INITIAL)
    _prune(body, inherited)


def _set_defaults(body: Element) -> None:
    """Gives the page the type of most of its text."""
    for name in ("color", "font-family", "font-size", "line-height", "letter-spacing"):
        counts: Counter[str] = Counter()
        for element in body.walk():
            value = element.style.get(name)
            if value is not None and element is not body and element.has_text:
                counts[value] += len(element.text())
        if counts:
            value = max(counts, key=lambda key: (counts[key], key))
            body.style.set(name, value)


def _hoist(element: Element, name: str) -> str | None:
    """Returns the value of `name` that everything in `element` asks for, or None.

    A common value of at least two parts moves up to `element`.
    """
    own = element.style.get(name)
    demands: list[tuple[Element, str | None]] = []
    for child in element.elements():
        value = _hoist(child, name)
        if name == "text-align" and child.tag in _CONTROLS:
            continue
        if value is not None or _needs(child, name):
            demands.append((child, value))
    if own is not None:
        return own
    if element.has_text or not demands or element.tag in _ALIGNED:
        return None
    values = {value for _, value in demands}
    value = values.pop()
    if values or value is None or any(_varies(child, name) for child, _ in demands):
        return None
    if len(demands) >= _LEAST:
        for child, _ in demands:
            _leave(child, name, value)
        element.style.set(name, value)
    return value


def _leave(element: Element, name: str, value: str) -> None:
    """Removes a value that is now inherited, down to the first in each branch that sets it."""
    if element.style.get(name) == value:
        element.style.drop(name)
        return
    for child in element.elements():
        _leave(child, name, value)


def _needs(element: Element, name: str) -> bool:
    """Returns whether anything in `element` shows text or takes the text's colour.

    Controls have their own alignment, and pictures need none.
    """
    if name == "text-align":
        return any(e.has_text and e.tag not in _CONTROLS for e in element.walk())
    return any(
        e.has_text or e.tag in {"svg", "input", "select", "textarea"} for e in element.walk()
    )


def _varies(element: Element, name: str) -> bool:
    """Returns whether anything in `element` has another value at some widths or in some state."""
    return any(_conditional(part, name) for part in element.walk())


def _conditional(element: Element, name: str) -> bool:
    return any(name in rule for at, rule in element.style.rules.items() if at)


def _prune(element: Element, inherited: dict[str, str]) -> None:
    current = dict(inherited)
    for name in INHERITED:
        value = element.style.get(name)
        if value is None:
            continue
        keeps = name == "text-align" and element.tag in _ALIGNED
        if value == inherited.get(name) and not keeps and not _conditional(element, name):
            element.style.drop(name)
        current[name] = value
    if element.tag in _ALIGNED and not element.style.has("text-align"):
        current.pop("text-align", None)
    if element.tag in {"strong", "b", "code", "em"}:
        current.pop("font-weight" if element.tag in {"strong", "b"} else "font-family", None)
    for child in element.elements():
        _prune(child, current)
