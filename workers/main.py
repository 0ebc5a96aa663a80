"""The worker process: `python -m workers.main`."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs until SIGTERM or SIGINT, then drains."""
    # gRPC reads it when it is first imported. Its handlers of fork() stop its threads for the sake
    # of children that go on using it; ours (browser, CPU processes) run programs of their own.
    os.environ["GRPC_ENABLE_FORK_SUPPORT"] = "0"
    # Every CPU process imports this module again, being started by it, and needs none of the rest.
    from workers.program import run  # noqa: PLC0415

    sys.exit(run())


if __name__ == "__main__":
    main()
