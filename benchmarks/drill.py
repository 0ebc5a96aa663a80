"""What every drill is run by."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from deploy.embedded.catalogue import STORES
from deploy.embedded.stack import StackOptions

Drill = Callable[[argparse.Namespace, Path], Coroutine[None, None, bool]]


def parser_of(description: str | None) -> argparse.ArgumentParser:
    """Returns a parser without options; `description` is shown as it is."""
    return argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )


def add_replicas(parser: argparse.ArgumentParser) -> None:
    """Adds how many servers and workers there are."""
    parser.add_argument("--servers", type=int, default=2, help="server replicas (default: 2)")
    parser.add_argument("--workers", type=int, default=2, help="workers (default: 2)")


def replicas(options: argparse.Namespace, folder: Path) -> StackOptions:
    """Returns a stack of such replicas, without an Envoy and without a limit that matters."""
    return StackOptions(
        parts=(*STORES, "migrate", "server", "worker"),
        servers=options.servers,
        workers=options.workers,
        state_dir=folder / "state",
        standard_ports=False,
        settings={"RATE_LIMIT_ENTERPRISE": "1000000000"},
    )


def run(drill: Drill, options: argparse.Namespace) -> None:
    """Runs a drill in a folder of its own; exits with 1 when it failed."""
    with tempfile.TemporaryDirectory(prefix="structra-drill-") as name:
        folder = Path(name)
        # PostgreSQL runs as another user when this runs as root.
        folder.chmod(0o755)
        passed = asyncio.run(drill(options, folder))
    print("passed" if passed else "FAILED")
    sys.exit(0 if passed else 1)
