"""Tells headings from other text and gives them levels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from structra.v1 import node_pb2

from engine.vision.layout.bars import is_bar
from engine.vision.layout.entries import CODE, NUMBER
from engine.vision.layout.entry_names import entry_names
from engine.vision.layout.heading_style import styled_as
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.tables import headable
from engine.vision.percepts import Family

_MAX_WORDS = 18
_LARGE = 1.22
_LARGER = 1.12
_BOLD = 600
# What counts as body type at least, in pixels: on a page of labels and notes most text is fine
# print, and what is set in usual type stands out no more than elsewhere.
_LEAST_BODY = 14.0
_CLEARLY_LARGE = 1.4
# Type scales step by an eighth at least; less is how exactly sizes are read.
_STEP = 0.91
_SENTENCE = re.compile(r"[.;,]$")
# A strip at the top of a card, and how few words its title has.
_STRIP_HEIGHT, _STRIP_WORDS = 76.0, 7
_CARD_HEIGHT = 80.0
# How much larger a card's title is than its text at least, and a title than its lead.
_A_LITTLE, _LEADING, _MEDIUM = 1.05, 1.5, 500
# How much larger than its note a title that is not bold is at least, and than body type; how far
# above the note it stands at most, in sizes of its type, and how many words it has.
_NOTE_LARGER, _ABOVE_BODY, _NOTE_GAP, _NOTE_WORDS = 1.18, 1.1, 0.8, 10
_STOPS = (".", ";", ",", ":")
# A row of so many texts and nothing else, as a footer's entries or the names of clients, heads
# nothing, unless one of them is so many times as large as another, as a specimen of type.
_ENTRIES, _UNLIKE = 4, 2.0
_MARKS = {node_pb2.NODE_KIND_ICON, node_pb2.NODE_KIND_BADGE, node_pb2.NODE_KIND_IMAGE}
_MARK_SIZE = 56.0
_ACTIONS = _MARKS | {node_pb2.NODE_KIND_BUTTON, node_pb2.NODE_KIND_SHAPE}


def mark_headings(page: Item, body: float) -> None:
    """Makes headings of the texts that stand out and head something; sets their levels.

    `body` is the page's body size in CSS pixels. One heading becomes level 1;
    the others follow their size.
    """
    body = max(body, _LEAST_BODY)
    labels = {id(item.label) for item in page.walk() if item.label is not None}
    families = [text.text.family for text in page.texts() if text.text is not None]
    mono = 2 * families.count(Family.MONO) > len(families)
    items = [
        item
        for item, after in _candidates(page, body)
        if _is_heading(item, after, body) and (mono or not _is_mono(item))
    ]
    items += [title for title in _card_titles(page, body) if title not in items]
    items = [item for item in items if id(item) not in labels or item.font_size >= _LARGE * body]
    names = entry_names(page, body)
    items = [item for item in _without_leads(items, page) if id(item) not in names]
    items += [
        item
        for item in styled_as(items, page, body)
        if id(item) not in labels | names and item.text is not None and _is_title(item.text.text)
    ]
    _set_levels(items, page)
    _lift_sections(page)


def _lift_sections(item: Item) -> None:
    """Raises the headings of a section together, so that its first rank is level 2.

    A section that is set smaller than another is no part of it.
    """
    if item.node.role != node_pb2.SEMANTIC_ROLE_SECTION:
        for child in item.children:
            _lift_sections(child)
        return
    headings = [text.node for text in item.texts() if text.node.heading_level]
    lift = min((node.heading_level for node in headings), default=2) - 2
    for node in headings if lift > 0 else ():
        node.heading_level -= lift


def _candidates(page: Item, body: float) -> list[tuple[Item, Item | None]]:
    """Returns free texts with what stands below each in its column.

    Of tables only what heads more in its cell or is set larger than text. What lies in a stack is
    lettering on a picture or shape.
    """
    out: list[tuple[Item, Item | None]] = []

    def visit(item: Item, below: Item | None, *, in_table: bool = False) -> None:
        if is_bar(item) or _is_row_of_entries(item):
            return
        in_table = in_table or item.arrangement is Arrangement.TABLE
        if item.kind == node_pb2.NODE_KIND_BUTTON:
            return
        column = item.arrangement is Arrangement.COLUMN
        marked = None if below is not None and _marked_title(below) else _marked_title(item)
        children = headable(item)
        for child, after in zip_longest(children, children[1:]):
            own = after if column else below if child is marked else None
            free = item.arrangement is not Arrangement.STACK
            fits = free and child.text is not None and child.kind == node_pb2.NODE_KIND_TEXT
            if fits and (column or not in_table or child.font_size >= _LARGE * body):
                out.append((child, own))
            visit(child, own, in_table=in_table)

    visit(page, None)
    return out


def _is_row_of_entries(item: Item) -> bool:
    """Returns whether an item is a row of nothing but texts, none much larger than another."""
    sizes = [child.font_size for child in item.children if child.text is not None]
    row = item.arrangement is Arrangement.ROW and len(sizes) == len(item.children)
    return row and len(sizes) >= _ENTRIES and max(sizes) < _UNLIKE * min(sizes)


def _marked_title(row: Item) -> Item | None:
    """Returns the text of a row that is one text beside icons; it stands for the row."""
    if row.arrangement is not Arrangement.ROW or row.boxed:
        return None
    texts = [child for child in row.children if child.text is not None and not child.surface]
    rest = [child for child in row.children if child not in texts]
    small = all(
        child.rule is not None or (child.kind in _MARKS and child.box.h <= _MARK_SIZE)
        for child in rest
    )
    return texts[0] if len(texts) == 1 and rest and small else None


def _is_heading(item: Item, after: Item | None, body: float) -> bool:
    block = item.text
    if block is None or not _is_title(block.text):
        return False
    words = len(block.text.split())
    if words > _MAX_WORDS or len(block.lines) > 5:
        return False
    if block.size >= _LARGE * body:
        if block.weight >= _BOLD or block.size >= 1.6 * body:
            return True
        if block.size < _CLEARLY_LARGE * body and block.text.endswith(_STOPS):
            return False
        return words <= 10
    if block.weight < _BOLD or block.size < 0.92 * body or words > 12:
        return _leads_prose(item, after) or _tops_note(item, after, body)
    if _SENTENCE.search(block.text) or block.text.endswith(":") or len(block.lines) > 2:
        return False
    return _heads_something(item, after)


def _is_title(text: str) -> bool:
    return len(text) >= 2 and not NUMBER.match(text) and not CODE.search(text)


def _leads_prose(item: Item, after: Item | None) -> bool:
    """Returns whether a short line is set larger than the paragraph right below it."""
    if item.text is None or after is None or after.text is None:
        return False
    words = len(item.text.text.split())
    prose = len(after.text.text.split()) >= 2 * words + 4
    near = after.box.y - item.box.bottom <= 2.5 * item.text.size
    larger = item.text.size >= _LARGER * after.text.size
    return prose and near and larger and words <= _STRIP_WORDS and len(item.text.lines) == 1


def _tops_note(item: Item, after: Item | None, body: float) -> bool:
    """Returns whether a line larger than the page's text stands right on a clearly smaller one."""
    block, note = item.text, after.text if after is not None else None
    if block is None or after is None or note is None or block.text.endswith(_STOPS):
        return False
    near = after.box.y - item.box.bottom <= _NOTE_GAP * block.size
    larger = block.size >= _NOTE_LARGER * note.size and block.size >= _ABOVE_BODY * body
    return near and larger and len(block.text.split()) <= _NOTE_WORDS


