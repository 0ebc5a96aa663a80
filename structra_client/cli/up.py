"""`structra up`: the whole service on this machine, and a first analysis through it."""

from __future__ import annotations

import asyncio
import signal
import sys
import time
from importlib import resources
from pathlib import Path

from rich.live import Live
from rich.table import Table

from deploy.embedded.errors import StackError
from deploy.embedded.runner import PartRunner, PartState
from deploy.embedded.stack import EmbeddedStack, StackOptions
from structra_client.cli.administration import make_key
from structra_client.cli.analyze import Wanted, analyze_files
from structra_client.cli.connection import KEY_FILE, Connection
from structra_client.cli.output import console, errors
from structra_client.errors import StructraError

_DEVELOPER = "developer@localhost"
_COLORS = {
    PartState.READY: "green",
    PartState.DONE: "green",
    PartState.CRASHED: "red",
    PartState.FAILED: "red",
    PartState.WAITING: "dim",
}
_INTERRUPTED = 130
_SHOWN_FILES = 3
_SHOWN_LINES = 24


class _Board:
    """The parts and their states, redrawn whenever one changes."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._parts: dict[str, PartRunner] = {}
        self._started = time.monotonic()

    def changed(self, runner: PartRunner) -> None:
        self._parts[runner.part.name] = runner
        self._live.update(self.draw())

    def draw(self) -> Table:
        table = Table(
            title=f"Starting the embedded stack  [dim]{time.monotonic() - self._started:.0f} s[/]",
            title_justify="left",
            show_header=False,
            box=None,
        )
        for name, runner in self._parts.items():
            took = f"{runner.seconds_to_ready:.1f} s" if runner.seconds_to_ready else ""
            color = _COLORS.get(runner.state, "yellow")
            table.add_row(name, f"[{color}]{runner.state}[/]", took)
        return table


async def run_stack(*, demo: bool, servers: int, workers: int) -> int:
    """Starts the stack, analyses the sample, and stays up unless `demo`.

    Returns:
        The exit code: 0, or 1 when a part or the analysis failed.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        with Live(console=console, refresh_per_second=8, transient=not console.is_terminal) as live:
            board = _Board(live)
            stack = EmbeddedStack(
                StackOptions(servers=servers, workers=workers, on_change=board.changed)
            )
            if not await _start(stack, stop):
                return _INTERRUPTED
    except StackError as error:
        errors.print(f"[bold red]Error[/]: {error}")
        return 1
    try:
        return await _use(stack, stop, demo=demo)
    finally:
        console.print("Stopping ...", style="dim")
        await stack.__aexit__(*sys.exc_info())


async def _start(stack: EmbeddedStack, stop: asyncio.Event) -> bool:
    """Starts the stack and returns True, or False when `stop` was set before it was up."""
    starting = asyncio.create_task(stack.__aenter__())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            await starting
            return True
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
        return False
    finally:
        stopping.cancel()


async def _use(stack: EmbeddedStack, stop: asyncio.Event, *, demo: bool) -> int:
    connection = await _connection(stack)
    table = Table("part", "where", title="Listening", title_justify="left", box=None)
    for name, url in stack.urls.items():
        table.add_row(name, url)
    console.print(table)
    ok = await _first_analysis(connection)
    if demo or not ok:
        return 0 if ok else 1
    console.print(
        f"\nThe API is at [bold]{connection.url}[/], for gRPC, gRPC-web and REST."
        " In another terminal, in this folder:\n"
        "  structra analyze page.png --target tailwind --out site\n"
        f'  curl {connection.url}/v1/analyses -H "x-api-key: $(cat {_key_path(stack)})"\n'
        f"Logs are in {stack.options.state_dir / 'logs'}. Ctrl-C stops everything."
    )
    await stop.wait()
    return 0


def _key_path(stack: EmbeddedStack) -> Path:
    return stack.options.state_dir / KEY_FILE


async def _connection(stack: EmbeddedStack) -> Connection:
    """Returns how to call the stack, with a developer's key that is made once a state folder."""
    from stores.postgres.database import Database, DatabaseOptions

    path = _key_path(stack)
    if not path.exists():
        environment = stack.env()
        database = Database(DatabaseOptions(url=environment["DATABASE_URL"], pool_size=2))
        await database.open()
        try:
            key = await make_key(
                database,
                environment["API_KEY_SECRET"],
                email=_DEVELOPER,
                name="embedded stack",
                plan="enterprise",
            )
        finally:
            await database.close()
        path.touch(mode=0o600)
        path.write_text(key + "\n", "utf-8")
    return Connection(stack.urls["api"], path.read_text("utf-8").strip())


async def _first_analysis(connection: Connection) -> bool:
    """Analyses the bundled screenshot through Envoy and prints what came of it."""
    out = Path("structra-out") / "sample"
    sample = resources.files("structra_client") / "samples" / "landing.png"
    with resources.as_file(sample) as picture:
        console.print(f"\nAnalysing {picture.name} through Envoy ...", style="bold")
        wanted = Wanted(targets=["html-css"], out=out)
        outcome = (await analyze_files(connection, [(picture, 0)], wanted))[picture]
    if isinstance(outcome, StructraError):
        errors.print(f"Error {outcome.reason}: {outcome.message}", style="red", markup=False)
        return False
    await asyncio.to_thread(_show, out)
    return True


def _show(folder: Path) -> None:
    """Prints the beginning of the schema and of each code file."""
    files = [p for p in sorted(folder.rglob("*")) if p.suffix in {".json", ".html", ".css", ".tsx"}]
    for path in files[:_SHOWN_FILES]:
        lines = path.read_text("utf-8").splitlines()
        console.rule(f"{path} ({len(lines)} lines)", align="left")
        console.print("\n".join(lines[:_SHOWN_LINES]), markup=False, highlight=False)
        if len(lines) > _SHOWN_LINES:
            console.print(f"... {len(lines) - _SHOWN_LINES} more lines", style="dim")
    console.print(f"\nAll files, and the tree drawn over the screenshot, are in {folder}.")
