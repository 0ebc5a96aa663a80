"""Gives elements class names that a person would choose: block, block__element, modifiers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.codegen.element import Element, Style
from engine.codegen.inherit import INHERITED
from engine.codegen.telling import difference, telling_words, token_word
from engine.codegen.variants import families

_TEXT_PROPERTIES = frozenset({*INHERITED, "text-decoration-line"})
_WORDS = {"font-family": "face", "font-weight": "bold", "color": "accent", "text-align": "aligned"}

StyleKey = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(slots=True)
class _Group:
    """The elements that one class name fits, by style, in document order."""

    name: str
    styles: dict[StyleKey, Style] = field(default_factory=dict)
    elements: dict[StyleKey, list[Element]] = field(default_factory=lambda: defaultdict(list))


class ClassNames:
    """The classes of one page, in the order in which they were given.

    Elements with equal styles in one block share a class; so do texts of equal
    style all over the page, and everything of a shared kind, such as buttons.
    Elements that differ in little share a class, too, and have a modifier each.
    """

    def __init__(self, body: Element) -> None:
        self._styles: dict[str, Style] = {}
        self._groups: dict[tuple[str, str], _Group] = {}
        self._common = _common_text_styles(body)
        self._sort(body, "page")
        for group in self._groups.values():
            self._name(group)

    @property
    def styles(self) -> dict[str, Style]:
        """The style of every class, in document order of the classes' first names."""
        return dict(self._styles)

    def _sort(self, element: Element, block: str) -> None:
        block = element.block or block
        if element.tag != "body" and element.style:
            key = element.style.key()
            scope, name = self._scope(element, block, key)
            group = self._groups.setdefault((scope, name), _Group(name))
            group.styles.setdefault(key, element.style)
            group.elements[key].append(element)
        for child in element.elements():
            self._sort(child, block)

    def _scope(self, element: Element, block: str, key: StyleKey) -> tuple[str, str]:
        """Returns what an element's class is shared in, and the class's name."""
        if element.shared:
            button = element.name == "button"
            return element.name, _button_name(element.style) if button else element.name
        if key in self._common:
            return f"{element.name}*", _text_name(element)
        if element.block:
            return element.block, element.block
        name = f"{block}__{element.name or element.tag}"
        return name, name

    def _name(self, group: _Group) -> None:
        keys = list(group.styles)
        first: Style | None = None
        for family in families([group.styles[key] for key in keys]):
            words = telling_words(difference(family.base, first)) if first is not None else ()
            first = first or family.base
            name = self._free(group.name, words, "-")
            self._styles[name] = family.base
            for index, extra in family.extras.items():
                classes = [name]
                if extra:
                    classes.append(self._free(name, telling_words(extra), "--"))
                    self._styles[classes[1]] = extra
                for element in group.elements[keys[index]]:
                    element.classes = list(classes)

    def _free(self, name: str, words: Iterable[str], mark: str) -> str:
        """Returns a class that is not taken: the name, or with what tells it apart, or numbered."""
        told = [f"{name}{mark}{word}" for word in words]
        fresh = next((known for known in [name, *told] if known not in self._styles), "")
        count = 1
        while not fresh:
            count += 1
            numbered = f"{told[0] if told else name}-{count}"
            fresh = "" if numbered in self._styles else numbered
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
        return f"{element.name}-{token_word(size)}"
    color = element.style.get("color")
    if color is not None:
        return f"{element.name}-{token_word(color)}"
    for name, word in _WORDS.items():
        if element.style.has(name):
            return f"{element.name}-{word}"
    return element.name


def _button_name(style: Style) -> str:
    if style.has("background-color") or style.has("background-image"):
        return "button"
    if style.has("border"):
        return "button-outline"
    return "button-ghost"