def _heads_something(item: Item, after: Item | None) -> bool:
    """Returns whether other content, not more of the same, follows below in the same column."""
    if after is None:
        return False
    block = after.text
    if block is None or item.text is None:
        return True
    return block.weight < item.text.weight or block.size < 0.9 * item.text.size


def _without_leads(items: Sequence[Item], page: Item) -> list[Item]:
    """Returns the items without lines of regular type that lead on from a much larger title."""
    leads: set[int] = set()
    for parent in page.walk():
        if parent.arrangement is not Arrangement.COLUMN:
            continue
        for above, item in pairwise(parent.children):
            if above.text is None or item.text is None or above not in items:
                continue
            near = item.box.y - above.box.bottom <= 2 * item.text.size
            smaller = above.text.size >= _LEADING * item.text.size
            light = item.text.weight < _MEDIUM and above.text.weight >= item.text.weight
            if near and smaller and light:
                leads.add(id(item))
    return [item for item in items if id(item) not in leads]


def _top_title(card: Item, body: float) -> Item | None:
    """Returns the short line on top of a card, set a little larger than what it heads."""
    title = card.children[0]
    block = title.text
    if block is None or title.kind != node_pb2.NODE_KIND_TEXT or title.surface is not None:
        return None
    if len(block.lines) > 1 or len(block.text.split()) > _STRIP_WORDS or block.size < body:
        return None
    sentence = block.text.endswith(_STOPS)
    rest = [text.text for child in card.children[1:] for text in child.texts() if text.text]
    if sentence or not rest or not _is_title(block.text):
        return None
    return title if block.size >= _A_LITTLE * max(other.size for other in rest) else None


def _card_titles(page: Item, body: float) -> list[Item]:
    """Returns the titles on top of cards and in the strips that head them."""
    found = []
    for card in page.walk():
        if card.surface is None or card.arrangement is not Arrangement.COLUMN:
            continue
        if len(card.children) < 2 or card.box.h < _CARD_HEIGHT:
            continue
        title = _strip_title(card.children[0], body) or _top_title(card, body)
        if title is not None:
            found.append(title)
    return found


def _strip_title(strip: Item, body: float) -> Item | None:
    """Returns the title of a strip: its first and only text, but for badges and buttons."""
    if strip.text is not None or strip.box.h > _STRIP_HEIGHT or not strip.children:
        return None
    leaves = [part for part in strip.parts() if not part.children]
    texts = [part for part in leaves if part.kind == node_pb2.NODE_KIND_TEXT]
    rest = [part for part in leaves if part not in texts]
    if len(texts) != 1 or any(part.kind not in _ACTIONS for part in rest):
        return None
    block = texts[0].text
    if block is None or len(block.lines) > 1 or not _is_title(block.text):
        return None
    first = all(part.box.x >= texts[0].box.x for part in rest if part.kind not in _MARKS)
    painted = strip.surface is not None or block.size > 1.05 * body or block.weight >= _BOLD
    fits = len(block.text.split()) <= _STRIP_WORDS and block.size >= 0.95 * body
    return texts[0] if first and painted and fits else None


def _set_levels(items: Sequence[Item], page: Item) -> None:
    for item in items:
        item.node.kind = node_pb2.NODE_KIND_HEADING
    if not items:
        return
    top = [item for item in items if item.box.y < 0.6 * page.box.h] or items
    first = max(top, key=lambda item: (round(item.font_size), -item.box.y))
    first.node.heading_level = 1
    sizes = sorted({round(item.font_size) for item in items if item is not first}, reverse=True)
    steps: list[int] = []
    for size in sizes:
        if not steps or size < _STEP * steps[-1]:
            steps.append(size)
    for item in items:
        if item is not first:
            rank = sum(1 for step in steps if item.font_size < _STEP * step)
            item.node.heading_level = min(2 + rank, 6)


def _is_mono(item: Item) -> bool:
    return item.text is not None and item.text.family is Family.MONO
