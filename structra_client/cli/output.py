"""What commands write: files of an analysis, and messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import grpc
import orjson
import typer
from rich.console import Console
from rich.table import Table
from structra.v1 import analysis_pb2, canonical_schema_pb2, code_service_pb2, node_pb2

from structra_client.errors import StructraError

console = Console()
errors = Console(stderr=True)

_ADVICE = {
    "UNAUTHENTICATED": "Check the API key (--api-key or STRUCTRA_API_KEY).",
    "UNAVAILABLE": "Check that the service runs: `structra health`.",
}


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Prints an error of the service as a message that says what to do, and exits with 1."""
    try:
        yield
    except StructraError as error:
        reason = f" ({error.reason})" if error.reason else ""
        errors.print(f"[bold red]Error[/]{reason}: ", end="")
        errors.print(error.message, markup=False)
        for field, problem in error.field_violations.items():
            errors.print(f"  {field}: {problem}", markup=False)
        if error.retry_after_seconds is not None:
            errors.print(f"  Try again in {error.retry_after_seconds:.0f} s.")
        elif not error.reason and error.status in _ADVICE:
            errors.print(f"  {_ADVICE[error.status]}")
        raise typer.Exit(1) from error
    except TimeoutError as error:
        errors.print(
            "[bold red]Error[/]: the analysis was not finished in time. It goes on: see"
            " `structra list`, or wait longer with --timeout."
        )
        raise typer.Exit(1) from error
    except (OSError, ValueError) as error:
        errors.print("[bold red]Error[/]: ", end="")
        errors.print(str(error), markup=False)
        raise typer.Exit(1) from error


def status_name(code: int) -> str:
    """Returns the name of a gRPC status code."""
    return next((s.name for s in grpc.StatusCode if s.value[0] == code), str(code))


def short(enum_name: str, prefix: str) -> str:
    """Returns an enum value's name as people read it: lower case, without its prefix."""
    return enum_name.removeprefix(prefix).lower().replace("_", " ")


def state_name(analysis: analysis_pb2.Analysis) -> str:
    """Returns an analysis' state as people read it."""
    return short(analysis_pb2.AnalysisState.Name(analysis.state), "ANALYSIS_STATE_")


def stage_name(stage: analysis_pb2.AnalysisStage.ValueType) -> str:
    """Returns a stage as people read it."""
    return short(analysis_pb2.AnalysisStage.Name(stage), "ANALYSIS_STAGE_")


def write_schema(analysis: analysis_pb2.Analysis, folder: Path) -> Path:
    """Writes `schema.json` in the published spelling, and returns its path."""
    from engine.schema import to_json

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "schema.json"
    path.write_bytes(orjson.dumps(to_json(analysis.result.schema), option=orjson.OPT_INDENT_2))
    return path


def write_code(bundle: code_service_pb2.CodeBundle, folder: Path) -> list[Path]:
    """Writes the files of one target below `folder`, and returns their paths.

    Raises:
        ValueError: When a file's path would lead out of the folder.
    """
    written = []
    for file in bundle.files:
        relative = PurePosixPath(file.path)
        if relative.is_absolute() or ".." in relative.parts:
            raise ValueError(f"The service named a file outside of the folder: {file.path}")
        path = folder / relative
        path.parent.mkdir(parents=True, exist_ok=True)
        if file.WhichOneof("content") == "data":
            path.write_bytes(file.data)
        else:
            path.write_text(file.text, "utf-8")
        written.append(path)
    return written


def print_outcome(name: str, analysis: analysis_pb2.Analysis) -> None:
    """Prints how an analysis was made and how far to trust it."""
    result = analysis.result
    schema, provenance, assessment = result.schema, result.provenance, result.assessment
    cache = short(analysis_pb2.CacheKind.Name(analysis.cache.kind), "CACHE_KIND_")
    table = Table(title=f"{name}  [dim]{analysis.id}[/]", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_row("cache", cache)
    table.add_row(
        "made by",
        ", ".join(f"{r.role}: {r.provider} {r.model}".rstrip() for r in provenance.roles)
        + (" (degraded)" if provenance.degraded else ""),
    )
    for skipped in provenance.skipped:
        table.add_row("passed over", f"{skipped.provider}: {skipped.reason}")
    table.add_row(
        "stages",
        "  ".join(f"{stage_name(s.stage)} {s.milliseconds:,.0f} ms" for s in provenance.stages),
    )
    table.add_row(
        "found",
        f"{len(schema.sections)} sections, {len(schema.components)} components,"
        f" {_count_nodes(schema.root)} elements",
    )
    table.add_row(
        "trust",
        f"look {_level(assessment.visual_confidence)},"
        f" structure {_level(assessment.structural_confidence)},"
        f" expected fidelity {assessment.predicted_fidelity:.2f}",
    )
    if result.HasField("verification"):
        table.add_row("verified", _verification(result))
    for assumption in list(schema.assumptions)[:3]:
        table.add_row("assumed", assumption)
    console.print(table)


def _verification(result: analysis_pb2.AnalysisResult) -> str:
    found = result.verification
    if not found.verified:
        return f"no: {found.reason}"
    s = found.scores
    return (
        f"{found.target}: block {s.block:.2f}, text {s.text:.2f}, position {s.position:.2f},"
        f" color {s.color:.2f}, structure {s.structural:.2f}"
    )


def _level(level: canonical_schema_pb2.ConfidenceLevel.ValueType) -> str:
    return short(canonical_schema_pb2.ConfidenceLevel.Name(level), "CONFIDENCE_LEVEL_")


def _count_nodes(node: node_pb2.Node) -> int:
    return 1 + sum(_count_nodes(child) for child in node.children)
