"""Gives the page its main landmark, names for its sections, and forms their submit buttons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.codegen.context import Context
from engine.codegen.element import Element

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FIELDS = frozenset({"input", "select", "textarea"})
_OUTSIDE_MAIN = frozenset({"header", "nav", "aside", "footer"})
_FLOW = (
    "display", "flex-direction", "gap", "row-gap", "column-gap", "align-items", "justify-content",
    "grid-template-columns",
)  # fmt: skip


def finish_landmarks(body: Element, context: Context) -> None:
    """Completes landmarks in place."""
    _ensure_main(body)
    _demote_nested(body)
    for element in list(body.walk()):
        if element.tag == "section":
            _label_section(element, context)
        elif element.tag == "form":
            _submit(element)
        elif element.tag == "a" and not element.text().strip():
            _label_link(element)
    _label_repeated(body)
    _name_fields(body, context)


def _name_fields(body: Element, context: Context) -> None:
    """Names the fields whose visible label became something else than a label."""
    labelled = {e.attributes.get("for") for e in body.walk() if e.tag == "label"}
    for element in body.walk():
        target = element.attributes.get("id", "")
        if element.tag in _FIELDS and target and target not in labelled:
            del element.attributes["id"]
            words = context.words_of_label(target) or element.attributes.get("placeholder", "")
            element.attributes["aria-label"] = words or "Text"


def _ensure_main(body: Element) -> None:
    """Makes a main landmark: of the one child that can be it, else around what is between."""
    if any(element.tag == "main" for element in body.walk()):
        return
    children = list(body.elements())
    inner = [child for child in children if child.tag not in _OUTSIDE_MAIN]
    if not inner:
        return
    if len(inner) == 1 and inner[0].tag == "div":
        only = inner[0]
        nested = [child for child in only.elements() if child.tag in _OUTSIDE_MAIN]
        if nested and len(children) == 1:
            _ensure_main(only)
            return
        only.tag = "main"
        only.name = "main"
        return
    first, last = children.index(inner[0]), children.index(inner[-1])
    between = children[first : last + 1]
    main = Element("main", name="main", block="main")
    for condition, rule in body.style.ordered():
        for name in _FLOW:
            if name in rule:
                main.style.set(name, rule[name], condition)
    if main.style.has("display"):
        main.style.set("width", "100%")
    main.children.extend(between)
    body.children[first : last + 1] = [main]


def _demote_nested(body: Element) -> None:
    """A header or footer is the page's only outside of sections; one main and one is enough."""
    seen: set[str] = set()
    for element in body.walk():
        if element.tag in {"header", "footer", "main"}:
            if element.tag in seen:
                element.tag = "div"
            else:
                seen.add(element.tag)


def _label_section(element: Element, context: Context) -> None:
    """Names a section by its first heading; without one it is a plain box.

    The title of one of several cards names that card, not what holds them all.
    """
    instances = Counter(part.component for part in element.walk() if part.component)
    heading = next(_own_headings(element, instances), None)
    if heading is None:
        element.tag = "div"
        return
    if "id" not in heading.attributes:
        heading.attributes["id"] = context.new_id(heading.text(), "section")
    element.attributes["aria-labelledby"] = heading.attributes["id"]


def _own_headings(element: Element, instances: Counter[str]) -> Iterator[Element]:
    """Yields the headings in `element` that are in no component with several instances."""
    for child in element.elements():
        if instances[child.component] > 1:
            continue
        if child.tag in _HEADINGS:
            yield child
        yield from _own_headings(child, instances)


def _submit(form: Element) -> None:
    """Makes the form's last button submit it."""
    buttons = [child for child in form.walk() if child.tag == "button"]
    if buttons:
        buttons[-1].attributes["type"] = "submit"


def _label_link(element: Element) -> None:
    """Names a link that shows only a picture."""
    if "aria-label" in element.attributes:
        return
    alt = next((e.attributes.get("alt") for e in element.walk() if e.attributes.get("alt")), None)
    if alt is None:
        element.attributes["aria-label"] = "Link"


def _label_repeated(body: Element) -> None:
    """Tells landmarks of the same kind apart by a name."""
    navs = [element for element in body.walk() if element.tag == "nav"]
    for index, element in enumerate(navs):
        if "aria-label" not in element.attributes:
            element.attributes["aria-label"] = "Main" if index == 0 else f"Navigation {index + 1}"
    names: set[str] = set()
    for element in navs:
        label = element.attributes["aria-label"]
        count = 2
        while element.attributes["aria-label"] in names:
            element.attributes["aria-label"] = f"{label} {count}"
            count += 1
        names.add(element.attributes["aria-label"])
    asides = [element for element in body.walk() if element.tag == "aside"]
    for index, element in enumerate(asides):
        name = "Sidebar" if index == 0 else f"Sidebar {index + 1}"
        element.attributes.setdefault("aria-label", name)
