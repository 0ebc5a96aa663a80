"""`make bench`: the service's speed against its limits, in one run.

Rates are calls per second with 32 callers on the machine that serves them, so
only the ratios mean something. Writes `build/bench.json`:
`{name: {value, unit, baseline, ratio}}`, where `ratio` is value / value of the
row that `baseline` names.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.cold import measure_cold
from benchmarks.hot import measure_hot
from benchmarks.rows import Row, as_document

OUT = Path("build/bench.json")


async def _run(seconds: float, cold_pages: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="structra-bench-") as folder:
        rows = await measure_hot(Path(folder), seconds)
        rows += await measure_cold(Path(folder), cold_pages)
    return rows


def _print(rows: list[Row]) -> None:
    table = Table("what", "value", "unit", "ratio", "of", title="Structra, one run")
    ratios = as_document(rows)
    for row in rows:
        ratio = ratios[row.name]["ratio"]
        table.add_row(
            row.name,
            f"{row.value:,.1f}",
            row.unit,
            "" if ratio is None else f"{ratio:.2f}",
            row.baseline or "",
        )
    Console().print(table)


def main() -> None:
    """Runs the benchmark and prints its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="measured time of each rate")
    parser.add_argument("--cold-pages", type=int, default=12, help="cold analyses to measure")
    options = parser.parse_args()
    rows = asyncio.run(_run(options.seconds, options.cold_pages))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(orjson.dumps(as_document(rows), option=orjson.OPT_INDENT_2))
    _print(rows)


if __name__ == "__main__":
    main()
