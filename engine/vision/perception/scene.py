"""What the steps of perception pass on: the page as it is looked at, and what is seen so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.imaging import Pixels
from engine.vision.perception.flatmap import FlatMap
from engine.vision.perception.lines import ReadLine
from engine.vision.perception.surfaces import Found
from engine.vision.percepts import Box, FormMark, Picture, Rule


@dataclass(frozen=True, slots=True)
class View:
    """A page's pixels (BGR), their flat regions, and the colour (BGR) that is the page's own."""

    pixels: Pixels
    regions: FlatMap
    page: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Scene:
    """What is seen on a page so far; surfaces are ordered from the outside in."""

    surfaces: list[Found]
    read: list[ReadLine]
    pictures: list[Picture] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    marks: list[FormMark] = field(default_factory=list)

    @property
    def ink(self) -> list[Box]:
        """The box of what each line of text paints."""
        return [item.ink for item in self.read]
