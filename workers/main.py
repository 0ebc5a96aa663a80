"""The worker process: `python -m workers.main`."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs until SIGTERM or SIGINT, then drains."""
    # Every CPU process imports this module again, being started by it, and needs none of the rest.
    from workers.program import run  # noqa: PLC0415

    sys.exit(run())


if __name__ == "__main__":
    main()
