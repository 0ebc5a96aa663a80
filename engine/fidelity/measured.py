"""What was measured of one page, whether rendered by a browser or known beforehand.

Boxes are CSS pixels from the page's upper left corner; colours are "#rrggbb".
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.geometry import Box


@dataclass(frozen=True, slots=True)
class Text:
    """One block of text: everything inline in one block-level element.

    `text` is as painted (after `text-transform`), white space collapsed.
    `box` is the union of `lines`, the line boxes' content areas. `placeholder`
    is true for an input's placeholder or value, which is no text node.
    """

    text: str
    box: Box
    lines: tuple[Box, ...]
    color: str
    font_size: float = 16.0
    heading: int = 0
    placeholder: bool = False


@dataclass(frozen=True, slots=True)
class Surface:
    """A painted or outlined box that is no picture.

    `fill` is None when it shows what lies beneath; `border` is the colour of
    its visible border or None. `control` is true for the paint of something to
    click or fill in; that of an original's controls is not listed.
    """

    box: Box
    fill: str | None
    border: str | None = None
    shadow: bool = False
    control: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture or an icon. `background` is true when content may lie on it.

    `ink` is the part of `box` that it paints, where that is known to be less:
    the box of an icon font's sign is a line high. `decoration` is true when
    `box` is that of the element that it adorns, as a link its arrow: where
    therein the picture lies is not known.
    """

    box: Box
    icon: bool
    background: bool = False
    ink: Box | None = None
    decoration: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """Something to click or fill in; `kind` is "link", "button" or "input"."""

    box: Box
    kind: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `width` and `height` are its full size in pixels.

    `gradients` are the boxes of an original that gradients fill: their colours are not known.
    `unlisted` are the small marks that an original is seen to paint besides its pictures.
    """

    width: float
    height: float
    background: str = "#ffffff"
    texts: tuple[Text, ...] = ()
    surfaces: tuple[Surface, ...] = ()
    pictures: tuple[Picture, ...] = ()
    controls: tuple[Control, ...] = ()
    gradients: tuple[Box, ...] = ()
    unlisted: tuple[Box, ...] = ()
