"""Fits the assessment's weights to measured pages, and says how far they can be trusted.

`python -m benchmarks.fidelity.calibration build/fidelity.json other/fidelity.json` prints the
weights for engine/assess/weights.py; docs/decisions/0011-calibration.md says why these.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import spearmanr

from engine.assess.weights import FITTED

# Strength of the ridge over features of unit variance, against fitting a few pages' noise.
_RIDGE = 8.0
# Rank correlation says nothing on fewer pages.
LEAST_PAGES = 8

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Line:
    """A prediction: the intercept plus weight times feature."""

    intercept: float
    weights: Mapping[str, float]

    def __call__(self, evidence: Mapping[str, float]) -> float:
        """Returns the predicted fidelity, not cut to 0 to 1."""
        return self.intercept + sum(w * evidence[name] for name, w in self.weights.items())


@dataclass(frozen=True, slots=True)
class Calibration:
    """Spearman's rank correlations of predicted and measured fidelity.

    `fitted` are the weights for all pages and their correlation; `left_out`
    correlates what is predicted for each page by weights fitted to the others.
    """

    line: Line
    fitted: float
    left_out: float


def fit(
    evidence: Sequence[Mapping[str, float]],
    measured: Sequence[float],
    names: Sequence[str] = FITTED,
) -> Line:
    """Returns the ridge regression of the measured fidelity on the named features."""
    features = np.array([[row[name] for name in names] for row in evidence], dtype=np.float64)
    scores = np.array(measured, dtype=np.float64)
    means, spread = features.mean(axis=0), features.std(axis=0)
    spread[spread == 0] = 1.0
    unit = (features - means) / spread
    gram = unit.T @ unit + _RIDGE * np.eye(len(names))
    weights = np.linalg.solve(gram, unit.T @ (scores - scores.mean())) / spread
    intercept = float(scores.mean() - means @ weights)
    return Line(intercept, dict(zip(names, (float(w) for w in weights), strict=True)))


def calibrate(
    evidence: Sequence[Mapping[str, float]],
    measured: Sequence[float],
    names: Sequence[str] = FITTED,
) -> Calibration | None:
    """Returns the weights and their correlations, None on too few pages."""
    if len(measured) < LEAST_PAGES:
        return None
    line = fit(evidence, measured, names)
    others = [
        fit(_without(evidence, index), _without(measured, index), names)(evidence[index])
        for index in range(len(measured))
    ]
    return Calibration(
        line, correlation([line(row) for row in evidence], measured), correlation(others, measured)
    )


def correlation(first: Sequence[float], second: Sequence[float]) -> float:
    """Returns Spearman's rank correlation, 0 when either does not vary."""
    if len(set(first)) < 2 or len(set(second)) < 2:
        return 0.0
    return float(spearmanr(first, second).statistic)


def _without(items: Sequence[_Item], index: int) -> list[_Item]:
    return [*items[:index], *items[index + 1 :]]


def main() -> None:
    """Prints the weights."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fidelity.calibration")
    parser.add_argument(
        "numbers",
        type=Path,
        nargs="*",
        default=[Path("build/fidelity.json")],
        help="what runs over one folder of pages each wrote (default: build/fidelity.json)",
    )
    parser.add_argument("--target", default="html-css")
    parser.add_argument("--features", default=",".join(FITTED), help="names, by commas")
    args = parser.parse_args()
    sets = {path: _rows(path, args.target) for path in args.numbers}
    rows = [row for found in sets.values() for row in found]
    evidence, measured = [row[0] for row in rows], [row[1] for row in rows]
    found = calibrate(evidence, measured, args.features.split(","))
    console = Console()
    if found is None:
        console.print(f"At least {LEAST_PAGES} pages are needed.")
        return
    table = Table("Feature", "Weight", "Correlation alone")
    table.add_row("(intercept)", f"{found.line.intercept:.3f}", "")
    for name, weight in found.line.weights.items():
        alone = correlation([row[name] for row in evidence], measured)
        table.add_row(name, f"{weight:.4f}", f"{alone:+.2f}")
    console.print(table)
    console.print(f"Rank correlation: {found.fitted:.2f} fitted, {found.left_out:.2f} left out")
    for path, own in sets.items() if len(sets) > 1 else ():
        within = correlation([found.line(row[0]) for row in own], [row[1] for row in own])
        rest = [row for other, found_there in sets.items() if other != path for row in found_there]
        line = fit([row[0] for row in rest], [row[1] for row in rest], list(found.line.weights))
        foreign = correlation([line(row[0]) for row in own], [row[1] for row in own])
        console.print(f"  {path}: {within:.2f} within, {foreign:.2f} fitted to the others alone")


def _rows(path: Path, target: str) -> list[tuple[Mapping[str, float], float]]:
    """Returns evidence and measured fidelity of every page of a run."""
    pages = json.loads(path.read_text("utf-8"))["pages"]
    return [
        (page["evidence"], page["overall"][target]) for page in pages if target in page["overall"]
    ]


if __name__ == "__main__":
    main()
