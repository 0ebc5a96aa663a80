"""Puts the texts of the ground truth, which lists them by height, into document order.

Design2Code's program takes both pages' blocks in document order: neighbours
there may be joined, and of equal texts the first goes with the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.geometry import Box


@dataclass(frozen=True, slots=True)
class _Flow:
    """A container: its children's boxes in document order."""

    box: Box
    cells: tuple[Box, ...]


def document_order(truth: dict[str, Any]) -> list[int]:
    """Returns the indices of `truth["texts"]` in document order.

    The order of a container's children is known; whatever else shares a
    parent is taken from top to bottom.
    """
    flows = [_flow(item["child_boxes"]) for item in truth["containers"] if item["child_boxes"]]
    if len(truth["bands"]) > 1:
        # Listed with those out of the flow last, which in the document come first.
        bands = sorted(truth["bands"], key=lambda band: (round(band["y"]), band["w"] * band["h"]))
        flows.append(_flow(bands))
    # A container is inside another when the other's cell holds it, so the larger come first.
    flows.sort(key=lambda flow: -flow.box.area)
    boxes = [_box(item) for item in truth["texts"]]
    return _ordered(list(range(len(boxes))), flows, boxes)


def _ordered(indices: list[int], flows: Sequence[_Flow], boxes: Sequence[Box]) -> list[int]:
    units: list[tuple[float, float, list[int]]] = []
    rest = indices
    for position, flow in enumerate(flows):
        cells: dict[int, list[int]] = {}
        for index in rest:
            cell = _cell(flow, boxes[index])
            if cell is not None:
                cells.setdefault(cell, []).append(index)
        if len(cells) < 2:
            continue
        rest = [index for index in rest if all(index not in held for held in cells.values())]
        inner = flows[position + 1 :]
        held = [index for cell in sorted(cells) for index in _ordered(cells[cell], inner, boxes)]
        top = min(held, key=lambda index: boxes[index].y)
        units.append((boxes[top].y, flow.box.x, held))
    units += [(boxes[index].y, boxes[index].x, [index]) for index in rest]
    return [index for *_, held in sorted(units) for index in held]


def _cell(flow: _Flow, box: Box) -> int | None:
    """Returns the smallest cell that holds the box's centre: others lie beneath it."""
    holding = [
        (cell.area, number)
        for number, cell in enumerate(flow.cells)
        if cell.x <= box.center_x <= cell.right and cell.y <= box.center_y <= cell.bottom
    ]
    return min(holding)[1] if holding else None


def _flow(children: Sequence[dict[str, Any]]) -> _Flow:
    cells = tuple(_box(child) for child in children)
    outer = cells[0]
    for cell in cells[1:]:
        outer = outer.union(cell)
    return _Flow(outer, cells)


def _box(item: dict[str, Any]) -> Box:
    return Box(item["x"], item["y"], item["w"], item["h"])
