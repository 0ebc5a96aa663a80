"""Reads tables whose cells are all ruled off: their rows and their columns are boxes that cross."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from engine.vision.layout.regions import Region
from engine.vision.percepts import Box, Lattice, Percepts, Surface

# How far edges that are one may lie apart, in pixels: the width of a rule and its blur.
_SLACK = 3.0
# The fewest rows, and columns.
_LEAST = 2


def join_lattices(percepts: Percepts) -> Percepts:
    """Returns percepts in which the crossing rows and columns of a table are one surface."""
    surfaces = list(percepts.surfaces)
    columns = _runs(surfaces, lambda box: (box.y, box.bottom), lambda box: (box.x, box.right))
    for rows in _runs(surfaces, lambda box: (box.x, box.right), lambda box: (box.y, box.bottom)):
        around = _around(rows)
        crossing = next((run for run in columns if _coincide(around, _around(run))), None)
        if crossing is None:
            continue
        parts = {id(part) for part in (*rows, *crossing)}
        surfaces = [
            item for item in surfaces if id(item) not in parts and not _coincide(item.box, around)
        ]
        surfaces.append(_table(rows, crossing))
    # From the outside in, as they were; boxes as large stay in their order.
    surfaces.sort(key=lambda item: -item.box.area)
    return replace(percepts, surfaces=tuple(surfaces))


def cell_regions(region: Region, lattice: Lattice) -> list[list[Region]]:
    """Returns the cells of a ruled table by rows, with what lies in them."""
    cells = [
        [
            Region(Box(left, top, right - left, bottom - top), row or column or region.ground)
            for (left, right), column in zip(
                pairwise(lattice.columns), lattice.column_fills, strict=True
            )
        ]
        for (top, bottom), row in zip(pairwise(lattice.rows), lattice.row_fills, strict=True)
    ]

    def home(box: Box) -> Region:
        row = _within(lattice.rows, box.center_y)
        return cells[row][_within(lattice.columns, box.center_x)]

    for inner in region.regions:
        home(inner.box).regions.append(inner)
    for line in region.lines:
        home(line.box).lines.append(line)
    for picture in region.pictures:
        home(picture.box).pictures.append(picture)
    for mark in region.marks:
        home(mark.box).marks.append(mark)
    for rule in region.rules:
        home(rule.box).rules.append(rule)
    return cells


def _within(edges: Sequence[float], at: float) -> int:
    """Returns between which of the edges `at` lies."""
    return sum(edge <= at for edge in edges[1:-1])


def _runs(
    surfaces: Sequence[Surface],
    ends: Callable[[Box], tuple[float, float]],
    along: Callable[[Box], tuple[float, float]],
) -> list[list[Surface]]:
    """Returns boxes with the same ends across that follow each other without a gap."""
    left = sorted((item for item in surfaces if item.border_color), key=lambda i: along(i.box))
    found: list[list[Surface]] = []
    for item in left:
        run = next((run for run in found if _follows(item, run[-1], ends, along)), None)
        if run is None:
            found.append([item])
        else:
            run.append(item)
    return [run for run in found if len(run) >= _LEAST]


def _follows(
    item: Surface,
    last: Surface,
    ends: Callable[[Box], tuple[float, float]],
    along: Callable[[Box], tuple[float, float]],
) -> bool:
    level = all(abs(a - b) <= _SLACK for a, b in zip(ends(item.box), ends(last.box), strict=True))
    return level and abs(along(item.box)[0] - along(last.box)[1]) <= _SLACK


def _coincide(first: Box, second: Box) -> bool:
    """Returns whether two boxes take the same place."""
    return first.contains(second, _SLACK) and second.contains(first, _SLACK)


def _around(run: Sequence[Surface]) -> Box:
    return run[0].box.union(run[-1].box)


def _table(rows: Sequence[Surface], columns: Sequence[Surface]) -> Surface:
    """Returns the box of a table, filled as most of its rows and columns are."""
    box = _around(rows)
    largest = max(rows, key=lambda row: row.box.area)
    fills: dict[str | None, float] = {}
    for part in (*rows, *columns):
        fills[part.fill] = fills.get(part.fill, 0.0) + part.box.area
    fill = max(fills, key=lambda key: fills[key])
    color = largest.border_color or ""
    lattice = Lattice(
        rows=(box.y, *(row.box.y for row in rows[1:]), box.bottom),
        columns=(box.x, *(column.box.x for column in columns[1:]), box.right),
        row_fills=tuple(None if row.fill == fill else row.fill for row in rows),
        column_fills=tuple(None if one.fill == fill else one.fill for one in columns),
        color=color,
    )
    sides = (
        rows[0].border_sides[0],
        largest.border_sides[1],
        rows[-1].border_sides[2],
        largest.border_sides[3],
    )
    return replace(
        largest,
        box=box,
        fill=fill,
        gradient=None,
        border_sides=sides,
        radius=max(rows[0].radius, rows[-1].radius),
        lattice=lattice,
    )
