"""The rows of the benchmark's table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured value; `baseline` names the row that it is compared with."""

    name: str
    value: float
    unit: str
    baseline: str | None = None


def as_document(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """Returns `{name: {value, unit, baseline, ratio}}`; `ratio` is None without a baseline."""
    values = {row.name: row.value for row in rows}
    return {
        row.name: {
            "value": round(row.value, 3),
            "unit": row.unit,
            "baseline": row.baseline,
            "ratio": round(row.value / values[row.baseline], 4) if row.baseline else None,
        }
        for row in rows
    }
