"""The `structra` command.

Each command imports what it needs when it runs, so that help is quick.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from structra_client.cli.connection import Connection, find_connection

app = typer.Typer(
    name="structra",
    help="Turns UI designs into a validated schema, code and an honest assessment.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
)

Url = Annotated[str | None, typer.Option("--url", help="Service URL. [env: STRUCTRA_URL]")]
Key = Annotated[str | None, typer.Option("--api-key", help="API key. [env: STRUCTRA_API_KEY]")]


def _connect(url: str | None, api_key: str | None) -> Connection:
    return find_connection(url, api_key)


@app.command()
def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Analyse the sample, print the outcome, stop.")
    ] = False,
    servers: Annotated[int, typer.Option(min=1, max=16, help="Server replicas.")] = 2,
    workers: Annotated[int, typer.Option(min=1, max=16, help="Worker processes.")] = 2,
) -> None:
    """Starts the whole service on this machine: databases, servers, workers and Envoy.

    Examples:
      structra up                  # stays up until Ctrl-C

      structra up --demo           # analyses a sample and exits
    """
    from structra_client.cli.up import run_stack

    raise typer.Exit(asyncio.run(run_stack(demo=demo, servers=servers, workers=workers)))


@app.command()
def analyze(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="Screenshots: PNG, JPEG or WebP."),
    ],
    target: Annotated[
        list[str], typer.Option("--target", "-t", help="Code target; may be given several times.")
    ] = ["html-css"],  # noqa: B006 - typer copies it
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")] = Path(
        "structra-out"
    ),
    text: Annotated[str, typer.Option(help="What to know about the design, in words.")] = "",
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Render the code, measure it, and write rendered.png."),
    ] = False,
    assets: Annotated[
        bool, typer.Option("--assets", help="Cut pictures out of the source as files.")
    ] = False,
    one_page: Annotated[
        bool, typer.Option("--one-page", help="The files show one page at several viewports.")
    ] = False,
    viewport_width: Annotated[
        list[int] | None,
        typer.Option(
            "--viewport-width",
            "-w",
            min=1,
            max=16384,
            help="Width of a file's viewport in CSS pixels, in the order of the files. "
            "[default: as the picture tells]",
        ),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Compute anew, past the cache.")] = False,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait.")] = 300.0,
    url: Url = None,
    api_key: Key = None,
) -> None:
    """Analyses screenshots and writes schema.json, the code and overlay.png.

    Examples:
      structra analyze page.png --target tailwind --out site

      structra analyze home.png pricing.png -t react -t html-css -o out

      structra analyze desktop.png phone.png --one-page

      structra analyze retina.png --viewport-width 1440
    """
    from structra.v1 import analysis_pb2

    from structra_client.cli.analyze import Wanted, analyze_files
    from structra_client.cli.output import errors, friendly_errors
    from structra_client.errors import ViewportWidthsError
    from structra_client.viewports import with_viewport_widths

    try:
        taken = with_viewport_widths(files, viewport_width or ())
    except ViewportWidthsError as refused:
        raise typer.BadParameter("Give at most one --viewport-width for each file.") from refused
    wanted = Wanted(target, out, text, verify, assets, fresh, timeout, one_page)
    with friendly_errors():
        outcomes = asyncio.run(analyze_files(_connect(url, api_key), taken, wanted))
    failed = {f: o for f, o in outcomes.items() if not isinstance(o, analysis_pb2.Analysis)}
    for file, error in failed.items():
        if len(outcomes) == 1:
            with friendly_errors():
                raise error
        errors.print(f"{file}: {error.reason or error.status}: {error.message}", markup=False)
    if failed:
        raise typer.Exit(1)


@app.command()
def get(
    analysis_id: Annotated[str, typer.Argument(help="The analysis' id.")],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Folder to write schema and code to.")
    ] = None,
    url: Url = None,
    api_key: Key = None,
) -> None:
    """Shows one analysis, and writes its files when asked.

    Example:
      structra get 01998f7e-0000-7000-8000-000000000000 --out site
    """
    from structra_client.cli.history import show
    from structra_client.cli.output import friendly_errors

    with friendly_errors():
        asyncio.run(show(_connect(url, api_key), analysis_id, out))


@app.command("list")
def list_(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many.")] = 20,
    url: Url = None,
    api_key: Key = None,
) -> None:
    """Lists analyses, newest first.

    Example:
      structra list --limit 50
    """
    from structra_client.cli.history import list_analyses
    from structra_client.cli.output import friendly_errors

    with friendly_errors():
        asyncio.run(list_analyses(_connect(url, api_key), limit))


@app.command()
def code(
    source: Annotated[str, typer.Argument(help="A schema.json, or an analysis' id.")],
    target: Annotated[str, typer.Option("--target", "-t", help="Code target.")] = "html-css",
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder to write to.")] = Path(
        "structra-out"
    ),
    url: Url = None,
    api_key: Key = None,
) -> None:
    """Generates code from a schema, perhaps one that you edited.

    Examples:
      structra code schema.json --target react --out app

      structra code 01998f7e-0000-7000-8000-000000000000 -t tailwind
    """
    from structra_client.cli.output import friendly_errors
    from structra_client.cli.schema_files import generate

    with friendly_errors():
        asyncio.run(generate(_connect(url, api_key), source, target, out))


@app.command()
def validate(
    schema: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A schema.json.")],
    url: Url = None,
    api_key: Key = None,
) -> None:
    """Lists every problem of a schema; exits with 1 when code cannot be generated.

    Example:
      structra validate schema.json
    """
    from structra_client.cli.output import friendly_errors
    from structra_client.cli.schema_files import validate_file

    with friendly_errors():
        valid = asyncio.run(validate_file(_connect(url, api_key), schema))
    raise typer.Exit(0 if valid else 1)


@app.command()
def health(url: Url = None) -> None:
    """Shows which parts of the service are up; exits with 1 when one is down.

    Example:
      structra health --url http://127.0.0.1:8080
    """
    from structra_client.cli.health import show_health
    from structra_client.cli.output import friendly_errors

    with friendly_errors():
        healthy = show_health(find_connection(url, "none").url)
    raise typer.Exit(0 if healthy else 1)


def main() -> None:
    """Runs the command line."""
    from structra_client.cli.administration import db, keys
    from structra_client.cli.backup import backup
    from structra_client.cli.retention import prune_

    db.command("prune")(prune_)
    app.add_typer(keys, name="keys")
    app.add_typer(db, name="db")
    app.add_typer(backup, name="backup")
    app()


if __name__ == "__main__":
    main()
