"""Joins lines of text into paragraphs and headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from structra.v1 import node_pb2

from engine.vision.color import distance
from engine.vision.layout.bullets import Bullet
from engine.vision.layout.metrics import DEFAULT_FACES, text_width
from engine.vision.percepts import Box, Family, TextLine

_SAME_COLOR = 40.0
_MIN_PITCH, _MAX_PITCH = 0.95, 2.15
# Headlines from this size on are set so tight that descenders reach into the next line, which
# makes its measured size too large and its weight a guess.
_HEADLINE, _TIGHT_PITCH = 21.0, 0.85
# Lines of that size whose baselines are no farther apart than this, in sizes of the smaller, are
# one headline, even if one measures larger by as much as this.
_ONE_HEADLINE, _HEADLINE_NOISE = 1.3, 0.3
# How far off baselines in one line are read, in sizes of the type.
_SAME_LINE = 0.15
_FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "and",
        "as",
        "at",
        "but",
        "by",
        "for",
        "from",
        "in",
        "is",
        "of",
        "on",
        "or",
        "our",
        "so",
        "that",
        "the",
        "their",
        "this",
        "to",
        "was",
        "with",
        "your",
    ]
)
_LIST_START = re.compile(r"^([•·▪●○◦‣–—*-]|\d{1,2}[.)])\s")


@dataclass(slots=True, eq=False)
class TextBlock:
    """Lines that are one paragraph, heading or label.

    `breaks` holds the numbers of the lines after which the source broke on
    purpose; the other lines merely wrapped. `marker` is the bullet that stood before an
    item of a list.
    """

    lines: list[TextLine]
    breaks: frozenset[int] = frozenset()
    marker: node_pb2.ListMarker.ValueType = node_pb2.LIST_MARKER_UNSPECIFIED

    @property
    def first(self) -> TextLine:
        return self.lines[0]

    @property
    def size(self) -> float:
        letters = sum(len(line.text) for line in self.lines) or 1
        return sum(line.font_size * len(line.text) for line in self.lines) / letters

    @property
    def weight(self) -> int:
        """The weight of most of the text."""
        return int(median(weight for weight, letters in self._weights() for _ in range(letters)))

    def _weights(self) -> Iterator[tuple[int, int]]:
        """Yields the weight and the number of letters of every stretch in one style."""
        for line in self.lines:
            if line.spans:
                yield from ((span.weight, max(len(span.text), 1)) for span in line.spans)
            else:
                yield line.weight, max(len(line.text), 1)

    @property
    def family(self) -> Family:
        return self.first.family

    @property
    def color(self) -> str:
        return self.first.color

    @property
    def text(self) -> str:
        return join_lines([line.text for line in self.lines])

    @property
    def pitch(self) -> float:
        """The distance between lines in pixels; 0 for a single line.

        That of baselines in headlines, where letters that touch the next line move the middles.
        """
        if len(self.lines) < 2:
            return 0.0
        if self.size >= _HEADLINE:
            return (self.lines[-1].baseline - self.first.baseline) / (len(self.lines) - 1)
        first, last = self.lines[0].box, self.lines[-1].box
        return (last.center_y - first.center_y) / (len(self.lines) - 1)

    @property
    def ink(self) -> Box:
        x = min(line.box.x for line in self.lines)
        right = max(line.box.right for line in self.lines)
        top, bottom = self.lines[0].box.y, self.lines[-1].box.bottom
        return Box(x, top, right - x, max(bottom - top, 0.0))


def join_lines(texts: Sequence[str]) -> str:
    """Joins wrapped lines with spaces; a hyphenated word is put together again."""
    out = ""
    for text in texts:
        stripped = text.strip()
        soft = out.endswith("-") and len(out) > 1 and out[-2].isalpha() and stripped[:1].islower()
        if soft and " " not in out[-3:]:
            out += stripped
        else:
            out = f"{out} {stripped}" if out else stripped
    return out


def build_blocks(
    lines: Sequence[TextLine],
    limit: Box,
    obstacles: Sequence[Box] = (),
    bullets: Sequence[Bullet] = (),
) -> list[TextBlock]:
    """Joins `lines`, which share a container with inner box `limit`, into blocks.

    `obstacles` are pictures, marks and surfaces in the same container: an obstacle
    that stands left of a line, as an icon does, starts a new block, and so does a bullet.
    """
    blocks: list[TextBlock] = []
    for line in sorted(lines, key=lambda entry: (entry.box.y, entry.box.x)):
        best = max(
            (block for block in blocks if _can_follow(block, line)),
            key=lambda block: block.lines[-1].box.bottom,
            default=None,
        )
        bullet = next((item for item in bullets if _marked(line, [item.box])), None)
        if best is not None and bullet is None and _joins(best, line, lines, limit, obstacles):
            best.lines.append(line)
        else:
            blocks.append(TextBlock([line]))
            if bullet is not None:
                blocks[-1].marker = bullet.marker
    return blocks


def _joins(
    block: TextBlock,
    line: TextLine,
    lines: Sequence[TextLine],
    limit: Box,
    obstacles: Sequence[Box],
) -> bool:
    """Returns whether a line that can follow a block is more of it."""
    last = block.lines[-1]
    if _is_headline(last, line) and not _goes_on(last, lines):
        return True
    return _join_score(block, line, limit, obstacles) > 0


def _can_follow(block: TextBlock, line: TextLine) -> bool:
    last = block.lines[-1]
    size = max(last.font_size, line.font_size)
    headline = min(last.font_size, line.font_size) >= _HEADLINE
    pitch = _pitch(last, line)
    if not (_TIGHT_PITCH if headline else _MIN_PITCH) * size <= pitch <= _MAX_PITCH * size:
        return False
    tolerance = 0.2 if line.text[:1].islower() else 0.12
    if _is_headline(last, line):
        tolerance = _HEADLINE_NOISE
    if abs(last.font_size - line.font_size) > max(tolerance * size, 1.0):
        return False
    mono = (last.family is Family.MONO) != (line.family is Family.MONO)
    if mono and not (last.spans or line.spans):
        return False
    heavy = (last.weight >= 600) != (line.weight >= 600)
    if heavy and not (headline or last.spans or line.spans):
        return False
    if len(block.lines) > 1 and abs(pitch - block.pitch) > max(0.13 * block.pitch, 1.6):
        return False
    if distance(last.color, line.color) > _SAME_COLOR and not (last.spans or line.spans):
        return False
    if last.italic != line.italic and not (last.spans or line.spans):
        return False
    return _aligned(block, line)


def _pitch(above: TextLine, below: TextLine) -> float:
    """Returns how far apart two lines are in pixels: in headlines, their baselines."""
    if min(above.font_size, below.font_size) >= _HEADLINE:
        return below.baseline - above.baseline
    return below.box.center_y - above.box.center_y


def _is_headline(above: TextLine, below: TextLine) -> bool:
    """Returns whether two lines are set as large and as tight as those of one headline are."""
    size = min(above.font_size, below.font_size)
    tight = _pitch(above, below) <= _ONE_HEADLINE * size
    return size >= _HEADLINE and tight and not _LIST_START.match(below.text)


def _goes_on(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Returns whether what stands beside a line was read as another, but is part of it."""
    return any(
        other is not line
        and abs(other.baseline - line.baseline) <= _SAME_LINE * line.font_size
        and line.box.x < other.box.x <= line.box.right + line.font_size
        for other in lines
    )


