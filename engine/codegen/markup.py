"""Prints elements as HTML as Prettier does, but for text, which is never broken.

Programs, Design2Code's among them, take the white space of a text for a part of it.
"""

from __future__ import annotations

from engine.codegen.element import PHRASING_TAGS, VOID_TAGS, Element, Text

# Columns, for tags alone.
_WIDTH = 80
_STEP = "  "
# Attributes that browsers read as present or absent.
_BARE = frozenset({"checked", "disabled", "selected", "required"})
# Elements that never hold any others, drawn outlines among them.
_SELF_CLOSED = VOID_TAGS | {"path"}
_KEEP_SPACE = frozenset({"pre", "textarea"})


def escape_text(value: str) -> str:
    """Returns character data that cannot become markup."""
    return _printable(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_attribute(value: str) -> str:
    """Returns a double-quoted attribute's value that cannot end it."""
    return escape_text(value).replace('"', "&quot;").replace("\n", " ")


def _printable(value: str) -> str:
    """Replaces characters that HTML documents must not contain."""
    return "".join(
        letter if letter in "\n\t" or (letter >= " " and not _forbidden(ord(letter))) else "�"
        for letter in value
    )


def _forbidden(code: int) -> bool:
    return 0x7F <= code <= 0x9F or 0xD800 <= code <= 0xDFFF or code & 0xFFFE == 0xFFFE


def attributes(element: Element) -> list[str]:
    """Returns an element's attributes as they are written, the class first."""
    parts = [f'class="{escape_attribute(" ".join(element.classes))}"'] if element.classes else []
    for name, value in element.attributes.items():
        bare = name in _BARE and value == ""
        parts.append(name if bare else f'{name}="{escape_attribute(value)}"')
    return parts


def render(element: Element, depth: int = 0) -> str:
    """Returns the element with all below it; ends without a line break."""
    return "\n".join(_lines(element, depth))


def _lines(element: Element, depth: int) -> list[str]:
    indent = _STEP * depth
    if element.tag in _SELF_CLOSED:
        return _open(element, indent, " />")
    if element.tag in _KEEP_SPACE:
        return [*_open(element, indent, ">" + _inner(element) + f"</{element.tag}>")]
    if not element.children:
        return _open(element, indent, f"></{element.tag}>")
    if element.has_text or _all_phrasing(element):
        return _phrasing_lines(element, indent)
    lines = _open(element, indent, ">")
    for child in element.elements():
        lines += _lines(child, depth + 1)
    return [*lines, f"{indent}</{element.tag}>"]


def _all_phrasing(element: Element) -> bool:
    """Returns whether spaces between the children could show, so that none may be added."""
    laid_out = (element.style.get("display") or "") in {"flex", "grid", "inline-flex"}
    return (
        not laid_out
        and all(child.tag in PHRASING_TAGS for child in element.elements())
        and (element.tag in {"p", "span", "a", "strong", "b", "em", "code", "label", "button"})
    )


def _phrasing_lines(element: Element, indent: str) -> list[str]:
    content = _inner(element)
    head = f"{indent}<{' '.join([element.tag, *attributes(element)])}>"
    if len(head) <= _WIDTH:
        return [f"{head}{content}</{element.tag}>"]
    if _must_hug(element):
        return [*_open(element, indent, f">{content}</{element.tag}>")]
    return [*_open(element, indent, ">"), f"{indent}{_STEP}{content}", f"{indent}</{element.tag}>"]


def _must_hug(element: Element) -> bool:
    """Returns whether white space inside the tags would be seen."""
    return element.tag == "code"


def _inner(element: Element, *, keep: bool = False) -> str:
    """Returns the content of an element on one line; `keep` says that its white space shows."""
    keep = keep or element.tag in _KEEP_SPACE
    parts: list[str] = []
    for child in element.children:
        if isinstance(child, Text):
            text = escape_text(child.value)
            parts.append(text if keep else _collapse(text))
        else:
            parts.append(_inline(child, keep=keep))
    return "".join(parts) if keep else "".join(parts).strip()


def _inline(element: Element, *, keep: bool) -> str:
    head = " ".join([element.tag, *attributes(element)])
    if element.tag in _SELF_CLOSED:
        return f"<{head} />"
    return f"<{head}>{_inner(element, keep=keep)}</{element.tag}>"


def _collapse(text: str) -> str:
    words = " ".join(text.split())
    if not words:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + words + (" " if text[-1].isspace() else "")


def _open(element: Element, indent: str, end: str) -> list[str]:
    """Returns an opening tag, with an attribute per line when it is too long."""
    parts = attributes(element)
    line = f"{indent}<{' '.join([element.tag, *parts])}{end}"
    # Of preformatted content the first line stands beside the tag.
    if len(line.partition("\n")[0]) <= _WIDTH or not parts:
        return [line]
    lines = [f"{indent}<{element.tag}", *(f"{indent}{_STEP}{part}" for part in parts)]
    return [*lines, f"{indent}{end.lstrip()}"]
