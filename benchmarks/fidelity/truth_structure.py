"""The original's structure as the ground truth gives it."""

from __future__ import annotations

from typing import Any

from benchmarks.fidelity.truth import box_of, truth_page
from engine.fidelity.measured import Control, Page
from engine.fidelity.paint import distinct
from engine.fidelity.structure import ICON, OTHER_LANDMARK, Element, Grid, Structure
from engine.geometry import Box

# Rows of links and labels are no grids; cells are at least this large.
_CELL_LEAST = (100.0, 60.0)
_SECTION_LEAST = 40.0
_CHECKABLE = frozenset({"checkbox", "radio", "switch"})
# A header or footer inside one of these belongs to it, not to the page.
_SCOPED = frozenset({"header", "footer"})
_SCOPES = frozenset({"article", "section", "main", "aside"})


def truth_structure(truth: dict[str, Any], seen: Page | None = None) -> Structure:
    """Returns the structure of a page with ground truth.

    Args:
        truth: The ground truth.
        seen: The page with what its screenshot shows of its pictures (`ink.with_ink`); by default
            every picture counts as large as the truth says.
    """
    page = seen or truth_page(truth)
    elements = [
        Element(
            item.kind,
            item.box,
            item.label,
            _or_kind(item, entry),
            padded=not _drawn(entry),
            stand_in=entry["kind"] in _CHECKABLE and not _drawn(entry),
        )
        for item, entry in zip(page.controls, truth["controls"], strict=True)
    ]
    elements += [Element("heading", item.box, item.text) for item in page.texts if item.heading]
    elements += [
        Element(ICON if item.icon else "image", item.box, ink=item.ink)
        for item in distinct(page.pictures)
    ]
    elements += [Element(ICON, box) for box in page.unlisted]
    elements += _landmarks(truth)
    grids = tuple(_grid(item) for item in truth["containers"])
    bands = truth["bands"]
    return Structure(
        elements=tuple(elements),
        sections=tuple(box_of(band) for band in bands if band["h"] >= _SECTION_LEAST),
        grids=tuple(grid for grid in grids if _is_grid(grid)),
        texts=tuple(item.box for item in page.texts),
        flows=grids,
        subsections=tuple(box_of(part) for band in bands for part in band.get("sections") or ()),
    )


def _or_kind(control: Control, entry: dict[str, Any]) -> str:
    """Returns the kind that the control looks like, when that is not what it is.

    A link that is classed as a button, since it is painted like one, is still a link.
    """
    if control.kind == "link" and _drawn(entry):
        return "button"
    linked = entry["kind"] == "link-button" or not _drawn(entry)
    return "link" if control.kind == "button" and linked else ""


def _drawn(entry: dict[str, Any]) -> bool:
    return bool(entry["filled"] or entry["bordered"])


def _landmarks(truth: dict[str, Any]) -> list[Element]:
    found = []
    scopes = [item for item in truth["landmarks"] if item["role"] in _SCOPES]
    for item in truth["landmarks"]:
        role = item["role"]
        if role == "aside" or (role in _SCOPED and any(_in_scope(item, it) for it in scopes)):
            found.append(Element(OTHER_LANDMARK, box_of(item)))
        elif role in _SCOPED or role == "nav":
            found.append(Element(role, box_of(item)))
    return found


def _in_scope(item: dict[str, Any], scope: dict[str, Any]) -> bool:
    """Returns whether a landmark is inside another, as their boxes and their depths say."""
    box, outer = box_of(item), box_of(scope)
    return item["depth"] > scope["depth"] and outer != box and outer.contains(box, slack=1)


def _grid(container: dict[str, Any]) -> Grid:
    cells = tuple(box_of(cell) for cell in container["child_boxes"])
    outer: Box | None = None
    for cell in cells:
        outer = outer.union(cell) if outer else cell
    return Grid(outer or box_of(container), container["columns"], cells)


def _is_grid(grid: Grid) -> bool:
    large = [cell for cell in grid.cells if cell.w >= _CELL_LEAST[0] and cell.h >= _CELL_LEAST[1]]
    return grid.columns >= 2 and len(large) >= 2
