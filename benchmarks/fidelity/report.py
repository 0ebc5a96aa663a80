"""Shows the numbers beside their goals, and writes them down."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.fidelity.calibration import LEAST_PAGES, calibrate, correlation
from benchmarks.fidelity.measures import (
    CODE,
    COST,
    LOOK,
    STRUCTURE,
    Goal,
    PageScore,
    pool,
    pooled_f1,
)

# The specification's least rank correlation of predicted and measured fidelity.
CALIBRATION_GOAL = 0.6
_BY_TARGET: tuple[tuple[str, Sequence[Goal]], ...] = (("look", LOOK), ("code", CODE))
_ONCE: tuple[tuple[str, Sequence[Goal]], ...] = (("structure", STRUCTURE), ("cost", COST))


def summary(scores: Sequence[PageScore], targets: Sequence[str]) -> dict[str, Any]:
    """Returns means, goals and every page's numbers as plain data."""
    means = {name: value for name, _, value, _ in _rows(scores, targets) if value is not None}
    goals = {
        goal.key: {"goal": goal.goal, "at_least": goal.at_least}
        for goal in (*LOOK, *CODE, *STRUCTURE, *COST)
        if goal.goal is not None
    }
    return {
        "pages": [_page(score) for score in scores],
        "means": means,
        "goals": goals,
        "pooled": {
            key: value
            for key in sorted({key for score in scores for key in score.counts})
            if (value := pooled_f1(scores, key)) is not None
        },
        "calibration": {target: calibration(scores, target) for target in targets},
        "calibration_left_out": {target: left_out(scores, target) for target in targets},
    }


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Writes the numbers, rounded so that runs can be compared."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_rounded(data), indent=1, ensure_ascii=False) + "\n", "utf-8")


def show(console: Console, scores: Sequence[PageScore], targets: Sequence[str]) -> None:
    """Prints the means beside their goals."""
    failed = [score for score in scores if score.error]
    table = Table(title=f"Fidelity over {len(scores) - len(failed)} pages", title_justify="left")
    table.add_column("Measure")
    for target in targets:
        table.add_column(target, justify="right")
    table.add_column("Goal", justify="right")
    table.add_column("Pooled", justify="right")
    for group, goals in _BY_TARGET:
        for goal in goals:
            values = [_pooled(scores, group, goal, target) for target in targets]
            table.add_row(
                goal.title,
                *(_cell(goal, value) for value in values),
                _goal(goal),
                _pooled_cell(scores, f"{targets[0]}:{goal.key}"),
            )
        table.add_section()
    for group, goals in _ONCE:
        for goal in goals:
            value = _pooled(scores, group, goal, "")
            table.add_row(goal.title, _cell(goal, value), *("" for _ in targets[1:]), _goal(goal))
        table.add_section()
    rows = [
        ("Rank correlation predicted/measured", calibration, f"≥ {CALIBRATION_GOAL}"),
        ("  refitted with each page left out", left_out, ""),
    ]
    for title, measure, wanted in rows:
        values = [measure(scores, target) for target in targets]
        table.add_row(title, *("" if v is None else f"{v:.2f}" for v in values), wanted)
    console.print(table)
    for score in failed:
        console.print(f"[red]{score.id} failed:[/red] {score.error}")


def show_pages(console: Console, scores: Sequence[PageScore], target: str) -> None:
    """Prints each page's main numbers, worst first."""
    table = Table(title=f"Pages, {target}, worst first", title_justify="left")
    keys = [goal for goal in LOOK if goal.goal is not None]
    structure = [goal for goal in STRUCTURE if goal.key in {"kinds", "columns", "order"}]
    table.add_column("Page")
    table.add_column("All", justify="right")
    for goal in (*keys, *structure):
        table.add_column(goal.key, justify="right")
    for score in sorted(scores, key=lambda item: item.overall(target)):
        look = score.look.get(target, {})
        cells = [_cell(goal, look.get(goal.key)) for goal in keys]
        cells += [_cell(goal, score.structure.get(goal.key)) for goal in structure]
        table.add_row(score.id, f"{score.overall(target):.3f}", *cells)
    console.print(table)


def calibration(scores: Sequence[PageScore], target: str) -> float | None:
    """Returns Spearman's correlation of predicted and measured fidelity.

    None on too few pages or when either does not vary.
    """
    rows = [
        (score.predicted, score.overall(target))
        for score in scores
        if score.predicted is not None and target in score.look
    ]
    if len(rows) < LEAST_PAGES or len({row[0] for row in rows}) < 2:
        return None
    return correlation([row[0] for row in rows], [row[1] for row in rows])


def left_out(scores: Sequence[PageScore], target: str) -> float | None:
    """Returns the correlation when each page is predicted by weights fitted to the others."""
    rows = [score for score in scores if score.evidence and target in score.look]
    found = calibrate([row.evidence for row in rows], [row.overall(target) for row in rows])
    return None if found is None else found.left_out


def _rows(
    scores: Sequence[PageScore], targets: Sequence[str]
) -> Iterator[tuple[str, Goal, float | None, str]]:
    for group, goals in _BY_TARGET:
        for target in targets:
            for goal in goals:
                yield f"{target}:{goal.key}", goal, _pooled(scores, group, goal, target), target
    for group, goals in _ONCE:
        for goal in goals:
            yield goal.key, goal, _pooled(scores, group, goal, ""), ""


def _pooled(scores: Sequence[PageScore], group: str, goal: Goal, target: str) -> float | None:
    values = []
    for score in scores:
        numbers = getattr(score, group)
        if target:
            numbers = numbers.get(target, {})
        if goal.key in numbers:
            values.append(numbers[goal.key])
    return pool(goal, values)


def _cell(goal: Goal, value: float | None) -> str:
    if value is None:
        return "-"
    text = f"{value:.{goal.digits}f}"
    met = goal.met(round(value, 3))
    if met is None:
        return text
    return f"[green]{text}[/green]" if met else f"[red]{text}[/red]"


def _pooled_cell(scores: Sequence[PageScore], key: str) -> str:
    value = pooled_f1(scores, key)
    return "" if value is None else f"{value:.3f}"


def _goal(goal: Goal) -> str:
    if goal.goal is None:
        return ""
    return f"{'≥' if goal.at_least else '≤'} {goal.goal:g}"


def _page(score: PageScore) -> dict[str, Any]:
    return {
        "id": score.id,
        "kind": score.kind,
        "overall": {target: score.overall(target) for target in score.look},
        "look": score.look,
        "code": score.code,
        "structure": score.structure,
        "cost": score.cost,
        "counts": score.counts,
        "predicted": score.predicted,
        "evidence": score.evidence,
        "losses": score.losses,
        "error": score.error,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
