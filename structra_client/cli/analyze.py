"""`structra analyze`: screenshots in, schema, code and overlay out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from structra.v1 import analysis_pb2

from structra_client.cli.connection import Connection
from structra_client.cli.output import (
    console,
    print_outcome,
    stage_name,
    write_code,
    write_schema,
)
from structra_client.client import StructraClient
from structra_client.errors import StructraError

_CONCURRENT = 4

TakenFile = tuple[Path, int]
"""A picture's file and the width of its viewport in CSS pixels; 0 when the picture tells."""


@dataclass(frozen=True)
class Wanted:
    """What to make of each file.

    With `one_page` all files show one page; else each shows a page of its own.
    """

    targets: Sequence[str]
    out: Path
    text: str = ""
    verify: bool = False
    assets: bool = False
    fresh: bool = False
    timeout_seconds: float = 300.0
    one_page: bool = False


@dataclass(frozen=True)
class _Page:
    """The files that show a page, each with its viewport's width, and the folder for its parts."""

    taken: Sequence[TakenFile]
    folder: Path

    @property
    def files(self) -> list[Path]:
        return [file for file, _ in self.taken]

    @property
    def name(self) -> str:
        return " + ".join(file.name for file in self.files)


async def analyze_files(
    connection: Connection, taken: Sequence[TakenFile], wanted: Wanted
) -> dict[Path, analysis_pb2.Analysis | StructraError]:
    """Analyses files side by side and writes what they come to.

    Args:
        connection: The service.
        taken: The files with their viewports' widths in CSS pixels; with 0 the picture tells.
        wanted: What to make of each.

    One page writes into `wanted.out`, several into a folder each below it.

    Returns:
        For each page, by its first file, its analysis, or the error it met; one
        failure does not stop the others.
    """
    outcomes: dict[Path, analysis_pb2.Analysis | StructraError] = {}
    places = asyncio.Semaphore(_CONCURRENT)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[stage]}"),
        TimeElapsedColumn(),
        console=console,
        transient=not console.is_terminal,
    ) as progress:
        async with StructraClient(
            connection.url, connection.api_key, timeout_seconds=wanted.timeout_seconds
        ) as client:

            async def one(page: _Page) -> None:
                bar = progress.add_task(page.name, total=100, stage="waiting")

                def moved(analysis: analysis_pb2.Analysis) -> None:
                    stage = stage_name(analysis.progress.stage)
                    progress.update(bar, completed=analysis.progress.percent, stage=stage)

                async with places:
                    try:
                        analysis = await client.analyze(
                            page.files,
                            targets=wanted.targets,
                            text=wanted.text,
                            options=_options(wanted),
                            cache_policy=analysis_pb2.CACHE_POLICY_BYPASS
                            if wanted.fresh
                            else analysis_pb2.CACHE_POLICY_DEFAULT,
                            viewport_widths=[width for _, width in page.taken],
                            on_progress=moved,
                        )
                        rendered = await _rendered(client, analysis)
                    except StructraError as error:
                        progress.update(bar, stage="[red]failed")
                        outcomes[page.files[0]] = error
                        return
                    progress.update(bar, completed=100, stage="[green]done")
                    await asyncio.to_thread(_write, page, analysis, rendered)
                    outcomes[page.files[0]] = analysis

            await asyncio.gather(*(one(page) for page in _pages(taken, wanted)))
    for file, outcome in outcomes.items():
        if isinstance(outcome, analysis_pb2.Analysis):
            print_outcome(file.name, outcome)
    return outcomes


def _pages(taken: Sequence[TakenFile], wanted: Wanted) -> list[_Page]:
    if wanted.one_page or len(taken) == 1:
        return [_Page(taken, wanted.out)]
    return [_Page([one], wanted.out / one[0].stem) for one in taken]


def _options(wanted: Wanted) -> analysis_pb2.AnalysisOptions:
    options = analysis_pb2.AnalysisOptions(verify=wanted.verify)
    options.code.assets = wanted.assets
    return options


async def _rendered(client: StructraClient, analysis: analysis_pb2.Analysis) -> bytes:
    """Returns the picture of the rendered code, b"" when none was kept."""
    digest = analysis.result.verification.picture_sha256
    return await client.download(digest) if digest else b""


def _write(page: _Page, analysis: analysis_pb2.Analysis, rendered: bytes) -> None:
    from engine.vision import PageImage, in_css_pixels
    from engine.vision.overlay import draw

    folder = page.folder
    schema_path = write_schema(analysis, folder)
    written = [schema_path]
    bundles = analysis.result.code
    for bundle in bundles:
        written += write_code(bundle, folder / bundle.target if len(bundles) > 1 else folder)
    picture = folder / "overlay.png"
    seen = [
        in_css_pixels(PageImage.from_file(file.read_bytes(), width or None)).pixels
        for file, width in page.taken
    ]
    widest = max(seen, key=lambda pixels: pixels.shape[1])
    picture.write_bytes(draw(widest, analysis.result.schema))
    written.append(picture)
    if rendered:
        picture = folder / "rendered.png"
        picture.write_bytes(rendered)
        written.append(picture)
    console.print(f"{page.name} -> " + ", ".join(str(path) for path in written), style="dim")
