"""Makes links of the titles of teasers: entries of a blog or news list, told by their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial

from structra.v1 import node_pb2

from engine.vision.layout.entries import PERIOD
from engine.vision.layout.item import Arrangement, Item

_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_DATE = re.compile(
    rf"\b{_MONTH}\s+\d{{1,2}}\b|\b\d{{1,2}}\.?\s+{_MONTH}\b|\bmin(ute)?s? read\b"
    r"|\b(\d+|an?) (minute|hour|day|week|month|year)s? ago\b|\byesterday\b"
    r"|\b(19|20)\d\d(-\d\d-|/\d\d/|\.\d\d\.)\d\d\b"
    r"|\b\d\d(/\d\d/|\.\d\d\.)(19|20)\d\d\b"
    r"|\bposted (by|on|in)\b",
    re.IGNORECASE,
)
# The time of day of a booking or message; what is published has a date only.
_CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")
_LEAST, _LEAST_SIZE = 2, 18.0
_SAME_SIZE = 0.1
# How many words stand with a date in a note at most, and in a title.
_NOTE_WORDS, _TITLE_WORDS = 12, 18
_LEAST_LETTERS = 3
# How much larger a title is than its note, how far above or below it in sizes of its type, and how
# exactly the two line up, in pixels.
_LARGER, _ABOVE, _BELOW, _LINED_UP = 1.08, 1.6, 0.5, 30.0
# The share of the page's width that a card takes at most; wider boxes are bands.
_WIDEST_CARD = 0.7
_PLAIN = {node_pb2.NODE_KIND_TEXT, node_pb2.NODE_KIND_HEADING}
_MORE = re.compile(r"(read|see|show|learn) (more|on)|continue( reading)?|more", re.IGNORECASE)


def mark_teasers(page: Item) -> None:
    """Links the titles that dates go with, when at least two of one size stand on the page."""
    offers = _offers(page)
    for titles in (_dated_headings(page), _noted_titles(page)):
        free = [title for title in titles if id(title) not in offers and not title.node.runs]
        for title in free:
            alike = [other for other in free if _size_gap(title, other) <= _SAME_SIZE]
            if len(alike) >= _LEAST:
                _link(title)


def _offers(page: Item) -> set[int]:
    """Returns the ids of what stands in painted cards with a button, which leads on instead."""
    cards = (
        item
        for item in page.walk()
        if item.surface is not None and item.box.w <= _WIDEST_CARD * page.box.w
    )
    return {
        id(part)
        for card in cards
        if any(text.kind == node_pb2.NODE_KIND_BUTTON for text in card.texts())
        for part in card.walk()
    }


def _link(title: Item) -> None:
    if title.kind == node_pb2.NODE_KIND_HEADING:
        title.node.runs.add(text=title.node.text, link=True)
    else:
        title.node.kind = node_pb2.NODE_KIND_LINK


def _dated_headings(page: Item) -> list[Item]:
    """Returns the headings that share a group with a date."""
    parents = {id(child): item for item in page.walk() for child in item.children}
    titles = [
        item
        for item in page.walk()
        if item.kind == node_pb2.NODE_KIND_HEADING
        and item.text is not None
        and item.text.size >= _LEAST_SIZE
    ]
    return [title for title in titles if _is_dated(title, titles, parents)]


def _noted_titles(page: Item) -> list[Item]:
    """Returns the texts that stand right above or below a smaller note with a date."""
    texts = [text for text in _outside_tables(page) if text.text is not None]
    found = []
    for note in filter(_is_note, texts):
        beside = [text for text in texts if _heads(text, note) or _follows(text, note)]
        title = min(beside, key=partial(_gap, note), default=None)
        if title is None or title.kind not in _PLAIN or title in found:
            continue
        if not any(_leads_on(title, larger) for larger in texts):
            found.append(title)
    return found


def _outside_tables(item: Item) -> Iterator[Item]:
    """Yields the texts of a page but those in tables."""
    if item.arrangement is Arrangement.TABLE:
        return
    if item.text is not None:
        yield item
    for child in item.children:
        yield from _outside_tables(child)


def _is_note(item: Item) -> bool:
    text = item.node.text
    if len(text.split()) > _NOTE_WORDS or PERIOD.search(text) or _CLOCK.search(text):
        return False
    return bool(_DATE.search(text))


def _gap(first: Item, second: Item) -> float:
    """Returns how far apart two texts below each other stand, in pixels."""
    return max(first.box.y - second.box.bottom, second.box.y - first.box.bottom)


def _heads(title: Item, note: Item) -> bool:
    """Returns whether a text stands right above a smaller one and in line with it."""
    gap = note.box.y - title.box.bottom
    return _larger(title, note) and -_BELOW <= gap / title.font_size <= _ABOVE


def _leads_on(text: Item, title: Item) -> bool:
    """Returns whether a text is the subtitle of a larger one right above it."""
    return _heads(title, text) and text.box.y - title.box.bottom <= text.font_size


def _follows(title: Item, note: Item) -> bool:
    """Returns whether a text stands right below a smaller one and in line with it."""
    gap = title.box.y - note.box.bottom
    return _larger(title, note) and -_BELOW <= gap / title.font_size <= _BELOW


def _larger(title: Item, note: Item) -> bool:
    """Returns whether a text may be the title of a smaller one: in line with it, and of words."""
    if title.surface is not None or _is_note(title) or title.kind == node_pb2.NODE_KIND_BUTTON:
        return False
    letters = sum(character.isalpha() for character in title.node.text)
    worded = letters >= _LEAST_LETTERS and len(title.node.text.split()) <= _TITLE_WORDS
    lined_up = abs(title.box.x - note.box.x) <= _LINED_UP
    return worded and lined_up and title.font_size >= _LARGER * note.font_size


def _size_gap(first: Item, second: Item) -> float:
    return abs(first.font_size - second.font_size) / first.font_size


def _is_dated(title: Item, titles: Sequence[Item], parents: dict[int, Item]) -> bool:
    """Returns whether a date goes with a title, and no button that does more than lead on."""
    texts = list(_around(title, titles, parents))
    if any(_acts(text) for text in texts):
        return False
    return any(_DATE.search(text.node.text) for text in texts)


def _acts(item: Item) -> bool:
    words = item.node.text.strip(" »›→>.…")
    return item.kind == node_pb2.NODE_KIND_BUTTON and not _MORE.fullmatch(words)


def _around(title: Item, titles: Sequence[Item], parents: dict[int, Item]) -> Iterator[Item]:
    """Yields the texts that go with a title and no other: its group's, else those that follow."""
    others = {id(other) for other in titles if other is not title}
    item, parent = title, parents.get(id(title))
    while parent is not None and not any(id(part) in others for part in parent.walk()):
        item, parent = parent, parents.get(id(parent))
    yield from (text for text in item.texts() if text is not title)
    if parent is None or parent.arrangement is not Arrangement.COLUMN:
        return
    for sibling in parent.children[parent.children.index(item) + 1 :]:
        if any(id(part) in others for part in sibling.walk()):
            return
        yield from sibling.texts()
