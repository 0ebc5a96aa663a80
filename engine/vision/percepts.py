"""What was seen on a page, before anything is decided about its structure.

Perception writes these; layout reads them. Lengths are CSS pixels with the
origin in the image's upper left corner; colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from engine.geometry import Box

__all__ = [
    "Box",
    "Family",
    "FormMark",
    "GradientFill",
    "Lattice",
    "Mark",
    "Percepts",
    "Picture",
    "PictureKind",
    "Rule",
    "ShadowSeen",
    "Surface",
    "TextLine",
    "TextSpan",
]


class Family(Enum):
    """Classes of font family."""

    SANS = "sans"
    SERIF = "serif"
    MONO = "mono"


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A stretch of one line in one style.

    `font_size` is in CSS pixels, 0 where it is the line's; `background` is empty where the
    stretch stands on what the line stands on.
    """

    text: str
    box: Box
    color: str
    weight: int
    italic: bool = False
    underline: bool = False
    mono: bool = False
    font_size: float = 0.0
    background: str = ""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text, as far as it runs without a gap wider than a column gap.

    `box` is the line's ink extended to its font's ascender and descender;
    `baseline` is a y coordinate. `font_size` is in CSS pixels as `font-size`
    would give it; `weight` is 100 to 900 (mostly 400, 600 or 700).
    `confidence` is 0 to 1. `spans` is empty when the line is uniform. `font_name`
    names the known font whose widths fit best; empty when none fits well.
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
    font_name: str = ""


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
class Lattice:
    """The lines that part the cells of a ruled table, and how its rows and columns are filled.

    `rows` are the y of the edges of rows, from the first's top to the last's bottom, and
    `columns` the x of those of columns. A fill is None where it is the table's own.
    """

    rows: tuple[float, ...]
    columns: tuple[float, ...]
    row_fills: tuple[str | None, ...]
    column_fills: tuple[str | None, ...]
    color: str


@dataclass(frozen=True, slots=True)
class Surface:
    """A painted or outlined box: a band, bar, card, button, field or badge.

    `box` is its border box. `fill` is None when only its border is visible;
    `border_sides` names the visible sides in the order top, right, bottom, left.
    `full_width` is true for stripes that reach both edges of the page; `lattice` is how a
    ruled table is parted.
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
    lattice: Lattice | None = None


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
    path data in the box's own coordinates, for shapes and traced icons; `shape` names a shape
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
