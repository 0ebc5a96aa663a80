"""Looks at generated markup as other measuring programs do."""

from __future__ import annotations

from html.parser import HTMLParser

# The tags whose text Design2Code's released program recolours to find it.
FOUND_TAGS = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "span",
        "a",
        "b",
        "li",
        "table",
        "td",
        "th",
        "button",
        "footer",
        "header",
    ]
)
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
    ]
)
_UNSEEN = frozenset(
    ["head", "script", "style", "template", "title", "option", "select", "textarea", "svg"]
)


class _TextOwners(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []
        self.found = 0
        self.lost: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = data.strip()
        if not text or not self._open or _UNSEEN & set(self._open):
            return
        if self._open[-1] in FOUND_TAGS:
            self.found += len(text)
        else:
            self.lost.append((self._open[-1], text))


def text_lost_to_design2code(markup: str) -> tuple[float, list[tuple[str, str]]]:
    """Returns the share of text that Design2Code's program may not find, and (tag, text) of it.

    Text directly in a tag that the program does not recolour melts into an
    ancestor's block, or is not found at all when its own colour is set.
    """
    parser = _TextOwners()
    parser.feed(markup)
    parser.close()
    lost = sum(len(text) for _, text in parser.lost)
    total = lost + parser.found
    return (lost / total if total else 0.0), parser.lost
