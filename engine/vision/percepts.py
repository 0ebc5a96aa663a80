"""What was seen on a page, before anything is decided about its structure.

Perception writes these; layout reads them. Lengths are source pixels with the
origin in the image's upper left corner; colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `w` and `h` are not negative."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def center_x(self) -> float:
        return self.x + self.w / 2

    @property
    def center_y(self) -> float:
        return self.y + self.h / 2

    @property
    def area(self) -> float:
        return self.w * self.h

    def contains(self, other: Box, slack: float = 0) -> bool:
        """Returns whether `other` lies inside, give or take `slack` pixels on each side."""
        return (
            other.x >= self.x - slack
            and other.y >= self.y - slack
            and other.right <= self.right + slack
            and other.bottom <= self.bottom + slack
        )

    def intersection(self, other: Box) -> float:
        """Returns the shared area in square pixels."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(width, 0) * max(height, 0)

    def iou(self, other: Box) -> float:
        """Returns intersection over union, 0 to 1."""
        shared = self.intersection(other)
        union = self.area + other.area - shared
        return shared / union if union else 0.0

    def union(self, other: Box) -> Box:
        """Returns the smallest rectangle that holds both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)


class Family(Enum):
    """Classes of font family."""

    SANS = "sans"
    SERIF = "serif"
    MONO = "mono"


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of one line in one style."""

    text: str
    box: Box
    color: str
    weight: int
    italic: bool = False
    underline: bool = False
    mono: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text, as far as it runs without a gap wider than a column gap.

    `box` is the line's ink extended to its font's ascender and descender;
    `baseline` is a y coordinate. `font_size` is in CSS pixels as `font-size`
    would give it; `weight` is 100 to 900 (mostly 400, 600 or 700).
    `confidence` is 0 to 1. `spans` is empty when the line is uniform.
    """

    text: str
    box: Box
    baseline: float
    font_size: float
    weight: int
    family: Family
    color: str
    background: str
    confidence: float
    italic: bool = False
    underline: bool = False
    letter_spacing: float = 0.0
    spans: tuple[TextSpan, ...] = ()


@dataclass(frozen=True, slots=True)
class GradientFill:
    """A linear gradient: CSS angle in degrees and (offset 0 to 1, colour) stops."""

    angle: float
    stops: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class ShadowSeen:
    """A drop shadow in CSS terms; `alpha` is 0 to 1."""

    x: float
    y: float
    blur: float
    spread: float
    color: str
    alpha: float


@dataclass(frozen=True, slots=True)
class Surface:
    """A painted or outlined box: a band, bar, card, button, field or badge.

    `box` is its border box. `fill` is None when only its border is visible;
    `border_sides` names the visible sides in the order top, right, bottom, left.
    `full_width` is true for stripes that reach both edges of the page.
    """

    box: Box
    fill: str | None
    gradient: GradientFill | None = None
    border_color: str | None = None
    border_width: float = 0.0
    border_sides: tuple[bool, bool, bool, bool] = (False, False, False, False)
    radius: float = 0.0
    shadow: ShadowSeen | None = None
    full_width: bool = False
    confidence: float = 1.0


class PictureKind(Enum):
    """What a picture is."""

    PHOTO = "photo"
    ILLUSTRATION = "illustration"
    LOGO = "logo"
    ICON = "icon"
    AVATAR = "avatar"
    CHART = "chart"
    SHAPE = "shape"


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster or vector picture that is not text.

    `background` is true when text or controls lie on top of it. `path` is SVG
    path data in the box's own coordinates, for shapes; `shape` names a shape
    as ShapeType does, in lower case.
    """

    box: Box
    kind: PictureKind
    color: str
    background: bool = False
    circular: bool = False
    radius: float = 0.0
    path: str = ""
    shape: str = ""
    confidence: float = 1.0


class Mark(Enum):
    """Small form marks that are recognised by their look."""

    CHECKBOX = "checkbox"
    RADIO = "radio"
    SWITCH = "switch"
    SELECT_ARROW = "select-arrow"
    SLIDER = "slider"


@dataclass(frozen=True, slots=True)
class FormMark:
    """A recognised form mark; `checked` for boxes, radios and switches that are on."""

    box: Box
    mark: Mark
    color: str
    checked: bool = False
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A dividing line, at most about 4 pixels thick; `box` is its ink."""

    box: Box
    color: str

    @property
    def horizontal(self) -> bool:
        return self.box.w >= self.box.h


@dataclass(frozen=True, slots=True)
class Percepts:
    """Everything seen on one page.

    `surfaces` are ordered from the outside in (a surface comes after the ones
    that contain it). `background` is the page's main colour.
    """

    width: int
    height: int
    background: str
    lines: tuple[TextLine, ...] = ()
    surfaces: tuple[Surface, ...] = ()
    pictures: tuple[Picture, ...] = ()
    marks: tuple[FormMark, ...] = ()
    rules: tuple[Rule, ...] = ()
    notes: tuple[str, ...] = field(default=())
