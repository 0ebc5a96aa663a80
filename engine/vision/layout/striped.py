"""Reads tables whose rows are painted: every row, every second one, or single ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from engine.vision.layout.cut import table
from engine.vision.layout.item import Item, union
from engine.vision.layout.leaves import paint
from engine.vision.layout.regions import Region
from engine.vision.layout.spacing import split
from engine.vision.percepts import Box, Surface

# Rows are at most so high, their corners are hardly round, and their ends lie within the last of
# these of each other. In pixels.
_TALLEST, _ROUND, _SLACK = 130.0, 4.0, 3.0
# How much higher than the rows around it what lies between two of them may be.
_BETWEEN = 2.0
_LEAST_ROWS, _LEAST_COLUMNS = 3, 2
# The share of the rows that fill all columns but one at least.
_FULL = 0.7


def striped_runs(region: Region) -> list[list[Region]]:
    """Returns the boxes in `region` that may be rows of one table each, from top to bottom.

    They begin and end alike, and follow each other with no more than a row's height between.
    """
    rows = sorted(filter(_is_row, region.regions), key=lambda inner: inner.box.y)
    runs: list[list[Region]] = []
    for row in rows:
        for run in runs:
            if _follows(run[-1].box, row.box):
                run.append(row)
                break
        else:
            runs.append([row])
    return [run for run in runs if len(run) > 1]


def _is_row(inner: Region) -> bool:
    surface = inner.surface
    return surface is not None and surface.radius <= _ROUND and inner.box.h <= _TALLEST


def _follows(above: Box, below: Box) -> bool:
    alike = abs(above.x - below.x) <= _SLACK and abs(above.right - below.right) <= _SLACK
    return alike and below.y - above.bottom <= _BETWEEN * max(above.h, below.h)


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table: the box that it takes, what it holds, and its paint if it has some."""

    box: Box
    items: list[Item]
    surface: Surface | None = None


def striped_table(
    run: Sequence[tuple[Region, list[Item]]], loose: Sequence[Item]
) -> tuple[Item, list[Item]] | None:
    """Returns the table that painted rows and what stands between them make up, or None.

    `run` holds the rows with what lies in each, `loose` what lies beside them in the same box;
    what of it is no part of the table is returned with it.
    """
    rows = _with_between(run, loose)
    if not all(row.items for row in rows) or not _share_columns(rows):
        return None
    rest = _without(loose, [item for row in rows for item in row.items])
    cells = [row.items for row in rows]
    columns = split([i for row in cells for i in row], horizontal=False)
    for below in (False, True):
        while (more := _next_row(rows, rest, columns, below=below)) is not None:
            rows.insert(len(rows) if below else 0, more)
            rest = _without(rest, more.items)
    made = table([row.items for row in rows], columns)
    for line, row in zip(made.children, rows, strict=True):
        line.box, line.surface = row.box, row.surface
        if row.surface is not None:
            paint(line.node.style, row.surface)
    made.box = union(row.box for row in rows)
    return made, rest


def _with_between(run: Sequence[tuple[Region, list[Item]]], loose: Sequence[Item]) -> list[_Row]:
    """Returns painted rows, and the unpainted ones where there is space between them."""
    rows: list[_Row] = []
    for region, items in run:
        if rows and region.box.y - rows[-1].box.bottom > _SLACK:
            above = rows[-1].box
            gap = Box(above.x, above.bottom, above.w, region.box.y - above.bottom)
            rows.append(_Row(gap, [item for item in loose if gap.contains(item.box, _SLACK)]))
        surface = region.surface and replace(region.surface, shadow=None)
        rows.append(_Row(region.box, items, surface))
    return rows


def _without(items: Sequence[Item], taken: Sequence[Item]) -> list[Item]:
    return [item for item in items if item not in taken]


def _share_columns(rows: Sequence[_Row]) -> bool:
    """Returns whether rows share columns, all but one of which most rows fill at least."""
    columns = split([item for row in rows for item in row.items], horizontal=False)
    if len(rows) < _LEAST_ROWS or len(columns) < _LEAST_COLUMNS:
        return False
    least = max(_LEAST_COLUMNS, len(columns) - 1)
    full = sum(len(split(row.items, horizontal=False)) >= least for row in rows)
    return full >= _FULL * len(rows)


def _next_row(
    rows: Sequence[_Row], loose: Sequence[Item], columns: Sequence[list[Item]], *, below: bool
) -> _Row | None:
    """Returns the unpainted row that begins or ends a table, or None; its items join `columns`.

    It stands no farther off than the table's rows are high, in the table's columns.
    """
    span = rows[0].box
    edge = rows[-1].box.bottom if below else span.y
    height = _BETWEEN * median(row.box.h for row in rows)
    room = Box(span.x, edge if below else edge - height, span.w, height)
    parts = split([i for i in loose if room.contains(i.box, _SLACK)], horizontal=True)
    items = parts[0 if below else -1] if parts else []
    if len(split(items, horizontal=False)) < max(_LEAST_COLUMNS, len(columns) - 1):
        return None
    starts = [union(item.box for item in column).x for column in columns]
    places = [_place(item, starts) for item in items]
    if None in places:
        return None
    for item, place in zip(items, places, strict=True):
        columns[place or 0].append(item)
    box = union(item.box for item in items)
    inset = box.y - edge if below else edge - box.bottom
    return _Row(Box(span.x, edge if below else box.y - inset, span.w, box.h + 2 * inset), items)


def _place(item: Item, starts: Sequence[float]) -> int | None:
    """Returns in which of the columns that begin at `starts` an item lies; None if across."""
    begun = sum(start - _SLACK <= item.box.x for start in starts)
    if not begun or (begun < len(starts) and item.box.right > starts[begun]):
        return None
    return begun - 1
