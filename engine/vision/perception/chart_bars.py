"""Puts together the bars of a chart."""

from __future__ import annotations

from collections.abc import Sequence

from engine.vision.percepts import Box, Picture, PictureKind, Rule

# Bars of one chart stand on one line, this close to each other.
_BARS, _BAR_WIDTH, _BAR_GAP, _BAR_HEIGHT = 4, 24, 30, 6


def join_bars(
    pictures: Sequence[Picture], rules: Sequence[Rule]
) -> tuple[list[Picture], list[Rule]]:
    """Joins upright bars on a common base line into charts."""
    boxes = [picture.box for picture in pictures] + [rule.box for rule in rules]
    bars = [box for box in boxes if _is_bar(box)]
    by_base: dict[int, list[Box]] = {}
    for box in sorted(bars, key=lambda b: (b.bottom, b.x)):
        base = next((key for key in by_base if abs(key - box.bottom) <= 1), int(box.bottom))
        by_base.setdefault(base, []).append(box)
    charts: list[Box] = []
    for group in by_base.values():
        rows: list[list[Box]] = []
        for box in sorted(group, key=lambda b: b.x):
            if rows and box.x - rows[-1][-1].right <= _BAR_GAP:
                rows[-1].append(box)
            else:
                rows.append([box])
        charts += [
            _bounds(row)
            for row in rows
            if len(row) >= _BARS and len({round(b.h) for b in row}) >= max(3, len(row) // 2)
        ]
    if not charts:
        return list(pictures), list(rules)
    kept = [p for p in pictures if not any(chart.contains(p.box, 1) for chart in charts)]
    inside = [p for p in pictures if any(chart.contains(p.box, 1) for chart in charts)]
    color = inside[0].color if inside else "#888888"
    kept += [Picture(chart, PictureKind.CHART, color) for chart in charts]
    lines = [r for r in rules if not any(chart.contains(r.box, 1) for chart in charts)]
    return kept, lines


def _is_bar(box: Box) -> bool:
    return box.w <= _BAR_WIDTH and box.h >= max(box.w, _BAR_HEIGHT)


def _bounds(boxes: Sequence[Box]) -> Box:
    result = boxes[0]
    for box in boxes[1:]:
        result = result.union(box)
    return result
