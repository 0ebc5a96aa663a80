"""Joins the pieces of one line of running text: words, code on a tint, figures in two sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.vision.color import distance
from engine.vision.percepts import Box, Family, Percepts, Surface, TextLine, TextSpan

# Over the larger font size of two pieces: the widest word space, how far letters may overlap,
# from where a gap is a space, and how far baselines may be off (at least so many pixels).
_SPACE, _OVERLAP, _GLUED, _LEVEL, _LEVEL_PIXELS = 0.42, 0.2, 0.08, 0.12, 1.5
# Sizes that differ by less are one size, measured twice. Code in prose is set smaller by an
# eighth as a rule (0.875em in Bootstrap, GitHub, MkDocs), so more is let pass beside it.
_SAME_SIZE, _CODE_SIZE, _OTHER_SIZE = 0.12, 0.3, 0.06
# The box of inline code, over the font size: its height, its padding at one side, its distance
# from the words beside it; and by how much its tint differs from the ground at most.
_CHIP_HEIGHT, _CHIP_PADDING, _CHIP_SPACE, _CHIP_GLUED = 2.0, 0.75, 0.5, 0.13
_TINT, _NO_TINT = 70.0, 8.0
# What code has at either side of it on its tint in the usual style sheets (0.2em to 0.4em), in
# pixels; the advance of fixed-pitch fonts; and how far a size may be misread.
_TINT_PADDING, _ADVANCE, _MISREAD = 4, 0.602, 0.15
# A border from so many pixels on is the ground between the code and the words around it.
_GROUND_EDGE = 3.0
# Words beside code that make a line prose; one is enough beside letters of a fixed pitch.
_PROSE_WORDS = 3
# A figure and its unit in another size, as "$9 / mo": the longest of each, and their ratio.
_FIGURE, _UNIT, _UNIT_RATIO = 10, 16, 1.2
_A_UNIT = re.compile(r"/?\s*[a-zA-Z%]")


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A line of text, and the tint it stands on if it may be inline code."""

    line: TextLine
    chip: Surface | None

    @property
    def box(self) -> Box:
        """What the piece paints: its tint without a border that only the ground makes."""
        if self.chip is None:
            return self.line.box
        box, edge = self.chip.box, 0.0
        if self.chip.border_width >= _GROUND_EDGE:
            edge = min(self.chip.border_width, (box.w - self.line.box.w) / 2)
        return Box(box.x + edge, box.y, box.w - 2 * edge, box.h)


def join_inline_code(percepts: Percepts) -> Percepts:
    """Makes code that stands on a tint of its own within a line a stretch of that line.

    The tint would else be a box that parts the paragraph. Badges and buttons are no code:
    their fills stand out from the ground.
    """
    chips = _chips(percepts)
    if not chips:
        return percepts
    pieces = [_Piece(line, chips.get(i)) for i, line in enumerate(percepts.lines)]
    following = _following(pieces)
    inner = set(following.values())
    lines: list[TextLine] = []
    used: list[Surface] = []
    for first, piece in enumerate(pieces):
        if first in inner:
            continue
        chain, at = [piece], first
        while at in following:
            at = following[at]
            chain.append(pieces[at])
        if _is_prose(chain):
            used += [part.chip for part in chain if part.chip]
            lines.append(_chained(chain))
        else:
            lines += [part.line for part in chain]
    return replace(
        percepts,
        lines=tuple(sorted(lines, key=lambda line: (line.box.y, line.box.x))),
        surfaces=tuple(surface for surface in percepts.surfaces if surface not in used),
    )


def _chips(percepts: Percepts) -> dict[int, Surface]:
    """Returns the surfaces that fit closely around one line, by the line's number."""
    found: dict[int, Surface] = {}
    for surface in percepts.surfaces:
        if surface.fill is None or surface.gradient or surface.full_width:
            continue
        held = [
            i
            for i, line in enumerate(percepts.lines)
            if surface.box.contains(Box(line.box.center_x, line.box.center_y, 0, 0))
        ]
        if len(held) != 1:
            continue
        line, size = percepts.lines[held[0]], percepts.lines[held[0]].font_size
        if surface.box.h <= _CHIP_HEIGHT * size and (
            surface.box.w - line.box.w <= 2 * _CHIP_PADDING * size
        ):
            found[held[0]] = surface
    return found


def _following(pieces: Sequence[_Piece]) -> dict[int, int]:
    """Returns which piece follows which in a line, by their numbers; each follows one at most."""
    found: dict[int, int] = {}
    for number, piece in enumerate(pieces):
        if piece.chip is None:
            continue
        taken = set(found.values())
        for other, neighbour in enumerate(pieces):
            if number not in taken and other not in found and _adjoins(neighbour, piece):
                found[other] = number
                taken.add(number)
            if other not in taken and number not in found and _adjoins(piece, neighbour):
                found[number] = other
                taken.add(other)
    return found


def _adjoins(left: _Piece, right: _Piece) -> bool:
    """Whether two pieces, of which one at least is on a tint, follow each other in a line."""
    if left is right:
        return False
    for one, other in ((left, right), (right, left)):
        if one.chip is None or other.chip is not None:
            continue
        if not _NO_TINT < distance(one.chip.fill or "", other.line.background) <= _TINT:
            return False
    size = max(left.line.font_size, right.line.font_size)
    return (
        _level(left.line, right.line)
        and abs(left.line.font_size - right.line.font_size) <= _CODE_SIZE * size
        and -_OVERLAP * size <= right.box.x - left.box.right <= _CHIP_SPACE * size
    )


