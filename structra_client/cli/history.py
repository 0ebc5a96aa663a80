"""`structra get` and `structra list`: what was analysed before."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from structra.v1 import analysis_pb2

from structra_client.cli.connection import Connection
from structra_client.cli.output import (
    console,
    print_outcome,
    state_name,
    status_name,
    write_code,
    write_schema,
)
from structra_client.client import StructraClient


async def show(connection: Connection, analysis_id: str, out: Path | None) -> None:
    """Prints one analysis, and writes its schema and code when `out` is given."""
    async with StructraClient(connection.url, connection.api_key) as client:
        analysis = await client.get(analysis_id)
    if analysis.state != analysis_pb2.ANALYSIS_STATE_SUCCEEDED:
        console.print(f"{analysis.id}  {state_name(analysis)}  {analysis.progress.percent:.0f} %")
        if analysis.HasField("error"):
            message = f"{status_name(analysis.error.code)}: {analysis.error.message}"
            console.print(message, style="red", markup=False)
        return
    print_outcome("analysis", analysis)
    if out is not None:
        write_schema(analysis, out)
        for bundle in analysis.result.code:
            write_code(bundle, out / bundle.target if len(analysis.result.code) > 1 else out)
        console.print(f"Written to {out}")


async def list_analyses(connection: Connection, limit: int) -> None:
    """Prints the newest analyses as a table."""
    table = Table("id", "state", "created", "project")
    token, left, total = "", limit, 0
    async with StructraClient(connection.url, connection.api_key) as client:
        while left > 0:
            page = await client.list(page_size=min(left, 100), page_token=token)
            for analysis in page.analyses:
                created = analysis.create_time.ToDatetime().strftime("%Y-%m-%d %H:%M:%S")
                table.add_row(analysis.id, state_name(analysis), created, analysis.project_id)
            left -= len(page.analyses)
            token, total = page.next_page_token, page.total_size
            if not token:
                break
    console.print(table)
    console.print(f"{table.row_count} of {total}", style="dim")
