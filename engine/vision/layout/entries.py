"""Tells the entries of a navigation from its captions and from other text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from structra.v1 import node_pb2

from engine.vision.color import saturation
from engine.vision.layout.blocks import TextBlock
from engine.vision.layout.item import Arrangement, Item
from engine.vision.percepts import Box

_WORDS = 4
# How near a subtitle stands below a title at most, in sizes of its type.
_NEAR = 0.4
# The share of a list's texts that stand at most this far behind an icon where icons mark entries,
# in pixels, and how far before these a caption begins at least.
_SIGNED_SHARE, _SIGN_GAP, _OUTDENT = 0.5, 32.0, 12.0
ENTRY_HEIGHT = 64.0
LARGEST_TYPE = 22.0
# The share of a navigation's texts that are in capitals where its entries are.
_MOST_CAPITALS = 0.4
# Up to this many capitals are an abbreviation.
_ABBREVIATION = 3
# From which saturation on words are coloured: bold ones in a menu are its current entry.
CHROMATIC = 0.22
# What says who owns a page, and who owns or made it.
NOTICE = re.compile(r"©|copyright|all rights|\(c\)", re.IGNORECASE)
OWNED = re.compile(
    rf"{NOTICE.pattern}|(made|built) (with|by)|(powered|designed|created) by", re.IGNORECASE
)
# What heads a list of a page's own parts.
CONTENTS = re.compile(
    r"(table of )?contents|on this page|in this (article|guide|page)", re.IGNORECASE
)
# Signs and codes of colours, figures with their unit, period or share, and how long ago
# something was.
NUMBER = re.compile(
    r"^([\W\d_]+|#[\da-fA-F]{3,8}"
    r"|[$€£¥]?\s?[\d.,]+\s?([%kKmM+]?|m?s|min|[kKMGT]B|px)(\s*/\s*\w+\.?)?"
    r"|[\d.,]+ \w+ (\([\d.,]+\s?%\)|ago))$"
)
# What begins with a sign, as an aside or the change of a figure; strings and paths of code.
REMARK = re.compile(r"[+–—-]|[\"'](/|.*[\"'][,;])")
# A stretch of time, such as "March 2013 - Present".
PERIOD = re.compile(r"\b(19|20)\d\d\s*[-–—]\s*(\w+\s+)?((19|20)\d\d|present)", re.IGNORECASE)
# Tags in small letters, braces, ends of statements and the options of commands.
CODE = re.compile(r"</?[a-z]|[{}]|=[\"']|\);|^--?\w")


def nav_entries(item: Item) -> list[Item]:
    """Returns the texts of a navigation that are entries, without captions of groups."""
    texts = [text for text in item.texts() if text.kind == node_pb2.NODE_KIND_TEXT]
    looks = Counter(_look(text) for text in texts)
    if not looks:
        return []
    usual = looks.most_common(1)[0][0]
    capitals = sum(map(_in_capitals, texts)) > _MOST_CAPITALS * len(texts)
    notes = subtitles(item) | _unsigned(item, texts)
    return [
        text
        for text in texts
        if is_label(text)
        and not _is_caption(text, usual, capitals=capitals)
        and not NUMBER.match(text.node.text)
        and not any(run.link for run in text.node.runs)
        and id(text) not in notes
    ]


def _unsigned(nav: Item, texts: Sequence[Item]) -> set[int]:
    """Returns the ids of captions in a list whose entries have icons: they begin where icons do."""
    icons = [part.box for part in nav.walk() if part.kind == node_pb2.NODE_KIND_ICON]
    signed = [text for text in texts if any(_precedes(icon, text.box) for icon in icons)]
    if len(signed) < _SIGNED_SHARE * len(texts):
        return set()
    start = min((text.box.x for text in signed), default=0.0)
    outer = [text for text in texts if text not in signed and text.box.x < start - _OUTDENT]
    colors = Counter(text.node.style.color.value for text in outer)
    return {id(text) for text in outer if colors[text.node.style.color.value] > 1}


def _precedes(icon: Box, text: Box) -> bool:
    gap = text.x - icon.right
    return 0 <= gap <= _SIGN_GAP and abs(icon.center_y - text.center_y) <= text.h / 2


def subtitles(bar: Item) -> set[int]:
    """Returns the ids of the texts of a bar that say more of the one right above each.

    As a person's name and role they are one entry.
    """
    pairs = filter(None, map(with_note, bar.walk()))
    return {
        id(lower)
        for upper, lower in pairs
        if lower.text and lower.box.y - upper.box.bottom <= _NEAR * lower.text.size
    }


def with_note(item: Item) -> tuple[Item, Item] | None:
    """Returns the two texts that a column is, if the lower one is no larger than the upper."""
    if item.arrangement is not Arrangement.COLUMN or len(item.children) != 2:
        return None
    upper, lower = item.children
    if upper.text is None or lower.text is None or lower.text.size > upper.text.size:
        return None
    return upper, lower


def is_entry(item: Item) -> bool:
    """Returns whether an item may be an entry of a navigation: short text, maybe with an icon."""
    texts = list(item.texts())
    if not texts or len(texts) > 2 or item.box.h > ENTRY_HEIGHT or texts[0].text is None:
        return False
    if any(part.kind == node_pb2.NODE_KIND_INPUT for part in item.walk()):
        return False
    if len(texts) == 2 and texts[1].kind != node_pb2.NODE_KIND_BADGE:
        return False
    return is_label(texts[0])


def is_label(item: Item) -> bool:
    """Returns whether a text is short enough to name a page."""
    block = item.text
    if block is None or len(block.lines) > 1 or block.size > LARGEST_TYPE:
        return False
    if CODE.search(block.text):
        return False
    return len(block.text.split()) <= _WORDS and not block.text.endswith((".", ",", ":"))


def is_underlined(block: TextBlock) -> bool:
    """Returns whether all of a text is underlined."""
    return all(line.underline for line in block.lines)


def _look(item: Item) -> tuple[int, bool]:
    if item.text is None:
        return 0, False
    return round(item.text.size), item.text.weight >= 600


def _in_capitals(text: Item) -> bool:
    return text.node.text.isupper() and len(text.node.text) > _ABBREVIATION


def _is_caption(text: Item, usual: tuple[int, bool], *, capitals: bool) -> bool:
    """Returns whether a text names a group of entries; `capitals` says that entries are in them."""
    if text.text is None or text.text.first.underline:
        return False
    if CONTENTS.fullmatch(text.node.text.strip()):
        return True
    upper = _in_capitals(text)
    if upper and not capitals:
        return True
    if _look(text) == usual:
        return False
    smaller = text.text.size < 0.9 * usual[0]
    current = saturation(text.text.color) >= CHROMATIC
    bolder = text.text.weight >= 600 and not usual[1] and not current
    return (upper and smaller) or (bolder and text.text.size >= usual[0])
