"""Gives elements class names that a person would choose: block, block__element, variants."""

from __future__ import annotations

from collections import defaultdict

from engine.codegen.element import Element, Style
from engine.codegen.inherit import INHERITED

_TEXT_PROPERTIES = frozenset({*INHERITED, "text-decoration-line"})
_WORDS = {"font-family": "face", "font-weight": "bold", "color": "accent", "text-align": "aligned"}

StyleKey = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


class ClassNames:
    """The classes of one page, in the order in which they were given.

    Elements with equal styles in one block share a class; so do texts of equal
    style all over the page, and everything of a shared kind, such as buttons.
    """

    def __init__(self, body: Element) -> None:
        self._styles: dict[str, Style] = {}
        self._by_style: dict[tuple[str, StyleKey], str] = {}
        self._common = _common_text_styles(body)
        self._name(body, "page")

    @property
    def styles(self) -> dict[str, Style]:
        """The style of every class, in document order."""
        return dict(self._styles)

    def _name(self, element: Element, block: str) -> None:
        block = element.block or block
        if element.tag != "body" and element.style:
            element.classes = [self._class_of(element, block)]
        for child in element.elements():
            self._name(child, block)

    def _class_of(self, element: Element, block: str) -> str:
        key = element.style.key()
        if element.shared:
            scope = name = element.name
            if element.name == "button":
                name = _button_name(element.style)
        elif key in self._common:
            scope, name = f"{element.name}*", _text_name(element)
        elif element.block:
            scope = name = element.block
        else:
            scope = f"{block}__{element.name or element.tag}"
            name = scope
        known = self._by_style.get((scope, key))
        if known is not None:
            return known
        fresh, count = name, 1
        while fresh in self._styles:
            count += 1
            fresh = f"{name}-{count}"
        self._styles[fresh] = element.style
        self._by_style[scope, key] = fresh
        return fresh


def _common_text_styles(body: Element) -> set[StyleKey]:
    """Returns the purely typographic styles that several blocks use."""
    blocks: dict[StyleKey, set[str]] = defaultdict(set)

    def visit(element: Element, block: str) -> None:
        block = element.block or block
        names = {name for rule in element.style.rules.values() for name in rule}
        if names and names <= _TEXT_PROPERTIES and not element.block and not element.shared:
            blocks[element.style.key()].add(block)
        for child in element.elements():
            visit(child, block)

    visit(body, "page")
    return {key for key, users in blocks.items() if len(users) > 1}


def _text_name(element: Element) -> str:
    """Returns a name for a typographic class, such as "text-sm" or "title-2xl"."""
    size = element.style.get("font-size")
    if size is not None:
        return f"{element.name}-{_token_word(size)}"
    color = element.style.get("color")
    if color is not None:
        return f"{element.name}-{_token_word(color)}"
    for name, word in _WORDS.items():
        if element.style.has(name):
            return f"{element.name}-{word}"
    return element.name


def _token_word(value: str) -> str:
    """Returns what a token is called after its group: "sm" of "var(--text-sm)"."""
    name = value.removeprefix("var(--").removesuffix(")")
    return name.split("-", 1)[-1].replace("(", "").replace(")", "")


def _button_name(style: Style) -> str:
    if style.has("background-color") or style.has("background-image"):
        return "button"
    if style.has("border"):
        return "button-outline"
    return "button-ghost"
