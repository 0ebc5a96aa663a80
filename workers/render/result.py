"""What rendering yields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.fidelity.measured import Page, Text


@dataclass(frozen=True, slots=True)
class CodeStats:
    """Counts over the rendered document.

    `absolute` counts elements that are positioned `absolute` or `fixed` and
    visible; `absolute_decorative` those of them that are hidden from
    assistive technology and hold no text. `semantic` counts elements other
    than div and span. `depth` is the deepest element below body.
    """

    elements: int
    semantic: int
    depth: int
    absolute: int
    absolute_decorative: int
    inline_styles: int


@dataclass(frozen=True, slots=True)
class AxeViolation:
    """One accessibility rule that the page breaks.

    `impact` is axe-core's: "minor", "moderate", "serious" or "critical".
    """

    rule: str
    impact: str
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The page at one viewport.

    `overflow` says by how many pixels the document is wider than the viewport.
    `png` is the screenshot of the whole page, empty unless it was asked for.
    """

    viewport_width: int
    viewport_height: int
    page: Page
    overflow: float
    stats: CodeStats
    png: bytes = b""


@dataclass(frozen=True, slots=True)
class TextBlocks:
    """The text blocks that Design2Code's program finds at the first viewport.

    A block is all text that takes its colour from one element of the tags that
    the program recolours: a link within a paragraph is a block of its own.
    White space within texts is as it stands in the file, except in preformatted
    ones. `lost` is the share of letters whose place it cannot find, 0 to 1.
    """

    texts: tuple[Text, ...]
    lost: float


@dataclass(frozen=True, slots=True)
class Rendering:
    """The page at every viewport asked for, by viewport width.

    `blocked` names what the page asked for and did not get; `violations` is
    None when axe-core was not given, `blocks` when they were not asked for.
    """

    snapshots: Mapping[int, Snapshot]
    violations: tuple[AxeViolation, ...] | None = None
    blocks: TextBlocks | None = None
    blocked: tuple[str, ...] = field(default=())
