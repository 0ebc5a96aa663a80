"""Prints elements as JSX."""

from __future__ import annotations

import json
from collections.abc import Callable

from engine.codegen.element import VOID_TAGS, Element, Text

WIDTH = 80
STEP = "  "
_NAMES = {
    "class": "className", "for": "htmlFor", "tabindex": "tabIndex", "colspan": "colSpan",
    "stroke-width": "strokeWidth", "stroke-linecap": "strokeLinecap",
    "stroke-linejoin": "strokeLinejoin", "checked": "defaultChecked", "value": "defaultValue",
}  # fmt: skip
_NUMBERS = frozenset({"width", "height", "tabindex", "colspan"})
_PLAIN_ATTRIBUTE = frozenset('"\\&<>{}\n\r\t')
_NOT_TEXT = frozenset("{}<>&\\")

# Prints what stands for an element: its own lines, or None for the element itself.
Replacer = Callable[[Element, int], list[str] | None]
# Returns the expression of a slot for an element's attribute or text, or None.
Slots = Callable[[Element, str], str | None]


def string(value: str) -> str:
    """Returns a JavaScript string literal."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x7f", "\\x7f")


class JsxPrinter:
    """Prints elements. `class_expression` gives the value of className as it is written."""

    def __init__(
        self,
        class_expression: Callable[[list[str]], str],
        replace: Replacer | None = None,
        slots: Slots | None = None,
    ) -> None:
        self._class_expression = class_expression
        self._replace = replace or (lambda _element, _depth: None)
        self._slots = slots or (lambda _element, _key: None)

    def lines(self, element: Element, depth: int, extra: tuple[str, ...] = ()) -> list[str]:
        """Returns the lines of an element; `extra` attributes come first."""
        indent = STEP * depth
        if element.tag in VOID_TAGS or (not element.children and element.tag != "textarea"):
            return self._open(element, indent, " />", extra)
        if element.tag == "textarea":
            return self._open(element, indent, " />", extra)
        if element.has_text:
            return self._mixed(element, depth, extra)
        lines = self._open(element, indent, ">", extra)
        lines += self.children(element, depth + 1)
        return [*lines, f"{indent}</{element.tag}>"]

    def children(self, element: Element, depth: int) -> list[str]:
        """Returns the lines of an element's children."""
        lines: list[str] = []
        for child in element.elements():
            own = self._replace(child, depth)
            lines += self.lines(child, depth) if own is None else own
        return lines

    def _mixed(self, element: Element, depth: int, extra: tuple[str, ...]) -> list[str]:
        indent = STEP * depth
        parts = self._parts(element)
        head = " ".join([f"<{element.tag}", *extra, *self.attributes(element)])
        whole = f"{indent}{head}>{''.join(parts)}</{element.tag}>"
        crowded = len(extra) + len(self.attributes(element)) > 1 or any(
            isinstance(child, Element) for child in element.children
        )
        crowded = crowded or sum(part.startswith("{") for part in parts) > 1
        if len(whole) <= WIDTH and not crowded:
            return [whole]
        lines = self._open(element, indent, ">", extra)
        lines += _fill(parts, indent + STEP)
        return [*lines, f"{indent}</{element.tag}>"]

    def _parts(self, element: Element) -> list[str]:
        """Returns the content piece by piece: texts, expressions and inline elements."""
        parts: list[str] = []
        for index, child in enumerate(element.children):
            if isinstance(child, Element):
                parts.append(self._inline(child))
                continue
            slot = self._slots(element, str(index))
            parts.append(f"{{{slot}}}" if slot is not None else _text(child))
        return parts

    def _inline(self, element: Element) -> str:
        head = " ".join([f"<{element.tag}", *self.attributes(element)])
        if element.tag in VOID_TAGS or not element.children:
            return f"{head} />"
        return f"{head}>{''.join(self._parts(element))}</{element.tag}>"

    def _open(
        self, element: Element, indent: str, end: str, extra: tuple[str, ...] = ()
    ) -> list[str]:
        parts = [*extra, *self.attributes(element)]
        line = f"{indent}{' '.join([f'<{element.tag}', *parts])}{end}"
        if len(line) <= WIDTH or not parts or (len(parts) == 1 and parts[0].endswith('"')):
            return [line]
        lines = [f"{indent}<{element.tag}", *(f"{indent}{STEP}{part}" for part in parts)]
        return [*lines, f"{indent}{end.lstrip()}"]

    def attributes(self, element: Element) -> list[str]:
        """Returns an element's attributes as JSX."""
        parts = []
        if element.classes:
            parts.append(f"className={self._class_expression(element.classes)}")
        for name, value in element.attributes.items():
            slot = self._slots(element, name)
            written = _NAMES.get(name, name)
            if name == "value" and element.tag == "option":
                written = "value"
            if slot is not None:
                parts.append(f"{written}={{{slot}}}")
            elif name in {"checked", "disabled", "selected"} and value == "":
                if name != "selected":
                    parts.append(written)
            elif name in _NUMBERS and value.lstrip("-").isdigit():
                parts.append(f"{written}={{{value}}}")
            else:
                parts.append(f"{written}={attribute(value)}")
        if element.tag == "textarea" and element.children:
            parts.append(f"defaultValue={attribute(element.text())}")
        if element.tag == "select":
            chosen = [e.text() for e in element.elements() if "selected" in e.attributes]
            if chosen:
                parts.append(f"defaultValue={attribute(chosen[0])}")
        return parts


def attribute(value: str) -> str:
    """Returns an attribute's value as JSX: in quotes where it can be, else as an expression."""
    if any(letter in _PLAIN_ATTRIBUTE or ord(letter) < 32 for letter in value):
        return f"{{{string(value)}}}"
    return f'"{value}"'


def _text(child: Text) -> str:
    """Returns text as JSX; characters with a meaning go into a string expression."""
    value = " ".join(child.value.split())
    before = " " if child.value[:1].isspace() else ""
    after = " " if child.value[-1:].isspace() and value else ""
    if any(letter in _NOT_TEXT or ord(letter) < 32 or ord(letter) == 127 for letter in value):
        return f"{{{string(before + value + after)}}}"
    return before + value + after


def _fill(parts: list[str], indent: str) -> list[str]:
    """Fills lines with words and inline pieces; spaces at line ends are kept by `{" "}`."""
    tokens: list[tuple[str, bool, bool]] = []
    for part in parts:
        atomic = part.startswith(("<", "{"))
        words = [part] if atomic else part.split()
        if not atomic and part[:1] == " " and tokens:
            text, is_atomic, _ = tokens[-1]
            tokens[-1] = (text, is_atomic, True)
        for index, word in enumerate(words):
            space = (index < len(words) - 1) or (not atomic and part[-1:] == " ")
            tokens.append((word, atomic, space))
    lines: list[str] = []
    current = ""
    for index, (word, atomic, space) in enumerate(tokens):
        glued = index > 0 and not tokens[index - 1][2]
        joint = "" if glued or not current else " "
        if current and not glued and len(indent + current + joint + word) > WIDTH:
            before_atomic = atomic or tokens[index - 1][1]
            lines.append(indent + current + ('{" "}' if before_atomic else ""))
            current = word
        else:
            current += joint + word
        del space
    return [*lines, indent + current] if current else lines