def _is_prose(chain: Sequence[_Piece]) -> bool:
    """Whether a chain is words with code among them, and not a label beside a tag."""
    words = sum(len(piece.line.text.split()) for piece in chain if not piece.chip)
    chips = [piece for piece in chain if piece.chip]
    mono = chips and all(piece.line.family is Family.MONO for piece in chips)
    return bool(chips) and words >= (1 if mono else _PROSE_WORDS)


def _chained(chain: Sequence[_Piece]) -> TextLine:
    """Returns the pieces as one line, whose type is that of its longest stretch of prose."""
    base = max((piece.line for piece in chain if not piece.chip), key=lambda line: len(line.text))
    text, box = "", chain[0].box
    spans: tuple[TextSpan, ...] = ()
    for before, piece in zip([None, *chain], chain, strict=False):
        if before is not None:
            gap = piece.box.x - before.box.right
            text += "" if gap < _CHIP_GLUED * base.font_size else " "
            box = box.union(piece.box)
        text += piece.line.text
        spans += tuple(_on_tint(span, piece, base) for span in _spans(piece.line))
    return replace(
        base,
        text=text,
        box=Box(box.x, base.box.y, box.w, base.box.h),
        confidence=min(piece.line.confidence for piece in chain),
        underline=False,
        spans=spans,
    )


def _on_tint(span: TextSpan, piece: _Piece, base: TextLine) -> TextSpan:
    if piece.chip is None:
        return span
    size = _code_size(piece)
    other = abs(size - base.font_size) > _OTHER_SIZE * base.font_size
    return replace(
        span,
        mono=True,
        font_size=size if other else 0.0,
        background=piece.chip.fill or "",
    )


def _code_size(piece: _Piece) -> float:
    """Returns the size at which the code fills its tint, where its letters allow for that."""
    seen = piece.line.font_size
    room = piece.box.w - 2 * _TINT_PADDING
    fitting = room / (_ADVANCE * max(len(piece.line.text), 1))
    return round(fitting, 1) if abs(fitting - seen) <= _MISREAD * seen else seen


def merge_fragments(lines: Sequence[TextLine]) -> list[TextLine]:
    """Joins pieces of one visual line that stand a word space apart."""
    out: list[TextLine] = []
    for line in sorted(lines, key=lambda entry: (entry.baseline, entry.box.x)):
        index = next((i for i, other in enumerate(out) if _continues(other, line)), None)
        if index is None:
            out.append(line)
        else:
            first, second = sorted((out[index], line), key=lambda entry: entry.box.x)
            out[index] = _merged(first, second)
    return sorted(out, key=lambda entry: (entry.box.y, entry.box.x))


def _continues(left: TextLine, right: TextLine) -> bool:
    if left.box.x > right.box.x:
        left, right = right, left
    size = max(left.font_size, right.font_size)
    return (
        _level(left, right)
        and -_OVERLAP * size <= right.box.x - left.box.right <= _SPACE * size
        and (abs(left.font_size - right.font_size) <= _SAME_SIZE * size or _has_unit(left, right))
    )


def _level(left: TextLine, right: TextLine) -> bool:
    size = max(left.font_size, right.font_size)
    return abs(left.baseline - right.baseline) <= max(_LEVEL * size, _LEVEL_PIXELS)


def _has_unit(left: TextLine, right: TextLine) -> bool:
    """Whether a figure is followed by its unit in a smaller size, on the same baseline."""
    return (
        any(char.isdigit() for char in left.text)
        and len(left.text) <= _FIGURE
        and len(right.text) <= _UNIT
        and _A_UNIT.match(right.text) is not None
        and left.font_size >= _UNIT_RATIO * right.font_size
        and abs(left.baseline - right.baseline) <= _LEVEL_PIXELS
        and not left.spans
        and not right.spans
    )


def _merged(left: TextLine, right: TextLine) -> TextLine:
    unit = _has_unit(left, right)
    small = right.font_size if unit else left.font_size
    slashed = unit and right.text.startswith("/ ")
    glue = "" if right.box.x - left.box.right < _GLUED * small and not slashed else " "
    base = left if unit or len(left.text) >= len(right.text) else right
    following = _spans(right)
    if unit:
        following = tuple(replace(span, font_size=right.font_size) for span in following)
    return TextLine(
        text=f"{left.text}{glue}{right.text}",
        box=left.box.union(right.box),
        baseline=base.baseline,
        font_size=base.font_size,
        weight=base.weight,
        family=base.family,
        color=base.color,
        background=base.background,
        confidence=min(left.confidence, right.confidence),
        italic=base.italic,
        underline=left.underline and right.underline,
        letter_spacing=base.letter_spacing,
        spans=_spans(left) + following,
    )


def _spans(line: TextLine) -> tuple[TextSpan, ...]:
    if line.spans:
        return line.spans
    mono = line.family is Family.MONO
    return (
        TextSpan(line.text, line.box, line.color, line.weight, line.italic, line.underline, mono),
    )
