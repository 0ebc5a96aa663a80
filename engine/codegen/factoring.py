"""Finds the components of a page: what repeats becomes one definition with properties."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from engine.codegen.context import slug
from engine.codegen.element import Element, Text

Shape = tuple[object, ...]

_TEXT_NAMES = {
    "title": "title", "text": "text", "link": "linkText", "button": "buttonText",
    "badge": "badge", "label": "label", "strong": "emphasis", "accent": "accent",
    "cell": "text", "heading": "title", "item": "text",
}  # fmt: skip
_ATTRIBUTE_NAMES = {
    "href": "href", "src": "image", "alt": "imageAlt", "placeholder": "placeholder",
    "value": "value", "aria-label": "ariaLabel", "id": "id", "for": "htmlFor", "d": "iconPath",
    "viewBox": "iconViewBox", "width": "imageWidth", "height": "imageHeight", "type": "type",
    "aria-labelledby": "labelledBy",
}  # fmt: skip
_ICON_NAMES = _ATTRIBUTE_NAMES | {"width": "iconWidth", "height": "iconHeight"}
_RESERVED = frozenset({"key", "ref", "children", "class", "default", "for", "props", "style"})
_LEAST_RUN = 3
# Fewer elements are shorter written out than called by a name.
_LEAST_ELEMENTS = 3


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a component that differs between instances: a property."""

    name: str
    values: tuple[str, ...]


@dataclass(slots=True)
class Template:
    """A repeated element: the first instance, and its slots by place.

    A place is the element's number in document order, and the attribute's name
    or the number of the text among its children.
    """

    name: str
    instances: list[Element]
    slots: dict[tuple[int, str], Slot] = field(default_factory=dict)

    @property
    def first(self) -> Element:
        return self.instances[0]

    def properties(self) -> list[Slot]:
        """Returns the slots, each property once."""
        return list({slot.name: slot for slot in self.slots.values()}.values())


def shape(element: Element) -> Shape:
    """Returns a value that is equal for elements that differ only in texts and attribute values."""
    children = tuple(
        "text" if isinstance(child, Text) else shape(child) for child in element.children
    )
    bare = tuple((name, value == "") for name, value in element.attributes.items())
    return (element.tag, element.style.key(), bare, children)


def named_templates(body: Element) -> list[Template]:
    """Returns the schema's components that occur at least twice in one shape."""
    by_name: dict[str, list[Element]] = defaultdict(list)
    for element in _outermost(body):
        by_name[element.component].append(element)
    templates = []
    for name, elements in by_name.items():
        counts = Counter(shape(element) for element in elements)
        common = max(counts, key=lambda key: counts[key])
        same = [element for element in elements if shape(element) == common]
        if len(same) > 1:
            templates.append(make_template(pascal(name), same))
    return templates


def repeated_templates(body: Element, known: Sequence[Template]) -> list[Template]:
    """Returns what occurs at least twice in one shape, in different places, without a name.

    Neighbours are left to loops, and sections to the components that they become.
    """
    taken = {id(element) for template in known for element in template.instances}
    counts = Counter(shape(element) for element in body.walk())
    groups: dict[Shape, list[Element]] = defaultdict(list)
    for element in _outermost_repeated(body, counts, taken):
        groups[shape(element)].append(element)
    looped = {
        id(e) for parent in body.walk() for run in runs(parent) if is_mapped(run) for e in run
    }
    return [
        make_template(pascal(same[0].block or same[0].name or same[0].tag), same)
        for same in groups.values()
        if len(same) > 1 and not all(id(element) in looped for element in same)
    ]


def _outermost_repeated(
    element: Element, counts: Counter[Shape], taken: set[int]
) -> Iterator[Element]:
    for child in element.elements():
        if id(child) in taken:
            continue
        parts = list(child.walk())
        whole = not any(id(part) in taken or part.section for part in parts)
        if whole and len(parts) >= _LEAST_ELEMENTS and counts[shape(child)] > 1:
            yield child
        else:
            yield from _outermost_repeated(child, counts, taken)


def _outermost(element: Element) -> Iterator[Element]:
    for child in element.elements():
        if child.component:
            yield child
        else:
            yield from _outermost(child)


def make_template(name: str, instances: Sequence[Element]) -> Template:
    """Returns the template of elements of equal shape."""
    template = Template(name, list(instances))
    walks = [list(element.walk()) for element in instances]
    taken: dict[str, tuple[str, ...]] = {}
    for place, elements in enumerate(zip(*walks, strict=True)):
        for key, wanted, values in _differing(elements):
            slot = _slot(wanted, values, taken)
            taken[slot.name] = slot.values
            template.slots[place, key] = slot
    return template


def _differing(
    elements: Sequence[Element],
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    first = elements[0]
    for name in first.attributes:
        values = tuple(element.attributes[name] for element in elements)
        if len(set(values)) > 1:
            names = _ICON_NAMES if first.tag == "svg" else _ATTRIBUTE_NAMES
            yield name, names.get(name, "value"), values
    for index, child in enumerate(first.children):
        if isinstance(child, Text):
            texts = tuple(_text_at(element, index) for element in elements)
            if len(set(texts)) > 1:
                yield str(index), _TEXT_NAMES.get(first.name, "text"), texts


def _text_at(element: Element, index: int) -> str:
    child = element.children[index]
    return child.value if isinstance(child, Text) else ""


def _slot(wanted: str, values: tuple[str, ...], taken: dict[str, tuple[str, ...]]) -> Slot:
    name, count = wanted, 1
    while name in taken and taken[name] != values:
        count += 1
        name = f"{wanted}{count}"
    return Slot(name, values)


def runs(element: Element) -> list[list[Element]]:
    """Splits the children into runs of neighbours of equal shape, in order."""
    groups: list[list[Element]] = []
    for child in element.elements():
        if groups and shape(groups[-1][0]) == shape(child):
            groups[-1].append(child)
        else:
            groups.append([child])
    return groups


def is_mapped(run: Sequence[Element]) -> bool:
    """Returns whether a run of like neighbours is worth a loop."""
    return len(run) >= _LEAST_RUN and bool(run[0].children or run[0].attributes)


def pascal(name: str) -> str:
    """Returns a component name in PascalCase that is a valid identifier."""
    parts = [part for part in slug(_split(name), 8).split("-") if part]
    result = "".join(part[:1].upper() + part[1:] for part in parts) or "Component"
    return result if result[0].isalpha() else f"Section{result}"


def camel(name: str) -> str:
    """Returns a name in camelCase."""
    result = pascal(name)
    result = result[0].lower() + result[1:]
    return f"{result}Value" if result in _RESERVED else result


def _split(name: str) -> str:
    return "".join(f" {letter}" if letter.isupper() else letter for letter in name)
