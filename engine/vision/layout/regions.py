"""Sorts what was seen into the painted boxes that hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from engine.vision.color import distance
from engine.vision.layout.fragments import merge_fragments
from engine.vision.percepts import (
    Box,
    FormMark,
    Percepts,
    Picture,
    PictureKind,
    Rule,
    Surface,
    TextLine,
)

_INSIDE = 0.82
_SLACK = 3.0
# From which width on, in pixels, what looks like a border in the colour around a box may be a gap,
# and up to which distance two colours are one.
_GAP, _SAME_COLOR = 2.0, 8.0


@dataclass(slots=True, eq=False)
class Region:
    """A painted box, or the page, and what lies directly in it.

    `ground` is the colour behind what lies in it.
    """

    box: Box
    ground: str = "#ffffff"
    surface: Surface | None = None
    picture: Picture | None = None
    regions: list[Region] = field(default_factory=list)
    lines: list[TextLine] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    marks: list[FormMark] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)

    def walk(self) -> Iterator[Region]:
        """Yields the region and all inside it, outermost first."""
        yield self
        for region in self.regions:
            yield from region.walk()

    @property
    def empty(self) -> bool:
        """Whether nothing lies in it."""
        return not (self.regions or self.lines or self.pictures or self.marks or self.rules)


def build_regions(percepts: Percepts) -> Region:
    """Returns the page as nested regions, every percept in the smallest one that holds it."""
    page = Region(Box(0, 0, percepts.width, percepts.height), percepts.background)
    boxes = [Region(surface.box, surface=surface) for surface in percepts.surfaces]
    boxes += [
        Region(picture.box, picture=picture)
        for picture in percepts.pictures
        if _is_backdrop(picture, percepts)
    ]
    placed: list[Region] = [page]
    for region in sorted(boxes, key=lambda entry: -entry.box.area):
        if region.box.w < 1 or region.box.h < 1:
            continue
        home = _home(region.box, placed)
        home.regions.append(region)
        _take_gaps(region, home.ground)
        region.ground = _own_color(region) or home.ground
        placed.append(region)
    for line in merge_fragments(percepts.lines):
        _home(line.box, placed).lines.append(line)
    for picture in percepts.pictures:
        if not _is_backdrop(picture, percepts):
            _home(picture.box, placed).pictures.append(picture)
    for mark in percepts.marks:
        _home(mark.box, placed).marks.append(mark)
    for rule in percepts.rules:
        _home(rule.box, placed).rules.append(rule)
    return page


def _take_gaps(region: Region, ground: str) -> None:
    """Takes strips of the colour around it off a box: the gaps to its neighbours, and no border."""
    surface, box = region.surface, region.box
    if surface is None or not surface.fill or not surface.border_color:
        return
    if surface.border_width < _GAP or all(surface.border_sides):
        return
    if distance(surface.border_color, ground) > _SAME_COLOR:
        return
    top, right, bottom, left = (surface.border_width * side for side in surface.border_sides)
    region.box = Box(box.x + left, box.y + top, box.w - left - right, box.h - top - bottom)
    region.surface = replace(
        surface, box=region.box, border_color=None, border_width=0.0, border_sides=(False,) * 4
    )


def _own_color(region: Region) -> str | None:
    if region.picture is not None:
        return region.picture.color
    return region.surface.fill if region.surface else None


def _is_backdrop(picture: Picture, percepts: Percepts) -> bool:
    if picture.kind in {PictureKind.ICON, PictureKind.CHART, PictureKind.AVATAR}:
        return False
    return picture.background and any(
        picture.box.contains(line.box, _SLACK) for line in percepts.lines
    )


def _home(box: Box, placed: list[Region]) -> Region:
    best = placed[0]
    for region in placed[1:]:
        if region.box.area < box.area:
            continue
        inside = box.intersection(region.box) >= _INSIDE * max(box.area, 1e-6)
        centred = region.box.contains(Box(box.center_x, box.center_y, 0, 0), _SLACK)
        if inside and centred and region.box.area <= best.box.area:
            best = region
    return best
