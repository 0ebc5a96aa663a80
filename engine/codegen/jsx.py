"""Prints elements as JSX."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

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
# A space that the end of a line would swallow.
_SPACE = '{" "}'

# Prints what stands for an element: its own lines, or None for the element itself.
Replacer = Callable[[Element, int], list[str] | None]
# Returns the expression of a slot for an element's attribute or text, or None.
Slots = Callable[[Element, str], str | None]


def string(value: str) -> str:
    """Returns a JavaScript string literal, in the quotes that need fewer escapes."""
    text = json.dumps(value, ensure_ascii=False)
    if value.count('"') > value.count("'"):
        text = "'" + text[1:-1].replace('\\"', '"').replace("'", "\\'") + "'"
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x7f", "\\x7f")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Content in one line, or an element that takes indented `lines` of its own."""

    text: str
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class _Token:
    """A word or an atom of a line; `space` says that one follows."""

    text: str
    atomic: bool = False
    space: bool = False
    lines: tuple[str, ...] = ()


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
        # Elements whose white space shows.
        self._kept: set[int] = set()

    def lines(self, element: Element, depth: int, extra: tuple[str, ...] = ()) -> list[str]:
        """Returns the lines of an element; `extra` attributes come first."""
        indent = STEP * depth
        if element.tag == "pre":
            self._kept.update(id(inner) for inner in element.walk())
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
        pieces = self._pieces(element, depth + 1)
        head = " ".join([f"<{element.tag}", *extra, *self.attributes(element)])
        whole = f"{indent}{head}>{''.join(piece.text for piece in pieces)}</{element.tag}>"
        broken = self._is_broken(element, extra) or any(piece.lines for piece in pieces)
        if len(whole) <= WIDTH and not broken:
            return [whole]
        lines = self._open(element, indent, ">", extra)
        lines += _fill(pieces, indent + STEP)
        return [*lines, f"{indent}</{element.tag}>"]

    def _is_broken(self, element: Element, extra: tuple[str, ...] = ()) -> bool:
        """Returns whether the content stands on lines of its own, however short it is."""
        crowded = len(extra) + len(self.attributes(element)) > 1
        pieces = (self._words(element, index) for index in range(len(element.children)))
        expressions = sum(piece.startswith("{") for piece in pieces)
        return crowded or expressions > 1 or any(True for _ in element.elements())

    def _pieces(self, element: Element, depth: int) -> list[_Piece]:
        """Returns the content piece by piece: texts, expressions and inline elements."""
        pieces: list[_Piece] = []
        for index, child in enumerate(element.children):
            if not isinstance(child, Element):
                pieces.append(_expression(self._words(element, index), STEP * depth))
            elif child.tag not in VOID_TAGS and child.children and self._is_broken(child):
                pieces.append(_Piece("", tuple(self.lines(child, depth))))
            else:
                pieces.append(_Piece(self._inline(child)))
        return pieces

    def _words(self, element: Element, index: int) -> str:
        """Returns a text child as it is written, "" for an element."""
        child = element.children[index]
        if isinstance(child, Element):
            return ""
        slot = self._slots(element, str(index))
        if slot is not None:
            return f"{{{slot}}}"
        return f"{{{string(child.value)}}}" if id(element) in self._kept else _text(child)

    def _inline(self, element: Element) -> str:
        head = " ".join([f"<{element.tag}", *self.attributes(element)])
        if element.tag in VOID_TAGS or not element.children:
            return f"{head} />"
        content = "".join(self._words(element, index) for index in range(len(element.children)))
        return f"{head}>{content}</{element.tag}>"

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


def _expression(text: str, indent: str) -> _Piece:
    """Returns a text, on lines of its own when it is a string that is too long for one."""
    if text.startswith(('{"', "{'")) and len(indent + text) > WIDTH:
        return _Piece("", (f"{indent}{{", f"{indent}{STEP}{text[1:-1]}", f"{indent}}}"))
    return _Piece(text)


def _fill(pieces: list[_Piece], indent: str) -> list[str]:
    """Fills lines with words and inline pieces; spaces at line ends are kept by `{" "}`."""
    tokens = _tokens(pieces)
    lines: list[str] = []
    current = ""
    for index, token in enumerate(tokens):
        previous = tokens[index - 1] if index else None
        glued = previous is not None and not previous.space
        if token.lines:
            if current:
                lines.append(indent + current + ("" if glued else _SPACE))
            lines += token.lines
            if token.space and index < len(tokens) - 1:
                lines[-1] += _SPACE
            current = ""
            continue
        joint = "" if glued or not current else " "
        if current and not glued and len(indent + current + joint + token.text) > WIDTH:
            by_atom = token.atomic or (previous is not None and previous.atomic)
            lines.append(indent + current + (_SPACE if by_atom else ""))
            current = token.text
        else:
            current += joint + token.text
    return [*lines, indent + current] if current else lines


def _tokens(pieces: list[_Piece]) -> list[_Token]:
    """Splits texts into words; each token knows whether a space follows it."""
    tokens: list[_Token] = []
    for piece in pieces:
        if piece.lines or piece.text.startswith(("<", "{")):
            tokens.append(_Token(piece.text, atomic=True, lines=piece.lines))
            continue
        if piece.text[:1] == " " and tokens:
            tokens[-1].space = True
        words = piece.text.split()
        tokens += [_Token(word, space=True) for word in words]
        if words:
            tokens[-1].space = piece.text[-1:] == " "
    return tokens
