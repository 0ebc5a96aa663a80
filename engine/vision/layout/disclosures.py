"""Makes buttons of what an angle beside it says can be unfolded: rows, menus and branches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from structra.v1 import node_pb2

from engine.vision.layout.entries import NUMBER
from engine.vision.layout.item import Arrangement, Item
from engine.vision.layout.wrapping import wrap

# How near an angle stands to the words of its menu or branch at most, and how far from those of
# its row at least, in pixels.
_NEAR, _FAR = 14.0, 48.0
# How exactly the angles of a tree's branches line up, in pixels.
_IN_LINE = 3.0
_UNFOLDED, _FOLDED = "chevron-down", "chevron-right"
# Angles that say that something unfolds or folds.
UPRIGHT = {_UNFOLDED, "chevron-up"}
# What is unfolded in these are entries of menus, which stay links; a table's heads are sorted.
_MENUS = {
    node_pb2.SEMANTIC_ROLE_NAV,
    node_pb2.SEMANTIC_ROLE_HEADER,
    node_pb2.SEMANTIC_ROLE_FOOTER,
}


def mark_disclosures(page: Item) -> None:
    """Makes buttons of titles whose rows end in an angle, and of words right before one.

    A heading holds the button. The angle is the button where a painted button heads the row, and
    where it stands before words, as in a tree. One that points aside is one only where another of
    its column points down: lists have such bullets, too.
    """
    rows = list(_rows(page))
    for row in rows:
        _mark_unfolding(row)
        for words, angle in pairwise(row.children):
            if _shape(angle) in UPRIGHT and _is_plain(words) and _gap(words, angle) <= _NEAR:
                _make_button(words)
    branches = [(row, *branch) for row in rows for branch in _branches(row)]
    columns = [angle.box.center_x for _, angle, _ in branches if _shape(angle) == _UNFOLDED]
    for row, angle, words in branches:
        if any(abs(angle.box.center_x - column) <= _IN_LINE for column in columns):
            _wrap_angle(angle, row, words)


def _rows(item: Item) -> Iterator[Item]:
    """Yields the rows outside menus and tables."""
    if item.node.role in _MENUS or item.arrangement is Arrangement.TABLE:
        return
    if item.arrangement is Arrangement.ROW:
        yield item
    for child in item.children:
        yield from _rows(child)


def _shape(item: Item) -> str:
    return item.picture.shape if item.picture is not None else ""


def _is_plain(item: Item) -> bool:
    """Returns whether an item is free text without links that is no figure."""
    if item.kind != node_pb2.NODE_KIND_TEXT or any(run.link for run in item.node.runs):
        return False
    return not NUMBER.match(item.node.text)


def _gap(first: Item, second: Item) -> float:
    return second.box.x - first.box.right


def _mark_unfolding(row: Item) -> None:
    """Makes a button of the first words of a row that ends in an angle, far from all words."""
    parent, last = row, row.children[-1]
    while last.children:
        parent, last = last, last.children[-1]
    if _shape(last) not in UPRIGHT:
        return
    texts = [text for text in row.texts() if text.kind != node_pb2.NODE_KIND_BADGE]
    texts = _on_line(texts, last)
    if not texts or _gap(max(texts, key=lambda text: text.box.right), last) < _FAR:
        return
    title = min(texts, key=lambda text: text.box.x)
    if title.kind == node_pb2.NODE_KIND_TEXT:
        _make_button(title)
    elif title.kind == node_pb2.NODE_KIND_HEADING:
        _hold_button(title)
    elif title.surface is not None:
        _wrap_angle(last, parent, title)


def _wrap_angle(angle: Item, parent: Item, title: Item) -> None:
    """Makes a button of an angle, named by what it unfolds."""
    angle.node.media.alt = f"Toggle {title.node.text}"
    wrap(angle, parent, node_pb2.NODE_KIND_BUTTON)


def _on_line(texts: Sequence[Item], sign: Item) -> list[Item]:
    return [text for text in texts if text.box.y < sign.box.bottom and text.box.bottom > sign.box.y]


def _branches(row: Item) -> Iterator[tuple[Item, Item]]:
    """Yields the angles of a row that stand right before words, with these."""
    for angle, words in pairwise(row.children):
        leads = words.text is not None and _gap(angle, words) <= _NEAR
        if leads and _shape(angle) in {_UNFOLDED, _FOLDED}:
            yield angle, words


def _hold_button(title: Item) -> None:
    """Puts the words of a heading into a button that it holds."""
    node = node_pb2.Node(text=title.node.text, confidence=title.node.confidence)
    node.lines.extend(title.node.lines)
    node.runs.extend(title.node.runs)
    node.style.CopyFrom(title.node.style)
    button = Item(title.box, node, text=title.text)
    _make_button(button)
    title.children = [button]
    title.node.text = ""
    del title.node.lines[:], title.node.runs[:]


def _make_button(item: Item) -> None:
    item.node.kind = node_pb2.NODE_KIND_BUTTON
    item.node.style.typography.align = item.node.style.typography.align or node_pb2.TEXT_ALIGN_START
    for run in item.node.runs:
        run.link = False
