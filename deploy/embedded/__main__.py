"""Runs chosen parts of the embedded stack until Ctrl-C; `structra up` runs all of it.

Examples:
    python -m deploy.embedded postgres redis s3 qdrant   # the stores only
    python -m deploy.embedded --json postgres            # prints the settings as JSON
"""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from deploy.embedded.catalogue import ALL_PARTS
from deploy.embedded.errors import StackError
from deploy.embedded.folder import state_folder
from deploy.embedded.runner import PartRunner
from deploy.embedded.stack import EmbeddedStack, StackOptions


def _tell(runner: PartRunner) -> None:
    sys.stderr.write(f"{runner.part.name}: {runner.state}\n")


async def _run(options: StackOptions, *, as_json: bool) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    running = asyncio.current_task()
    started = False

    def end() -> None:
        if started or running is None:
            stop.set()
        else:
            running.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, end)
    async with EmbeddedStack(options) as stack:
        started = True
        shown = {"urls": dict(stack.urls), "environment": dict(stack.env())}
        if as_json:
            sys.stdout.write(json.dumps(shown) + "\n")
        else:
            sys.stdout.writelines(f"{name}  {url}\n" for name, url in stack.urls.items())
        sys.stdout.flush()
        await stop.wait()


def main() -> int:
    """Runs the parts that the arguments name."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.embedded",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "parts",
        nargs="*",
        default=list(ALL_PARTS),
        metavar="PART",
        help="; ".join(["which parts to run, all by default", ", ".join(ALL_PARTS)]),
    )
    parser.add_argument("--servers", type=int, default=2, help="server replicas (2)")
    parser.add_argument("--workers", type=int, default=2, help="worker processes (2)")
    parser.add_argument(
        "--state-dir", type=Path, default=state_folder(), help="STRUCTRA_STATE_DIR, or .state"
    )
    parser.add_argument("--json", action="store_true", help="print URLs and settings as JSON")
    options = parser.parse_args()
    stack = StackOptions(
        parts=options.parts,
        servers=options.servers,
        workers=options.workers,
        state_dir=options.state_dir,
        on_change=_tell,
    )
    try:
        asyncio.run(_run(stack, as_json=options.json))
    except StackError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    except asyncio.CancelledError:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
