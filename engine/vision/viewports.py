"""Reads responsive rules off pictures of the same page at narrower viewports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.item import Item
from engine.vision.layout.page import LaidOutPage
from engine.vision.percepts import Box, TextLine

_TABLET_FROM, _DESKTOP_FROM = 640, 1024
# Pages that share fewer words than this are not the same page.
_SAME_PAGE = 0.3
_HIDDEN_WORDS = 2
_SAME_ROW = 0.5


def breakpoint_of(width: int) -> canonical_schema_pb2.Breakpoint.ValueType:
    """Returns the viewport class of a width in CSS pixels."""
    if width < _TABLET_FROM:
        return canonical_schema_pb2.BREAKPOINT_MOBILE
    if width < _DESKTOP_FROM:
        return canonical_schema_pb2.BREAKPOINT_TABLET
    return canonical_schema_pb2.BREAKPOINT_DESKTOP


def observed_rules(
    base: LaidOutPage, others: Sequence[LaidOutPage]
) -> list[canonical_schema_pb2.ResponsiveRule]:
    """Returns what changes from `base` at the narrower viewports of `others`.

    A grid's columns are counted by where the texts of its children stand there;
    what has no text there any more is hidden. A viewport that shows a different
    page, or that belongs to the class of `base`, yields nothing.
    """
    rules: list[canonical_schema_pb2.ResponsiveRule] = []
    own_class = breakpoint_of(base.percepts.width)
    for page in others:
        where = _Words(page.percepts.lines)
        at = breakpoint_of(page.percepts.width)
        if at == own_class or where.share(base.percepts.lines) < _SAME_PAGE:
            continue
        _visit(base.root, where, page.percepts.width, at, rules)
    return rules


def merged(
    derived: Sequence[canonical_schema_pb2.ResponsiveRule],
    observed: Sequence[canonical_schema_pb2.ResponsiveRule],
) -> list[canonical_schema_pb2.ResponsiveRule]:
    """Returns all observed rules, and the derived ones that none of them replaces."""
    seen = {(rule.node_id, rule.breakpoint) for rule in observed}
    hidden = {
        (rule.node_id, rule.breakpoint)
        for rule in observed
        if rule.action == canonical_schema_pb2.RESPONSIVE_ACTION_HIDE
    }
    kept = [rule for rule in derived if (rule.node_id, rule.breakpoint) not in seen | hidden]
    return [*observed, *kept]


class _Words:
    """Where words stand on a page."""

    def __init__(self, lines: Sequence[TextLine]) -> None:
        self._lines = [(_normal(line.text), line.box) for line in lines]
        self._words = Counter(word for text, _ in self._lines for word in text.split())

    def share(self, lines: Sequence[TextLine]) -> float:
        """Returns the share of the words of `lines` that are here, 0 to 1."""
        words = [word for line in lines for word in _normal(line.text).split()]
        return sum(word in self._words for word in words) / len(words) if words else 0.0

    def find(self, text: str, number: int = 0) -> Box | None:
        """Returns where a text begins: the line that it starts with, or that starts it.

        A text may stand in several places; `number` says which, from 0.
        """
        wanted = _normal(text)
        places = [
            box
            for line, box in self._lines
            if line and wanted and (wanted.startswith(line) or line.startswith(wanted))
        ]
        return places[number] if number < len(places) else None


def _normal(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def _visit(
    item: Item,
    where: _Words,
    width: int,
    at: canonical_schema_pb2.Breakpoint.ValueType,
    rules: list[canonical_schema_pb2.ResponsiveRule],
) -> None:
    texts = [text.node.text for text in item.texts() if _normal(text.node.text)]
    if texts and not any(where.find(text) for text in texts):
        words = sum(len(text.split()) for text in texts)
        if words >= _HIDDEN_WORDS:
            rules.append(
                canonical_schema_pb2.ResponsiveRule(
                    breakpoint=at,
                    action=canonical_schema_pb2.RESPONSIVE_ACTION_HIDE,
                    description=f"Nothing of it is shown at {width} pixels.",
                    node_id=item.node.id,
                )
            )
            return
    columns = item.node.layout.columns
    if columns > 1 and item.kind != node_pb2.NODE_KIND_TABLE:
        count = _columns(item, where)
        if count and count != columns:
            rules.append(
                canonical_schema_pb2.ResponsiveRule(
                    breakpoint=at,
                    action=canonical_schema_pb2.RESPONSIVE_ACTION_RESTRUCTURE,
                    description=(
                        f"The {columns} columns are {count} at {width} pixels, as shown there."
                    ),
                    node_id=item.node.id,
                    columns=count,
                )
            )
    for child in item.children:
        _visit(child, where, width, at, rules)


def _columns(item: Item, where: _Words) -> int:
    """Returns how many of a grid's children stand side by side there; 0 when it cannot be told."""
    boxes = []
    used: Counter[str] = Counter()
    for child in item.children:
        texts = [text.node.text for text in child.texts() if len(_normal(text.node.text)) > 1]
        for text in texts:
            box = where.find(text, used[_normal(text)])
            used[_normal(text)] += 1
            if box is not None:
                boxes.append(box)
                break
    if len(boxes) < 2:
        return 0
    return max(sum(_share_row(box, other) for other in boxes) for box in boxes)


def _share_row(first: Box, second: Box) -> bool:
    shared = min(first.bottom, second.bottom) - max(first.y, second.y)
    return shared > _SAME_ROW * min(first.h, second.h)