def _aligned(block: TextBlock, line: TextLine) -> bool:
    slack = max(0.45 * line.font_size, 4.0)
    boxes = [entry.box for entry in block.lines[-3:]]
    left = all(abs(box.x - line.box.x) <= slack for box in boxes)
    center = all(abs(box.center_x - line.box.center_x) <= slack for box in boxes)
    right = all(abs(box.right - line.box.right) <= slack for box in boxes)
    overlap = min(boxes[-1].right, line.box.right) - max(boxes[-1].x, line.box.x)
    return overlap > 0 and (left or center or right)


def _join_score(block: TextBlock, line: TextLine, limit: Box, obstacles: Sequence[Box]) -> float:
    last = block.lines[-1]
    size = max(last.font_size, line.font_size)
    if _LIST_START.match(line.text) or _marked(line, obstacles) > _marked(last, obstacles):
        return -1.0
    words, first = last.text.split(), (line.text.split() or [""])[0]
    start = line.text.lstrip("\"'“‘([")[:1]
    end = words[-1].lower() if words else ""
    pitch = _pitch(last, line) / size
    score = 0.0
    if start.islower():
        score += 2.0
    elif start.isupper():
        score -= 0.6
    if end in _FUNCTION_WORDS or last.text.endswith((",", "-", "&", "–")):
        score += 2.0
    elif last.text.endswith((".", ":", "!", "?")) and start.isupper():
        score -= 0.4
    if len(words) >= 5:
        score += 1.2
    elif len(words) <= 2 and len(line.text.split()) <= 2 and size < 24:
        score -= 1.0
    if len(block.lines) >= 2:
        score += 1.0
    score += 0.6 if pitch <= 1.45 else (0.0 if pitch <= 1.72 else -1.0)
    reach = max(entry.box.w for entry in [*block.lines, line])
    room = max(limit.w, reach)
    score += 0.8 if last.box.w >= 0.62 * room else 0.0
    face = DEFAULT_FACES[line.family]
    estimate = text_width(line.text, face, size, line.weight) or 1.0
    scale = line.box.w / estimate
    needed = text_width(f" {first}", face, size, line.weight) * scale
    if last.box.w + needed < reach - 0.6 * size:
        score -= 3.0
    elif last.box.w + needed < 0.55 * room and not start.islower():
        score -= 0.8
    return score


def _marked(line: TextLine, obstacles: Sequence[Box]) -> bool:
    """Returns whether a small thing such as a bullet stands just left of the line."""
    return any(
        -2 <= line.box.x - box.right <= 1.6 * line.font_size
        and box.y - 2 <= line.box.center_y <= box.bottom + 2
        and box.h <= 2.2 * line.font_size
        for box in obstacles
    )
