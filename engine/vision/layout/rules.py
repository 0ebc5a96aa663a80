"""Tells rules between rows from those that belong to one column of several."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.layout.item import Item, union
from engine.vision.layout.spacing import split
from engine.vision.percepts import Box

# How far apart the ends of rules at one place may be, in pixels.
_SLACK = 4.0
# The least share of a column's width that a rule of its own takes; shadows end in thin rules.
_FILLED = 0.7


def is_rule(row: Sequence[Item]) -> bool:
    """Returns whether a row is a horizontal rule and nothing else."""
    return len(row) == 1 and _is_horizontal(row[0])


def _is_horizontal(item: Item) -> bool:
    return item.rule is not None and item.rule.horizontal


def rules_within(rows: Sequence[list[Item]]) -> tuple[list[list[Item]], list[list[Item]]]:
    """Returns the rows that are no rules, and the rules that part them.

    A rule as wide as one column says nothing about rows: it joins the nearest row that has
    something in its column.
    """
    cells = [list(row) for row in rows if not is_rule(row)]
    items = [item for row in cells for item in row]
    columns = split(items, horizontal=False)
    rules = [row for row in rows if is_rule(row)]
    if len(columns) < 2:
        return cells, rules
    crossing: list[list[Item]] = []
    for row in rules:
        if any(_fills(row[0].box, column) for column in columns):
            min(cells, key=lambda cell: _distance(row[0], cell)).append(row[0])
        else:
            crossing.append(row)
    return cells, crossing


def _fills(rule: Box, column: Sequence[Item]) -> bool:
    """Returns whether a rule lies in a column and takes most of its width."""
    own = union(item.box for item in column)
    within = own.x - _SLACK <= rule.x and rule.right <= own.right + _SLACK
    return within and rule.w >= _FILLED * own.w


def without_rules(row: Sequence[Item]) -> list[Item]:
    """Returns a row's items but for the rules that joined it."""
    return [item for item in row if not is_rule([item])]


def _distance(rule: Item, row: Sequence[Item]) -> float:
    beside = [
        i for i in without_rules(row) if i.box.x < rule.box.right and rule.box.x < i.box.right
    ]
    if not beside:
        return float("inf")
    box = union(item.box for item in beside)
    return min(abs(rule.box.y - box.bottom), abs(box.y - rule.box.bottom))
