"""The document that all targets print: elements with attributes and conditional styles."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

# Conditions of declarations, in the order of the cascade: everywhere, then from
# the named viewport width on, then states and pseudo-elements.
BREAKPOINTS = ("sm", "md", "lg")
BREAKPOINT_PX = {"": 0, "sm": 640, "md": 768, "lg": 1024}
CONDITIONS = ("", *BREAKPOINTS, ":hover", ":focus-visible", ":checked", "::placeholder")

VOID_TAGS = frozenset({"br", "hr", "img", "input", "col"})
PHRASING_TAGS = frozenset({
    "a", "span", "strong", "em", "code", "br", "img", "input", "button", "select", "textarea",
    "label", "svg", "b", "i", "u", "small",
})  # fmt: skip


@dataclass(slots=True)
class Style:
    """Declarations by condition; the order of properties is kept."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict)

    def set(self, name: str, value: str, at: str = "") -> None:
        """Sets a property under a condition."""
        self.rules.setdefault(at, {})[name] = value

    def get(self, name: str, at: str = "") -> str | None:
        """Returns a property's value under exactly this condition."""
        return self.rules.get(at, {}).get(name)

    def drop(self, name: str, at: str = "") -> None:
        """Removes a property under a condition."""
        rule = self.rules.get(at)
        if rule is not None:
            rule.pop(name, None)
            if not rule:
                del self.rules[at]

    def update(self, other: Style) -> None:
        """Takes over all declarations of another style; its values win."""
        for condition, rule in other.rules.items():
            self.rules.setdefault(condition, {}).update(rule)

    def has(self, name: str) -> bool:
        """Returns whether a property is set under any condition."""
        return any(name in rule for rule in self.rules.values())

    def ordered(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yields the rules that are not empty, in the order of the cascade."""
        for condition in sorted(self.rules, key=CONDITIONS.index):
            if self.rules[condition]:
                yield condition, self.rules[condition]

    def key(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """Returns a value that is equal for equal styles."""
        return tuple((at, tuple(sorted(rule.items()))) for at, rule in self.ordered())

    def __bool__(self) -> bool:
        return any(self.rules.values())


@dataclass(slots=True)
class Text:
    """Character data, as a reader sees it; printers escape it."""

    value: str


@dataclass(slots=True)
class Element:
    """An element of the generated document.

    Attribute values are plain text; an empty string prints as the bare name for
    boolean attributes. `name` is what the element is in its block ("title"),
    `block` the block that begins here ("pricing-card"), `shared` says that the
    class belongs to the whole page (buttons). `component` and `section` name
    what the schema says the element is, `node` the id of its node; `classes` is
    filled in by naming.
    """

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | Text] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    name: str = ""
    block: str = ""
    shared: bool = False
    component: str = ""
    section: str = ""
    node: str = ""
    classes: list[str] = field(default_factory=list)

    def elements(self) -> Iterator[Element]:
        """Yields the child elements."""
        return (child for child in self.children if isinstance(child, Element))

    def walk(self) -> Iterator[Element]:
        """Yields the element and all below it, in document order."""
        yield self
        for child in self.elements():
            yield from child.walk()

    def text(self) -> str:
        """Returns all character data below, joined."""
        return "".join(
            child.value if isinstance(child, Text) else child.text() for child in self.children
        )

    @property
    def has_text(self) -> bool:
        """Returns whether character data lies directly in the element."""
        return any(isinstance(child, Text) for child in self.children)
