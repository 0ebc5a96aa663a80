"""`structra code` and `structra validate`: work on schema.json files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from structra.v1 import canonical_schema_pb2

from structra_client.cli.connection import Connection
from structra_client.cli.output import console, write_code
from structra_client.client import StructraClient


async def generate(connection: Connection, source: str, target: str, out: Path) -> None:
    """Generates code from a schema file or an analysis and writes it."""
    from engine.schema import from_json

    schema = from_json(_read(Path(source))) if source.endswith(".json") else source
    async with StructraClient(connection.url, connection.api_key) as client:
        answer = await client.generate_code(schema, target)
    for written in write_code(answer.code, out):
        console.print(str(written))
    for warning in answer.warnings:
        console.print(f"warning {warning.path}: {warning.message}", style="yellow", markup=False)


async def validate_file(connection: Connection, path: Path) -> bool:
    """Prints the problems of a schema file and returns whether code can be generated."""
    async with StructraClient(connection.url, connection.api_key) as client:
        answer = await client.validate(_read(path))
    for problem in answer.problems:
        is_error = problem.severity == canonical_schema_pb2.PROBLEM_SEVERITY_ERROR
        name, style = ("error", "red") if is_error else ("warning", "yellow")
        console.print(f"{name} {problem.path}: {problem.message}", style=style, markup=False)
    console.print("Code can be generated." if answer.valid else "Code cannot be generated.")
    return answer.valid


def _read(path: Path) -> dict[str, Any]:
    try:
        document = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise ValueError(f"{path} is no JSON: {error}") from error
    if not isinstance(document, dict):
        raise ValueError(f"{path} holds no JSON object")  # noqa: TRY004 - it is the value's fault
    return document
