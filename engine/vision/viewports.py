"""Reads responsive rules off pictures of the same page at narrower viewports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from structra.v1 import canonical_schema_pb2, node_pb2

from engine.vision.layout.item import Item
from engine.vision.layout.page import LaidOutPage
from engine.vision.percepts import Box, TextLine

_TABLET_FROM, _DESKTOP_FROM = 640, 1024
# Pages that share fewer words than this are not the same page.
_SAME_PAGE = 0.3
# An item is hidden when it has so many words, and such a share of each of its texts is missing.
_HIDDEN_WORDS, _HIDDEN_SHARE = 2, 0.7
# Smaller pictures are icons, which go with their words. In pixels.
_PICTURE = 64
# A text is found by its first words, and in the middle of a line by no fewer than two of them.
_OPENING, _LEAST_OPENING = 4, 2
# How many lines after one may be its continuation, columns standing side by side.
_FOLLOWING = 3
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

    A grid's columns are counted by where the texts of its children stand there, also where they
    stay as they are; what has no text there any more is hidden, except pictures. A viewport
    that shows a different page, or that belongs to the class of `base`, yields nothing.
    """
    rules: list[canonical_schema_pb2.ResponsiveRule] = []
    own_class = breakpoint_of(base.percepts.width)
    for page in others:
        where = _Words(page.percepts.lines)
        at = breakpoint_of(page.percepts.width)
        if at == own_class or where.share(base.percepts.lines) < _SAME_PAGE:
            continue
        visit = _Visit(base, page, where)
        visit.visit(base.root)
        rules += visit.rules
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
        self._lines = [(_normal(line.text).split(), line.box) for line in lines]
        self._words = Counter(word for words, _ in self._lines for word in words)
        self._pairs = {pair for words, _ in self._lines for pair in pairwise(words)}
        # A text may go on in a line that follows, beside which others may stand.
        filled = [words for words, _ in self._lines if words]
        for number, words in enumerate(filled):
            following = filled[number + 1 : number + 1 + _FOLLOWING]
            self._pairs |= {(words[-1], after[0]) for after in following}

    def share(self, lines: Sequence[TextLine]) -> float:
        """Returns the share of the words of `lines` that are here, 0 to 1."""
        words = [word for line in lines for word in _normal(line.text).split()]
        return sum(word in self._words for word in words) / len(words) if words else 0.0

    def missing(self, text: str) -> float:
        """Returns the share of a text, 0 to 1, whose words do not follow each other here.

        Where lines end is another matter at each width, so no line need be whole.
        """
        words = _normal(text).split()
        if len(words) < 2:
            return float(any(word not in self._words for word in words))
        pairs = list(pairwise(words))
        return sum(pair not in self._pairs for pair in pairs) / len(pairs)

    def find(self, text: str, number: int = 0) -> Box | None:
        """Returns the line in which a text begins.

        A text may stand in several places; `number` says which, from 0.
        """
        wanted = _normal(text).split()
        places = [box for words, box in self._lines if _begins(words, wanted)]
        return places[number] if number < len(places) else None


def _begins(words: Sequence[str], wanted: Sequence[str]) -> bool:
    """Returns whether a text begins in a line, at its beginning or after other words."""
    for start in range(len(words)):
        rest = words[start : start + _OPENING]
        if len(rest) < min(len(wanted), _LEAST_OPENING) and start > 0:
            return False
        if wanted and list(rest) == list(wanted[: len(rest)]):
            return True
    return False


def _normal(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


class _Visit:
    """Compares a page's tree with another viewport's picture of it."""

    def __init__(self, base: LaidOutPage, other: LaidOutPage, where: _Words) -> None:
        self._where = where
        self._width = other.percepts.width
        self._at = breakpoint_of(self._width)
        texts = [text for text in base.root.texts() if _normal(text.node.text)]
        self._order = {id(text): number for number, text in enumerate(texts)}
        there = [
            number
            for number, text in enumerate(texts)
            if where.missing(text.node.text) < _HIDDEN_SHARE
        ]
        # A picture may end before the page does, so nothing after its last text is known.
        self._seen = range(there[0], there[-1]) if there else range(0)
        self.rules: list[canonical_schema_pb2.ResponsiveRule] = []

    def visit(self, item: Item) -> None:
        """Adds the rules of an item and of all that it holds."""
        if self._is_hidden(item):
            self._add(
                item,
                canonical_schema_pb2.RESPONSIVE_ACTION_HIDE,
                f"Nothing of it is shown at {self._width} pixels.",
            )
            return
        columns = item.node.layout.columns
        if columns > 1 and item.kind != node_pb2.NODE_KIND_TABLE:
            count = _columns(item, self._where)
            if count:
                verb = "stay" if count == columns else f"are {count}"
                self._add(
                    item,
                    canonical_schema_pb2.RESPONSIVE_ACTION_RESTRUCTURE,
                    f"The {columns} columns {verb} at {self._width} pixels, as shown there.",
                    count,
                )
        for child in item.children:
            self.visit(child)

    def _is_hidden(self, item: Item) -> bool:
        """Whether nothing of an item is there, between others that are."""
        if any(_is_kept(inner) for inner in item.walk()):
            return False
        texts = [text for text in item.texts() if id(text) in self._order]
        words = sum(len(_normal(text.node.text).split()) for text in texts)
        return words >= _HIDDEN_WORDS and all(
            self._order[id(text)] in self._seen
            and self._where.missing(text.node.text) >= _HIDDEN_SHARE
            for text in texts
        )

    def _add(
        self,
        item: Item,
        action: canonical_schema_pb2.ResponsiveAction.ValueType,
        description: str,
        columns: int = 0,
    ) -> None:
        self.rules.append(
            canonical_schema_pb2.ResponsiveRule(
                breakpoint=self._at,
                action=action,
                description=description,
                node_id=item.node.id,
                columns=columns,
            )
        )


def _is_kept(item: Item) -> bool:
    """Whether an item may be there although the words in it can no longer be read: a picture."""
    return item.picture is not None and min(item.box.w, item.box.h) >= _PICTURE


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
